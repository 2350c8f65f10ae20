package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Letters;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Keeps reading from becoming dearer unseen: how many of the disk's verbs it takes, which no noise changes. What is asked
 * whether it is absent is {@code moved_to}.
 */
final class ReadGuardTest {

    private static final int BATCH = Budget.READ.messages();
    private static final int WAITING = 3 * BATCH;
    private static final SessionId SENDER = new SessionId("sender");
    private static final SessionId RECEIVER = new SessionId("receiver");

    private final Map<String, Integer> verbs = new ConcurrentHashMap<>();
    private Post post;
    private Mailbox mailbox;

    @BeforeEach
    void fill(@TempDir Path temp) throws Exception {
        Path home = Files.createDirectory(temp.resolve("home"));
        Disk disk = CountedDisk.byVerb(Disk.local(Durability.PROCESS), verbs);
        post = Post.over(Store.over(home, disk, InstantSource.system(), Trace.NONE), LocalProcessTable.INSTANCE);
        post.peers().register(post.registration(RECEIVER));
        mailbox = post.mailbox(RECEIVER);
        for (int i = 0; i < WAITING; i++) {
            mailbox.deliver(Letters.plain(SENDER, RECEIVER, "x".repeat(1024)));
        }
        verbs.clear();
    }

    /** What was asked of the disk since the last look. */
    private Map<String, Integer> taken() {
        Map<String, Integer> taken = Map.copyOf(verbs);
        verbs.clear();
        return taken;
    }

    private Batch claim() throws IOException {
        return mailbox.claim(Budget.READ, Set.<RequestId>of()::contains);
    }

    @Test
    void aMessageIsReadOnceAndRenamedOnceHoweverManyWait() throws IOException {
        for (int left = WAITING - BATCH; left >= 0; left -= BATCH) {
            Batch batch = claim();
            assertEquals(BATCH, batch.messages().size());
            assertEquals(left, batch.remaining());
            assertEquals(
                    Map.of(
                            "readFile", BATCH,
                            "isAbsent", 1,
                            "rename", BATCH,
                            "list", 1,
                            "makeDirectory", 1,
                            "forceDirectory", 1,
                            "kind", 7),
                    taken());
        }
    }

    /** A deep mailbox is listed by the first two reads, and by none after that as long as nothing comes. */
    @Test
    void aDeepMailboxIsNotListedForEveryRead() throws IOException {
        for (int i = 0; i < 20 * BATCH; i++) {
            mailbox.deliver(Letters.plain(SENDER, RECEIVER, "x"));
        }
        claim();
        claim();
        verbs.clear();
        for (int read = 0; read < 3; read++) {
            assertEquals(BATCH, claim().messages().size());
            assertEquals(
                    Map.of(
                            "readFile", BATCH,
                            "isAbsent", 1,
                            "rename", BATCH,
                            "makeDirectory", 1,
                            "forceDirectory", 1,
                            "modifiedMillis", 2,
                            "setModified", 1,
                            "kind", 7),
                    taken());
            assertEquals(WAITING + (20 - 3 - read) * BATCH, mailbox.unread());
            assertEquals(Map.of("isAbsent", 1, "modifiedMillis", 2), taken());
        }
    }

    /** Whose a message is stands in its name: only what is taken is opened, however many senders wait. */
    @Test
    void sharesAreGivenOutWithoutOpeningWhatWaits() throws IOException {
        for (int i = 0; i < 40; i++) {
            mailbox.deliver(Letters.plain(new SessionId("other-" + i), RECEIVER, "x"));
        }
        verbs.clear();
        assertEquals(BATCH, claim().messages().size());
        assertEquals(BATCH, verbs.get("readFile"));
        assertEquals(1, verbs.get("list"));
    }

    @Test
    void aBatchIsProvenInFewSteps() throws IOException {
        Batch batch = claim();
        verbs.clear();
        batch.written();
        assertEquals(Map.of("isAbsent", 2, "rename", 1), taken());
        batch.confirm();
        assertEquals(Map.of("isAbsent", 3, "rename", 1, "list", 1), taken());
    }

    @Test
    void lookingIntoAnEmptyMailboxChangesNothing() throws IOException {
        for (int left = WAITING; left > 0; left -= BATCH) {
            claim().confirm();
        }
        verbs.clear();
        assertTrue(claim().messages().isEmpty());
        assertEquals(Map.of("isAbsent", 1, "list", 1, "kind", 7), taken());
    }

    /** A ledger is long, and little of it is unfinished: names are listed once, and only what is unfinished is opened. */
    @Test
    void unfinishedWorkIsFoundWithoutOpeningWhatIsFinished() throws Exception {
        for (int i = 0; i < 50; i++) {
            Envelope request = Letters.question(SENDER, RECEIVER, RequestId.create(), "do it");
            post.delivery().send(request, Delivery.Ring.NO);
            if (i % 10 == 0) {
                var unused = post.work(RECEIVER).change(request.id(), WorkChange.of(Actor.OWNER, WorkState.WORKING));
            } else {
                post.ledger(RECEIVER).markAnswered(request.id());
            }
        }
        verbs.clear();
        assertEquals(5, post.work(RECEIVER).unfinished().size());
        assertEquals(10, verbs.get("readFile"), "a record and a state each");
        assertEquals(1, verbs.get("list"), verbs::toString);
    }
}
