package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Letters;
import dev.parley.testing.Timing;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps a send from becoming dearer unseen: how many of the disk's verbs it takes, which no noise changes, and what it takes
 * beside two forced writes in the same run, which noise changes for both.
 */
final class SendGuardTest {

    private static final int SENDS = 100;
    private static final int PAIRS = 60;
    private static final int BYTES = 1024;

    /** It is about 1, and was seen at 4 on a machine with other work; more is a regression. */
    private static final double MOST_FORCED_WRITES = 4.5;

    /** Where a force costs nothing, as in memory, computing is all there is. */
    private static final double COMPUTING_NANOS = 1e6;

    private static final SessionId SENDER = new SessionId("sender");
    private static final SessionId RECEIVER = new SessionId("receiver");

    private final Map<String, Integer> verbs = new ConcurrentHashMap<>();
    private final Disk disk = CountedDisk.byVerb(Disk.local(Durability.POWER_CUT), verbs);
    private Path home;
    private Post post;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        home = Files.createDirectory(temp.resolve("home"));
        post = Post.over(Store.over(home, disk, InstantSource.system(), Trace.NONE), LocalProcessTable.INSTANCE);
        post.peers().register(post.registration(RECEIVER));
    }

    private void send() throws IOException {
        post.delivery().send(Letters.plain(SENDER, RECEIVER, "x".repeat(BYTES)), Delivery.Ring.YES);
    }

    private double perSend(String verb) {
        return (double) verbs.getOrDefault(verb, 0) / SENDS;
    }

    @Test
    void aSendForcesOneFileAndTwoDirectoriesAndListsNone() throws IOException {
        send();
        verbs.clear();
        for (int i = 0; i < SENDS; i++) {
            send();
        }
        assertEquals(1, perSend("createFile"), "files created and forced");
        assertEquals(1, perSend("link"), "second names");
        assertEquals(2, perSend("forceDirectory"), "directories forced");
        assertEquals(1, perSend("rename"), "renames");
        assertTrue(perSend("list") + perSend("deleteFile") < 0.2, () -> "directories listed now and then: " + verbs);
        assertTrue(perSend("isAbsent") <= 4, () -> "looks for moved_to: " + verbs);
        assertTrue(perSend("stat") + perSend("kind") <= 11, () -> "looks at names: " + verbs);
        assertEquals(
                Set.of("touch", "createFile", "forceDirectory", "link", "rename", "isAbsent", "kind"),
                verbs.keySet().stream()
                        .filter(verb -> perSend(verb) >= 0.5)
                        .collect(java.util.stream.Collectors.toSet()));
    }

    /** Its mark has no content, so that it is forced together with the names. */
    @Test
    void aRequestForcesNoMoreThanAPlainMessage() throws IOException {
        ask();
        verbs.clear();
        for (int i = 0; i < SENDS; i++) {
            ask();
        }
        assertEquals(1, perSend("createFile"), "files created and forced");
        assertEquals(1, perSend("createFile unforced"), "marks");
        assertEquals(1, perSend("link"), "second names");
        assertEquals(2, perSend("forceDirectory"), "directories forced");
        assertEquals(1, perSend("rename"), "renames");
        assertEquals(0, perSend("overwriteFile"));
        assertTrue(perSend("list") + perSend("deleteFile") < 0.2, () -> "directories listed now and then: " + verbs);
        assertTrue(perSend("isAbsent") <= 7, () -> "looks for moved_to: " + verbs);
    }

    private void ask() throws IOException {
        post.delivery()
                .send(Letters.question(SENDER, RECEIVER, RequestId.create(), "x".repeat(BYTES)), Delivery.Ring.YES);
    }

    @Test
    void aTicketForcesOneFileAndOneDirectory() throws IOException {
        for (Optional<Instant> due : List.of(Optional.<Instant>empty(), Optional.of(Letters.SENT))) {
            verbs.clear();
            for (int i = 0; i < SENDS; i++) {
                post.asks(RECEIVER)
                        .open(new PendingAsk(
                                RequestId.create(), MessageId.create(Optional.empty()), SENDER, Letters.SENT, due));
            }
            assertEquals(1, perSend("createFile"), "files created and forced");
            assertEquals(due.isPresent() ? 1 : 0, perSend("createFile unforced"), "notes");
            assertEquals(1, perSend("forceDirectory"), "directories forced");
        }
    }

    @Test
    void aChangeOfARequestForcesOneFileAndOneDirectory() throws Exception {
        Envelope request = Letters.question(SENDER, RECEIVER, RequestId.create(), "do it");
        post.delivery().send(request, Delivery.Ring.NO);
        verbs.clear();
        for (int i = 0; i < SENDS; i++) {
            var unused = post.work(RECEIVER).change(request.id(), WorkChange.of(Actor.OWNER, WorkState.WORKING));
        }
        assertEquals(1, perSend("overwriteFile"), "files forced");
        assertEquals(1, perSend("forceDirectory"), "directories forced");
        assertEquals(0, perSend("createFile"));
        assertTrue(perSend("list") <= 4, () -> "directories listed: " + verbs);
    }

    /** Counting who waits is a listing: it is done so seldom that its names do not weigh. */
    @Test
    void aSendStaysFlatWithEightThousandWaiting() throws IOException {
        Path waiting = home.resolve("sessions/receiver/mailbox/new");
        for (int i = 0; i < 8_000; i++) {
            SessionId sender = new SessionId("sender-" + i % 8);
            Files.createFile(
                    waiting.resolve(String.format("%016d-%s", 1_000 + i, MessageId.create(Optional.of(sender)))));
        }
        send();
        verbs.clear();
        for (int i = 0; i < SENDS; i++) {
            send();
        }
        // A listing is one verb; the names that it costs are those of one in sixty sends.
        assertTrue(verbs.getOrDefault("list", 0) <= 6, () -> "directories listed: " + verbs);
        assertEquals(0, verbs.getOrDefault("readFile", 0), "messages read");
        assertEquals(1, perSend("createFile"), "files created and forced");
        assertEquals(2, perSend("forceDirectory"), "directories forced");
    }

    @Test
    void aSendCostsLittleMoreThanTwoForcedWrites() throws IOException {
        double[] sends = new double[PAIRS];
        double[] floors = new double[PAIRS];
        byte[] content = new byte[BYTES];
        Path beside = Files.createDirectory(home.resolveSibling("beside"));
        for (int warm = 0; warm < PAIRS; warm++) {
            send();
        }
        for (int pair = 0; pair < PAIRS; pair++) {
            long start = System.nanoTime();
            send();
            long between = System.nanoTime();
            disk.createFile(beside.resolve("a" + pair), content, Disk.Sync.FORCED);
            disk.createFile(beside.resolve("b" + pair), content, Disk.Sync.FORCED);
            sends[pair] = between - start;
            floors[pair] = System.nanoTime() - between;
        }
        double ratio = median(sends) / median(floors);
        System.out.printf("MEASURED a send takes %.2f times as long as two forced writes%n", ratio);
        double limit = MOST_FORCED_WRITES * median(floors) + COMPUTING_NANOS;
        Timing.assertHolds(median(sends) < limit, "a send takes as long as " + 2 * ratio + " forced writes");
        post.mailbox(RECEIVER).claim(Budget.READ, Set.<RequestId>of()::contains).confirm();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
