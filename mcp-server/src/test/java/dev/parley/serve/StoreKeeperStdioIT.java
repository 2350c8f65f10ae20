package dev.parley.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a server sweeps its store when it has nothing else to do, seen from outside. Takes a lull: five seconds. */
@Tag("slow")
class StoreKeeperStdioIT {

    private static final Duration LONG = Duration.ofDays(31);

    private static void ended(Peers peers, String name) throws Exception {
        try (Agent agent = peers.agent().underOwnParent().start()) {
            agent.call("claim_session", "session_id", name + "-session").ok();
            agent.call("set_my_state", "name", name).ok();
        }
    }

    /** As if nothing had happened there for a long time. */
    private static void age(Path directory) throws Exception {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(LONG)));
            }
        }
    }

    private static List<Path> sessions(Peers peers) throws Exception {
        try (Stream<Path> sessions = Files.list(peers.home().resolve("sessions"))) {
            return sessions.toList();
        }
    }

    @Test
    void whoEndedLongAgoIsSweptInALullButNobodysUnreadMail(@TempDir Path root) throws Exception {
        try (Peers peers = new Peers(root)) {
            for (String name : List.of("read", "unread", "lately")) {
                ended(peers, name);
            }
            try (Agent sender = peers.agent().underOwnParent().start()) {
                sender.call("send_message", "target", "unread-session", "body", "keep this")
                        .ok();
            }
            for (Path session : sessions(peers)) {
                // With the ids that their servers made up before, which lead to them.
                if (!session.endsWith("lately-session")) {
                    age(session);
                }
            }
            // One of these servers may have had its lull.
            Files.deleteIfExists(peers.home().resolve("swept"));

            Agent quiet = peers.keep(peers.agent().start());
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .until(() -> Files.exists(peers.home().resolve("swept")));
            assertFalse(Files.exists(peers.session("read-session")));
            assertTrue(Files.exists(peers.session("lately-session")));
            try (Stream<Path> mail = Files.list(peers.session("unread-session").resolve("mailbox/new"))) {
                assertEquals(1, mail.count());
            }

            // Its holder comes back for it.
            quiet.call("claim_session", "session_id", "unread-session").ok();
            assertEquals("keep this", quiet.call("read_my_messages").ok().text("/messages/0/body"));
            peers.assertSound();
        }
    }
}
