package dev.parley.store.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.lock.Lease;
import dev.parley.peer.NameTakenException;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.testing.Kernel;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names on a simulated disk, where a process stalls at a chosen call. */
final class NamingTest {

    private static final Path HOME = Path.of("/home");
    private static final SessionId ANN = new SessionId("ann-0001");
    private static final SessionId BEN = new SessionId("ben-0001");
    private static final String WANTED = "the-reviewer";

    private final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final ProcessTable annsServer = machine.start(1);
    private final ProcessTable bensServer = machine.start(2);
    private Store store;
    private PeerDirectory bens;

    @BeforeEach
    void register() throws Exception {
        files.disk().makeDirectory(HOME);
        store = storeOver(files.disk());
        bens = new FilePeerDirectory(store, bensServer);
        new FilePeerDirectory(store, annsServer).register(registration(ANN, annsServer));
        bens.register(registration(BEN, bensServer));
    }

    private Store storeOver(Disk disk) throws IOException {
        return Store.over(HOME, disk, clock, Trace.NONE);
    }

    private static Registration registration(SessionId id, ProcessTable server) {
        return new Registration(
                id,
                Peer.CLAUDE_CODE,
                "/work",
                "/work",
                Optional.of(server.self()),
                Optional.of(server.self()),
                Optional.empty(),
                false);
    }

    private static Peer askForIt(PeerDirectory peers, SessionId id) throws IOException, InterruptedException {
        return peers.update(id, card -> card.withName(WANTED));
    }

    /** The directory of Ann's server, which does something else right before it publishes her next card. */
    private PeerDirectory stallingBeforeItPublishes(Callable<?> meanwhile) throws IOException {
        Kernel kernel = files.kernel("ann's server");
        boolean[] stalled = {false};
        Kernel stalling = call -> {
            if (call instanceof SystemCall.Rename rename && rename.to().equals(store.card(ANN)) && !stalled[0]) {
                stalled[0] = true;
                try {
                    meanwhile.call();
                } catch (Exception e) {
                    throw new AssertionError("the other one failed", e);
                }
            }
            return kernel.call(call);
        };
        return new FilePeerDirectory(storeOver(new SimulatedDisk(stalling)), annsServer);
    }

    @Test
    void whoStallsLongerThanTheLeaseGivesTheNameUpToWhoCameAfter() throws Exception {
        PeerDirectory anns = stallingBeforeItPublishes(() -> {
            clock.advance(Naming.LEASE.plusMillis(1));
            return askForIt(bens, BEN);
        });
        Peer ann = askForIt(anns, ANN);
        assertNotEquals(WANTED, ann.name());
        assertEquals(Optional.of(ann), bens.find(ANN));
        assertEquals(WANTED, bens.find(BEN).orElseThrow().name());
        assertEquals(List.of(), files.disk().list(store.locks()));
    }

    @Test
    void whoStallsWithinTheLeaseKeepsTheName() throws Exception {
        PeerDirectory anns = stallingBeforeItPublishes(() -> {
            clock.advance(Naming.LEASE);
            return bens.update(BEN, card -> card.withPurpose(Optional.of("not in each other's way"), clock.instant()));
        });
        assertEquals(WANTED, askForIt(anns, ANN).name());
        assertThrows(NameTakenException.class, () -> askForIt(bens, BEN));
    }

    @Test
    void onlyWhoWantsTheVeryNameMeetsItsHolder() throws Exception {
        Locks locks = new Locks(store, annsServer);
        try (Lease held = locks.named(Naming.lockOf(WANTED), Naming.LEASE).acquire(Duration.ZERO)) {
            String name = bens.find(BEN).orElseThrow().name();
            assertEquals(name, bens.register(registration(BEN, bensServer)).name());
            assertEquals(
                    "another",
                    bens.update(BEN, card -> card.withName("another")).name());
            held.ensureHeld();
        }
    }

    @Test
    void aHolderThatStallsForGoodDelaysAndRefusesNobody() throws Exception {
        Locks locks = new Locks(store, annsServer);
        try (Lease held = locks.named(Naming.lockOf(WANTED), Naming.LEASE).acquire(Duration.ZERO)) {
            clock.advance(Naming.LEASE.plusMillis(1));
            assertEquals(WANTED, askForIt(bens, BEN).name());
            assertThrows(IOException.class, held::ensureHeld);
        }
        assertTrue(Naming.WAIT.compareTo(Naming.LEASE) > 0, "who waits is still there when the lease is over");
    }
}
