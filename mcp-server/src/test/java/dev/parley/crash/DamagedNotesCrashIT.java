package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.crash.DamagedStoreCrashIT.Harm;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.office.Finding.Severity;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.store.upkeep.FileFinding;
import dev.parley.store.upkeep.StoreCheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a store holds beside mail, damaged while servers run on it: who works or rests, who was woken, which session a client
 * runs, and the locks. Nothing of it may cost a message.
 */
class DamagedNotesCrashIT {

    private static final String CLIENT = "carol-session";

    private static Peers peers;
    private static Agent alice;
    private static Agent bob;
    private static Agent carol;
    private static StoreCheck check;
    private static int number;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        List<Agent> agents = peers.joinAll("alice", "bob");
        alice = agents.get(0);
        bob = agents.get(1);
        carol = peers.keep(peers.agent()
                .client("claude-code")
                .with("CLAUDE_CODE_SESSION_ID", CLIENT)
                .underOwnParent()
                .start());
        carol.call("read_my_messages").ok();
        Lab lab = Lab.open(peers.home());
        check = new StoreCheck(lab.office().store(), lab.office().processes());
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
    }

    private static List<FileFinding> found() throws IOException {
        return check.check().stream()
                .filter(finding -> finding.severity() != Severity.LITTER)
                .toList();
    }

    private static boolean isFound(Path file) throws IOException {
        return found().stream().anyMatch(finding -> finding.file().equals(file));
    }

    /** A message from Alice that reaches its receiver, whatever the store is like; the result of sending it. */
    private static Result mailArrives(Agent receiver, String id) throws Exception {
        String body = "number " + ++number;
        Result sent = alice.call("send_message", "target", id, "body", body, "wake", "auto")
                .ok();
        assertEquals(body, receiver.awaitMail().at("/messages/0/body").asString());
        return sent;
    }

    private static void repair() throws Exception {
        check.repair();
        assertEquals(List.of(), found());
    }

    private static void write(Path file, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** It only decides whether a wake is worth while. */
    @ParameterizedTest
    @EnumSource
    void activity(Harm harm) throws Exception {
        Path file = peers.session("bob-session").resolve("activity");
        write(file, "idle\n");
        harm.to(file);
        assertTrue(isFound(file), harm::toString);
        alice.call("list_project_sessions").ok();
        mailArrives(bob, "bob-session");
        repair();
        mailArrives(bob, "bob-session");
    }

    /** It only makes wakes rarer; the next one writes it anew. */
    @ParameterizedTest
    @EnumSource
    void wakes(Harm harm) throws Exception {
        Path file = peers.session("bob-session").resolve("wakes");
        mailArrives(bob, "bob-session");
        harm.to(file);
        assertTrue(isFound(file), harm::toString);
        String status = mailArrives(bob, "bob-session").text("/wake_status");
        if (harm == Harm.DIRECTORY_INSTEAD) {
            assertEquals("skipped_store_error", status);
            repair();
        }
        assertEquals(List.of(), found(), "healed by the next wake");
        assertEquals("skipped_no_target", mailArrives(bob, "bob-session").text("/wake_status"));
    }

    /** A damaged id may look like another one: nobody must go over to it, and leave his mail behind. */
    @ParameterizedTest
    @EnumSource
    void whichSessionAClientRuns(Harm harm) throws Exception {
        Path file = peers.home()
                .resolve("clients")
                .resolve(LocalProcessTable.INSTANCE
                        .identify(carol.server().pid())
                        .orElseThrow()
                        .toString());
        write(file, CLIENT + "\n");
        Result before = carol.call("get_my_session").ok();
        assertEquals("claude_client_file", before.text("/detect_diagnosis/winning"));
        harm.to(file);
        assertTrue(isFound(file), harm::toString);
        assertEquals(CLIENT, carol.call("get_my_session").ok().text("/entry/client_session_id"));
        mailArrives(carol, CLIENT);
        repair();
        mailArrives(carol, CLIENT);
    }

    /** What stands in the place of a lock stops who needs that lock, tells him where it is, and stops nobody else. */
    @Test
    void aFileInThePlaceOfALock() throws Exception {
        Path lock = peers.home().resolve("locks/card-bob-session");
        write(lock, "no lock");
        refusedUntilRepaired(lock);
    }

    @Test
    void aDirectoryInThePlaceOfAnOwner() throws Exception {
        Path owner = peers.home().resolve("locks/card-bob-session/1.2.3.4");
        Files.createDirectories(
                owner, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        refusedUntilRepaired(owner);
    }

    private static void refusedUntilRepaired(Path inTheWay) throws Exception {
        Result refused =
                bob.call("set_my_state", "purpose", "cannot be written").failed("store-unavailable");
        assertTrue(refused.text("/message").contains(inTheWay.toString()), refused::toString);
        alice.call("set_my_state", "purpose", "can be written").ok();
        mailArrives(bob, "bob-session");
        assertTrue(isFound(inTheWay), inTheWay::toString);
        repair();
        bob.call("set_my_state", "purpose", "can be written now").ok();
    }

    /** Nobody knows whose it is, so it is displaced once it is older than a lease. */
    @Test
    void aForeignOwnerOfALock() throws Exception {
        Path owner = peers.home().resolve("locks/card-bob-session/nobody");
        Files.createDirectories(
                owner.getParent(), PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        write(owner, "");
        Files.setLastModifiedTime(owner, FileTime.fromMillis(System.currentTimeMillis() - 11_000));
        assertTrue(isFound(owner));
        bob.call("set_my_state", "purpose", "displaced it").ok();
        assertEquals(List.of(), found());
    }
}
