package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Budget;
import dev.parley.office.Finding.Severity;
import dev.parley.store.Disk;
import dev.parley.store.ledger.History.Known;
import dev.parley.store.ledger.History.Told;
import dev.parley.store.upkeep.FileFinding;
import dev.parley.store.upkeep.StoreCheck;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must be found on a disk after the crash of a {@link History}: acknowledged ⊆ recovered ⊆ sent, each once, what was
 * in somebody's hand marked, each sender's mail in order, and every message that can be seen in the ledger.
 */
final class Aftermath {

    /** What the crash was. */
    enum Crash {
        /** The process died. */
        DEATH,
        /** The power was cut. */
        POWER_CUT,
        /** Nothing: only single calls failed. */
        NONE
    }

    private final History history;
    private final Crash crash;

    /** So many messages were found that were neither lost nor new. */
    int recovered;

    int marked;

    Aftermath(History history, Crash crash) {
        this.history = history;
        this.crash = crash;
    }

    void inspect(Disk disk) throws IOException, InterruptedException {
        Post post = history.restart(disk);
        assertNothingIsBroken(post);
        List<SessionId> sessions = new ArrayList<>();
        for (String name : disk.list(post.store().sessions())) {
            sessions.add(new SessionId(name));
        }
        // The session starts again under the id it had last, if its move was ever begun.
        boolean moved = sessions.contains(History.EVE)
                && post.store().currentOf(History.ANN).equals(History.EVE);
        for (SessionId session : List.of(moved ? History.EVE : History.ANN, History.BEN)) {
            post.peers().register(post.registration(session));
            post.mailbox(session).recover();
        }
        Map<MessageId, Claimed> found = new HashMap<>();
        for (SessionId session : sessions) {
            collect(post, session, found);
        }
        compare(found);
        asks(post, sessions);
        StoreCheck check = new StoreCheck(post.store(), post.processes());
        List<FileFinding> left = check.repair().left().stream()
                .filter(finding -> finding.severity() != Severity.LITTER)
                .toList();
        assertEquals(List.of(), left);
    }

    /** The first look finds nothing that a crash may not leave. */
    private void assertNothingIsBroken(Post post) throws IOException {
        List<FileFinding> errors = new StoreCheck(post.store(), post.processes())
                .check().stream()
                        .filter(finding -> finding.severity() == Severity.ERROR)
                        .toList();
        assertEquals(List.of(), errors);
    }

    private void collect(Post post, SessionId session, Map<MessageId, Claimed> found) throws IOException {
        if (!post.store().currentOf(session).equals(session)
                || post.peers().find(session).isEmpty()) {
            // Moved, or never wholly made: what it may hold is found where it went, or missed.
            return;
        }
        int last = -1;
        while (true) {
            Batch batch = post.mailbox(session).claim(Budget.READ, Set.<RequestId>of()::contains);
            if (batch.messages().isEmpty()) {
                return;
            }
            for (Claimed claimed : batch.messages()) {
                MessageId id = claimed.envelope().id();
                Known known = history.letters.get(id);
                assertTrue(known != null, "something that nobody sent");
                assertEquals(known.envelope, claimed.envelope());
                assertEquals(null, found.put(id, claimed), "found twice: " + known.envelope.body());
                assertTrue(last < known.number, "out of order: " + known.envelope.body());
                last = known.number;
                assertTrue(
                        post.ledger(session).find(id).isPresent(),
                        () -> "cannot be looked up: " + known.envelope.body());
            }
        }
    }

    private void compare(Map<MessageId, Claimed> found) {
        for (Known known : history.letters.values()) {
            Claimed claimed = found.get(known.envelope.id());
            String body = known.envelope.body();
            if (claimed == null) {
                assertTrue(known.told != Told.SENT || known.shown || isShownByCrash(known), () -> "lost: " + body);
                continue;
            }
            recovered++;
            marked += claimed.redelivered() ? 1 : 0;
            assertTrue(
                    !(known.handed || known.shown || known.marked) || claimed.redelivered(),
                    () -> "handed over twice, and does not say so: " + body);
            if (crash == Crash.NONE) {
                assertTrue(known.told != Told.FAILED, () -> "told that it was not sent, and it is there: " + body);
            }
        }
    }

    /** The crash came between a confirmation on the disk and its being told. */
    private boolean isShownByCrash(Known known) {
        return crash != Crash.NONE && known.confirming;
    }

    private void asks(Post post, List<SessionId> sessions) throws IOException {
        Set<RequestId> open = new java.util.HashSet<>();
        for (SessionId session : sessions) {
            if (post.store().isRealDirectory(post.store().asks(session))) {
                post.asks(session).all().forEach(ask -> open.add(ask.requestId()));
            }
        }
        assertTrue(open.containsAll(history.openAsks), "an open question was forgotten");
    }
}
