package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.lock.OwnerToken;
import dev.parley.store.process.LocalProcessTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What processes left behind whose numbers others have by now, of before the last boot, and of before the clock was set. */
@Tag("slow")
class AnotherWorldCrashIT {

    /** Whoever held something, as it looks to those who live now. */
    enum Holder {
        /** A living process has its number: this one. */
        NUMBER_USED_AGAIN {
            @Override
            ProcessIdentity identity() {
                return new ProcessIdentity(SELF.pid(), SELF.start() - 1, SELF.scope());
            }
        },
        /** It ran before the machine was started anew; number and start may be anybody's now. */
        ANOTHER_BOOT {
            @Override
            ProcessIdentity identity() {
                return new ProcessIdentity(SELF.pid(), SELF.start(), "0123456789abn1");
            }
        };

        private static final ProcessIdentity SELF = LocalProcessTable.INSTANCE.self();

        abstract ProcessIdentity identity();
    }

    private static final Duration MORE_THAN_A_LEASE = Duration.ofSeconds(11);

    @TempDir
    Path root;

    private Peers peers;
    private Agent alice;

    @BeforeEach
    void start() throws Exception {
        peers = new Peers(root);
        alice = join("alice");
    }

    /** An agent that its test ends is not kept: to close it a second time would find it dead. */
    private Agent join(String name) throws Exception {
        Agent agent = peers.agent().start();
        agent.call("claim_session", "session_id", name + "-session").ok();
        return agent;
    }

    @AfterEach
    void everythingIsSound() throws Exception {
        alice.close();
        peers.close();
        peers.assertSound();
    }

    private static Path only(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            List<Path> all = entries.toList();
            assertEquals(1, all.size(), all::toString);
            return all.get(0);
        }
    }

    /** Makes it look as if that process held the lock under which Bob's card is changed. */
    private Path hold(ProcessIdentity holder, Duration since) throws IOException {
        Path lock = peers.home().resolve("locks/card-bob-session");
        Files.createDirectories(
                lock, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path owner = lock.resolve(OwnerToken.of(holder).toString());
        Files.createFile(owner, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.setLastModifiedTime(owner, FileTime.fromMillis(System.currentTimeMillis() - since.toMillis()));
        return owner;
    }

    @ParameterizedTest
    @EnumSource
    void whatItHeldGoesToWhoLivesNow(Holder holder) throws Exception {
        Agent first = join("bob");
        alice.call("send_message", "target", "bob-session", "body", "hello").ok();
        assertEquals("hello", first.awaitMail().at("/messages/0/body").asString());
        first.kill();
        Path claim = only(peers.session("bob-session").resolve("mailbox/cur"));
        String phase = claim.getFileName().toString().substring(0, 2);
        Files.move(claim, claim.resolveSibling(phase + OwnerToken.of(holder.identity())));
        // A lease counts only for who cannot be judged: the other has another start than it says.
        hold(holder.identity(), holder == Holder.ANOTHER_BOOT ? MORE_THAN_A_LEASE : Duration.ZERO);

        Agent bob = peers.join("bob");
        JsonNode again = bob.awaitMail().at("/messages/0");
        assertEquals("hello", again.path("body").asString());
        assertTrue(again.path("redelivered").asBoolean(), again::toString);
    }

    /**
     * Set back, it would give a holder a lease of an hour, and let new mail overtake what waits; set forward, every lease looks
     * over: a living holder is displaced, which costs him his turn and nobody mail.
     */
    @ParameterizedTest
    @ValueSource(ints = {-1, 1})
    void aClockThatIsSetStopsNobody(int hours) throws Exception {
        Duration ago = Duration.ofHours(hours);
        Agent bob = peers.join("bob");
        alice.call("send_message", "target", "bob-session", "body", "before").ok();
        Path waiting = only(peers.session("bob-session").resolve("mailbox/new"));
        String name = waiting.getFileName().toString();
        long then = Long.parseLong(name.substring(0, 16)) - ago.toNanos() / 1000;
        Files.move(waiting, waiting.resolveSibling(String.format("%016d", then) + name.substring(16)));
        Path owner = hold(LocalProcessTable.INSTANCE.self(), ago);

        // The same server would remember what it sent last; a new one has only the names to go by.
        alice.close();
        alice = join("alice");
        alice.call("send_message", "target", "bob-session", "body", "after").ok();
        bob.call("set_my_state", "purpose", "does not wait for an hour").ok();
        assertTrue(Files.notExists(owner));
        JsonNode messages = bob.awaitMail().at("/messages");
        assertEquals("before", messages.path(0).path("body").asString(), messages::toString);
        assertEquals("after", messages.path(1).path("body").asString(), messages::toString);
    }
}
