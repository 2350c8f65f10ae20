package dev.parley.cockpit.web;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.SessionId;
import dev.parley.cockpit.web.RecentChanges.News;
import dev.parley.ledger.Retention;
import dev.parley.overview.Overview;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What streams are told, and when that is too long ago. */
final class RecentChangesTest {

    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");

    private RecentChanges changes;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        FilePostOffice office = new FilePostOffice(
                Store.over(home, Disk.local(Durability.PROCESS), InstantSource.system(), Trace.NONE),
                LocalProcessTable.INSTANCE,
                Retention.DEFAULT);
        changes = new RecentChanges(new Overview(office).feed("/work/project/.git"), "run");
    }

    @AfterEach
    void close() {
        changes.close();
    }

    private Optional<News> after(String id) throws Exception {
        return changes.after(id, Duration.ZERO);
    }

    @Test
    void whoIsNewOrOfAnotherRunIsToldEverything() throws Exception {
        changes.publish(Optional.of(Set.of(ANN)));
        News everything = new News("run-1", Optional.empty());
        for (String unknown :
                new String[] {"", "other-1", "run-", "run-2", "run-x", "run-99999999999999999999", "run--1"}) {
            assertEquals(Optional.of(everything), after(unknown), unknown);
        }
    }

    @Test
    void whoComesBackIsToldAllThatWasMissedAtOnce() throws Exception {
        assertEquals(Optional.empty(), after("run-0"));
        changes.publish(Optional.of(Set.of(ANN)));
        changes.publish(Optional.of(Set.of(BEN)));
        assertEquals(Optional.of(new News("run-2", Optional.of(Set.of(ANN, BEN)))), after("run-0"));
        assertEquals(Optional.of(new News("run-2", Optional.of(Set.of(BEN)))), after("run-1"));
        assertEquals(Optional.empty(), after("run-2"));
        changes.publish(Optional.empty());
        assertEquals(Optional.of(new News("run-3", Optional.empty())), after("run-1"), "anything may have changed");
    }

    @Test
    void whoWasAwayForTooLongIsToldEverything() throws Exception {
        for (int i = 0; i < 600; i++) {
            changes.publish(Optional.of(Set.of(ANN)));
        }
        assertEquals(Optional.of(new News("run-600", Optional.empty())), after("run-3"));
        assertEquals(Optional.of(new News("run-600", Optional.of(Set.of(ANN)))), after("run-599"));
    }

    @Test
    void theEndWakesWhoeverWaits() throws Exception {
        changes.close();
        assertEquals(Optional.empty(), changes.after("run-0", Duration.ofMinutes(10)));
    }
}
