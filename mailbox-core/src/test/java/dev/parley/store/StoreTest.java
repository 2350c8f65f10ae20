package dev.parley.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.store.Disk.Sync;
import dev.parley.testing.Faults;
import dev.parley.testing.Kernel;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.Surviving;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import dev.parley.trace.UnavailableException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Making a store and its sessions while others do, processes die and the power is cut. */
final class StoreTest {

    private static final Path HOME = Path.of("/home");
    private static final SessionId SESSION = new SessionId("s-1");
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
    private static final Set<String> TREE = Set.of(
            "/home/clients/",
            "/home/format",
            "/home/locks/",
            "/home/sessions/s-1/asks/",
            "/home/sessions/s-1/ledger/",
            "/home/sessions/s-1/mailbox/cur/",
            "/home/sessions/s-1/mailbox/new/",
            "/home/sessions/s-1/mailbox/shown/",
            "/home/sessions/s-1/mailbox/tmp/");

    private final SimulatedFiles files = SimulatedFiles.empty(CLOCK);

    @BeforeEach
    void makeHome() throws IOException {
        files.disk().makeDirectory(HOME);
        files.disk().forceDirectory(Path.of("/"));
    }

    private static Store store(Disk disk) throws IOException {
        return Store.over(HOME, disk, CLOCK, Trace.NONE);
    }

    @Test
    void aSessionIsMadeWhole() throws IOException {
        store(files.disk()).makeSession(SESSION);
        assertEquals(TREE, files.tree().keySet());
    }

    @Test
    void aSessionThatWasMadeSurvivesAPowerCut() throws IOException {
        store(files.disk()).makeSession(SESSION);
        files.cutPower(Surviving.NOTHING);
        assertEquals(TREE, files.tree().keySet());
    }

    /** Seen is not forced: the other may be about to, or may have died before. */
    @Test
    void aSessionThatAnotherMadeSurvivesAPowerCutOnceWeHaveMadeItToo() throws IOException {
        Store others = store(new SimulatedDisk(Faults.ignoreForce(files.kernel("died before forcing"))));
        others.makeSession(SESSION);
        store(files.disk()).makeSession(SESSION);
        files.cutPower(Surviving.NOTHING);
        assertTrue(files.tree()
                .keySet()
                .containsAll(TREE.stream().filter(p -> p.contains("s-1")).toList()));
    }

    @Test
    void aSessionIsForcedOnceOnly() throws IOException {
        int[] forced = new int[1];
        Kernel kernel = files.kernel("counted");
        Store store = store(new SimulatedDisk(call -> {
            forced[0] += call instanceof SystemCall.Force ? 1 : 0;
            return kernel.call(call);
        }));
        store.makeSession(SESSION);
        int first = forced[0];
        store.makeSession(SESSION);
        assertEquals(first, forced[0]);
        assertTrue(first > 0);
    }

    @Test
    void aSessionThatSomebodyRemovedIsMadeAgain() throws IOException {
        Store store = store(files.disk());
        store.makeSession(SESSION);
        files.disk().deleteDirectory(store.asks(SESSION));
        store.makeSession(SESSION);
        files.cutPower(Surviving.NOTHING);
        assertEquals(TREE, files.tree().keySet());
    }

    @Test
    void whatStandsInTheWayOfASessionIsSaidAndKept() throws IOException {
        Store store = store(files.disk());
        files.disk().createFile(store.session(SESSION), new byte[] {'x'}, Sync.UNFORCED);
        UnavailableException e = assertThrows(UnavailableException.class, () -> store.makeSession(SESSION));
        assertTrue(e.getMessage().contains("should be a directory and is something else"), e::getMessage);
        assertEquals("x", files.content(store.session(SESSION)).orElseThrow());
    }

    @Test
    void whoeverDiesWhileMakingAStoreTheNextOneFinishesIt() throws IOException {
        for (int call = 0; ; call++) {
            SimulatedFiles copy = files.copy();
            boolean survived = madeUntil(call, copy);
            store(copy.disk()).makeSession(SESSION);
            assertTrue(copy.tree().keySet().containsAll(TREE), () -> copy.tree().toString());
            if (survived) {
                assertTrue(call > 20, "only " + call + " calls");
                return;
            }
        }
    }

    private static boolean madeUntil(int call, SimulatedFiles copy) throws IOException {
        try {
            store(new SimulatedDisk(Faults.dieBefore(call, copy.kernel("dying"))))
                    .makeSession(SESSION);
            return true;
        } catch (SimulatedCrash e) {
            assertFalse(e.getMessage().isEmpty());
            return false;
        }
    }

    /** The other is done between our looking for the format and our looking at what else there is. */
    @Test
    void whoMakesAStoreThatAnotherHasJustMadeDoesNotTakeItForAForeignDirectory() throws IOException {
        for (int call = 0; call < 12; call++) {
            int at = call;
            SimulatedFiles copy = files.copy();
            Kernel kernel = copy.kernel("slow");
            int[] calls = new int[1];
            SimulatedDisk slow = new SimulatedDisk(asked -> {
                if (calls[0]++ == at) {
                    opened(copy.disk());
                }
                return kernel.call(asked);
            });
            store(slow);
            assertEquals("parley 1\n", copy.content(HOME.resolve("format")).orElseThrow(), () -> "at " + at);
        }
    }

    private static void opened(Disk disk) {
        try {
            store(disk);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
