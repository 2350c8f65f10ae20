package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.office.Finding.Severity;
import dev.parley.store.upkeep.FileFinding;
import dev.parley.store.upkeep.StoreCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Every kind of file of a store is damaged while servers run on it: every call is answered, the damage is found, and after
 * the repair everything works and every message that was acknowledged has been given.
 */
@Tag("slow")
class DamagedStoreCrashIT {

    /** Where, below the store; the newest file if it names a directory with a slash at its end. */
    private static final List<String> PLACES = List.of(
            "sessions/bob-session/session.json",
            "sessions/bob-session/mailbox/new/",
            "sessions/bob-session/mailbox/cur/",
            "sessions/bob-session/mailbox/shown/",
            "sessions/bob-session/ledger/",
            "sessions/alice-session/asks/");

    private static Peers peers;
    private static Agent alice;
    private static Agent bob;
    private static StoreCheck check;
    private static final Referee REFEREE = new Referee();
    private static int number;

    /**
     * What happens to a file: another has its name from then on. A message and its record are one file with two names, so
     * where its content is damaged nothing is left to make it from; StoreDamagePropertyTest does that.
     */
    enum Harm {
        /** Its second half is gone. */
        CUT_SHORT,
        /** One bit in its middle is another. */
        BIT_FLIPPED,
        /** Nothing is left of it but its name. */
        EMPTIED,
        /** A directory has its name. */
        DIRECTORY_INSTEAD;

        void to(Path file) throws IOException {
            byte[] content = Files.readAllBytes(file);
            switch (this) {
                case CUT_SHORT -> replace(file, Arrays.copyOf(content, content.length / 2));
                case BIT_FLIPPED -> {
                    content[content.length / 2] ^= 1;
                    replace(file, content);
                }
                case EMPTIED -> replace(file, new byte[0]);
                case DIRECTORY_INSTEAD -> {
                    Files.delete(file);
                    Files.createDirectory(file);
                }
            }
        }

        private static void replace(Path file, byte[] content) throws IOException {
            Files.delete(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(file, content);
        }
    }

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        List<Agent> agents = peers.joinAll("alice", "bob");
        alice = agents.get(0);
        bob = agents.get(1);
        Lab lab = Lab.open(peers.home());
        check = new StoreCheck(lab.office().store(), lab.office().processes());
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
        REFEREE.judgeAllButOrder();
        System.out.println("crash: damaged files: " + REFEREE.summary());
    }

    private static Result send() throws Exception {
        String body = "alice/" + ++number;
        REFEREE.hear("try " + body);
        Result sent = alice.call("send_message", "target", "bob-session", "body", body);
        if (sent.at("/ok").booleanValue()) {
            REFEREE.hear("ack " + body);
        }
        return sent;
    }

    private static Result read() throws Exception {
        Result read = bob.call("read_my_messages");
        if (read.at("/ok").booleanValue()) {
            for (JsonNode message : read.at("/messages")) {
                String body = message.path("body").asString();
                if (body.startsWith("alice/")) {
                    REFEREE.hear((message.path("redelivered").asBoolean(false) ? "again " : "first ") + body);
                }
            }
        }
        return read;
    }

    private static List<FileFinding> errors() throws IOException {
        return check.check().stream()
                .filter(finding -> finding.severity() == Severity.ERROR)
                .toList();
    }

    private static Optional<Path> at(String place) throws IOException {
        Path path = peers.home().resolve(place);
        if (!place.endsWith("/")) {
            return Optional.of(path);
        }
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.toString().contains(","))
                    .max((a, b) ->
                            a.getFileName().toString().compareTo(b.getFileName().toString()));
        }
    }

    /** Harms the newest file of a place; a claim may be renamed under our hands, when its answer has been written. */
    private static Path harmed(String place, Harm harm) throws IOException {
        while (true) {
            try {
                Path file = at(place).orElseThrow(() -> new AssertionError("nothing is in " + place));
                harm.to(file);
                return file;
            } catch (NoSuchFileException | UncheckedIOException e) {
                // It has another path now: look again. Its server has nothing more to do soon, and then it keeps it.
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFoundAndRepairedUnderRunningServers(Harm harm) throws Exception {
        for (String place : PLACES) {
            alice.call("ask_peer", "target", "bob-session", "body", "any news?", "timeout_ms", 1)
                    .ok();
            read().ok();
            send().ok();
            Path file = harmed(place, harm);
            assertNotEquals(List.of(), errors(), harm + " of " + file);

            // Each is answered in the form of a result, whether it can succeed or not.
            send();
            read();
            alice.call("list_project_sessions").ok();
            bob.call("send_message", "target", "alice-session", "body", "back");

            check.repair();
            assertEquals(List.of(), errors(), "after the repair of " + harm + " of " + file);
            // Its server writes a card again that was set aside; until then nobody could find it.
            read().ok();
            send().ok();
            read().ok();
            assertEquals(0, read().ok().at("/count").asInt(), harm + " of " + file);
            alice.call("read_my_messages").ok();
        }
        assertEquals(Set.of(), REFEREE.missing(), harm::toString);
    }

    @Test
    void theCommandSaysSoAndRepairs() throws Exception {
        send().ok();
        Harm.BIT_FLIPPED.to(at("sessions/bob-session/mailbox/new/").orElseThrow());
        assertEquals(4, Command.run(peers, "check").exit());
        Command repair = Command.run(peers, "check", "--repair");
        assertEquals(0, repair.exit(), repair.output());
        Command after = Command.run(peers, "check");
        assertEquals(0, after.exit(), after.output());
        assertEquals(1, read().ok().at("/count").asInt());
    }

    @Test
    void aPointerToNowhereStopsTheSenderAndIsFound() throws Exception {
        Files.write(peers.session("bob-session").resolve("moved_to"), "../../etc\n".getBytes(UTF_8));
        Result refused = send().failed("store-unavailable");
        assertTrue(refused.text("/message").contains("moved_to"), refused::toString);
        assertNotEquals(List.of(), errors());
        check.repair();
        assertEquals(List.of(), errors());
        send().ok();
        read().ok();
    }

    /** Which layout this is cannot be guessed: nobody starts on such a store, and who runs already goes on. */
    @ParameterizedTest
    @EnumSource
    void aDamagedFormatIsRefusedWithWhatToDo(Harm harm) throws Exception {
        Path format = peers.home().resolve("format");
        byte[] content = Files.readAllBytes(format);
        harm.to(format);
        Command refused = Command.run(peers, "check");
        assertEquals(4, refused.exit(), refused.output());
        assertTrue(refused.output().contains("restore the file with the one line 'parley 1'"), refused.output());
        send().ok();
        Files.deleteIfExists(format);
        Files.write(format, content);
        assertEquals(0, Command.run(peers, "check").exit());
        read().ok();
    }
}
