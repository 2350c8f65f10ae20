package dev.parley.store.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Finding;
import dev.parley.office.Upkeep;
import dev.parley.peer.Peer;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.upkeep.FileFinding;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.store.upkeep.StoreSweep;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That a store which commit bc90a28 wrote opens, and keeps its mail. {@code .ci/old-store.mjs} made it. */
final class OldStoreTest {

    private static final Instant WRITTEN = Instant.parse("2026-11-28T07:49:54Z");
    private static final String PROJECT = "/old/project";
    private static final SessionId ALICE = new SessionId("alice-session");
    private static final SessionId BOB = new SessionId("bob-session");
    private static final SessionId BEFORE = new SessionId("11111111-b870-4f75-a807-43f541f7b15b");
    private static final SessionId AFTER = new SessionId("22222222-b870-4f75-a807-43f541f7b15b");

    private Store store;
    private Post post;

    @BeforeEach
    void unpack(@TempDir Path temp) throws IOException {
        Path home = temp.resolve("home");
        Files.createDirectory(home);
        String text;
        try (InputStream in = OldStoreTest.class.getResourceAsStream("bc90a28.store")) {
            text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
        }
        for (String part : text.substring("=== ".length()).stripTrailing().split("\n=== ", -1)) {
            int end = part.indexOf('\n');
            String name = end < 0 ? part : part.substring(0, end);
            Path path = home.resolve(name);
            if (name.endsWith("/")) {
                Files.createDirectory(path);
            } else {
                String content = end < 0 ? "" : part.substring(end + 1);
                Files.writeString(path, content.isEmpty() ? "" : content + "\n");
            }
        }
        try (Stream<Path> all = Files.walk(home)) {
            for (Path path : all.toList()) {
                Files.setPosixFilePermissions(
                        path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwx------" : "rw-------"));
            }
        }
        store = Store.open(home, Durability.PROCESS, Trace.NONE);
        post = Post.over(store, new SimulatedProcesses().start(1));
    }

    /** As if it were opened a minute after it was written: a day later its question is not open any more. */
    private void openAtItsTime() throws IOException {
        InstantSource clock = InstantSource.fixed(WRITTEN.plusSeconds(60));
        store = Store.over(store.home(), Disk.local(Durability.PROCESS), clock, Trace.NONE);
        post = Post.over(store, post.processes());
    }

    private List<String> taken(SessionId session) throws IOException {
        // As a server does when its session starts.
        post.peers().settle(session);
        post.mailbox(session).recover();
        Batch batch = post.mailbox(session).claim(Budget.READ, Set.<RequestId>of()::contains);
        for (Claimed claimed : batch.messages()) {
            assertTrue(
                    post.ledger(session).find(claimed.envelope().id()).isPresent(),
                    () -> "cannot be answered: " + claimed.envelope());
        }
        batch.confirm();
        return batch.messages().stream()
                .map(claimed -> claimed.envelope().body() + (claimed.redelivered() ? "*" : ""))
                .toList();
    }

    @Test
    void nothingIsWrongWithIt() throws Exception {
        List<FileFinding> errors = new StoreCheck(store, post.processes())
                .check().stream()
                        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                        .toList();
        assertEquals(List.of(), errors);
    }

    @Test
    void itsSessionsAreFoundByTheirNames() throws Exception {
        Map<SessionId, String> names = new HashMap<>();
        for (Peer peer : post.peers().peersOf(PROJECT)) {
            names.put(peer.id(), peer.name());
        }
        assertEquals(Set.of(ALICE, BOB, AFTER), names.keySet());
        // A second time by the index that the first look has made.
        assertEquals(3, post.peers().peersOf(PROJECT).size());
    }

    @Test
    void whatWaitedAndWhatWasNotProvenIsHandedOver() throws Exception {
        assertEquals(
                List.of(
                        "handed over without proof, ü 漢字 🙂*",
                        "waits one",
                        "waits two",
                        "an open question?",
                        "from the operator"),
                taken(BOB));
        assertEquals(List.of("the answer"), taken(ALICE));
        assertEquals(List.of("waits before the clear*", "to the old id"), taken(AFTER));
        assertEquals(List.of(), taken(BEFORE));
    }

    @Test
    void itsQuestionCanBeAnswered() throws Exception {
        openAtItsTime();
        List<PendingAsk> open = post.asks(ALICE).all();
        assertEquals(1, open.size());
        post.delivery().send(Letters.answer(BOB, ALICE, open.get(0).requestId(), "here it is"), Delivery.Ring.YES);
        assertEquals(
                "here it is",
                post.mailbox(ALICE)
                        .claimAnswer(open.get(0).requestId(), BOB::equals)
                        .orElseThrow()
                        .messages()
                        .get(0)
                        .envelope()
                        .body());
    }

    /** Nobody knew then that requests would have a state. */
    @Test
    void whatItHoldsIsNoWork() throws Exception {
        openAtItsTime();
        PendingAsk ask = post.asks(ALICE).all().get(0);
        assertEquals(BOB, ask.to());
        assertEquals(Optional.empty(), ask.due());
        assertTrue(
                post.ledger(BOB).find(ask.messageId()).orElseThrow().requestId().isPresent());
        assertEquals(Optional.empty(), post.work(BOB).find(ask.messageId()));
        WorkChange declined = WorkChange.of(Actor.OWNER, WorkState.DECLINED);
        assertEquals(Optional.empty(), post.work(BOB).change(ask.messageId(), declined));
        for (SessionId session : List.of(ALICE, BOB, AFTER, BEFORE)) {
            assertEquals(List.of(), post.work(session).unfinished());
        }
        Envelope request = Letters.question(ALICE, BOB, RequestId.create(), "new");
        post.delivery().send(request, Delivery.Ring.NO);
        assertEquals(
                List.of(request),
                post.work(BOB).unfinished().stream().map(Work::request).toList());
    }

    @Test
    void newMailStandsBehindItsOldMail() throws Exception {
        post.delivery().send(Letters.plain(ALICE, BOB, "new"), Delivery.Ring.YES);
        List<String> bodies = taken(BOB);
        assertEquals("new", bodies.get(bodies.size() - 1));
    }

    @Test
    void aSweepKeepsItsUnreadMail() throws Exception {
        new StoreSweep(store, post.processes(), Duration.ZERO).sweep(Upkeep.Mode.REMOVE);
        assertEquals(5, taken(BOB).size());
        assertEquals(2, taken(AFTER).size());
    }
}
