package dev.parley.store.peer;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Registration;
import dev.parley.peer.Resolution;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.testing.Faults;
import dev.parley.testing.Kernel;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A server dies before and after each call of a re-identification: somebody is always there who can be answered. */
final class MoveModelTest {

    private static final Path HOME = Path.of("/home");
    private static final SessionId OLD = new SessionId("p-0000000000000001");
    private static final SessionId NEW = new SessionId("0a1b2c3d-0000-4000-8000-00000000000a");
    private static final SessionId BEN = new SessionId("ben-0001");
    private static final String LETTER = "0000000000000001-m-aaaaaaaaaaaaaaaa";

    /** A store with two sessions, of which one is about to get another id. */
    private static final class World {

        final SteppedClock clock = new SteppedClock(Instant.parse("2026-01-01T00:00:00Z"));
        final SimulatedFiles files = SimulatedFiles.empty(clock);
        final SimulatedProcesses machine = new SimulatedProcesses();
        final ProcessTable movers = machine.start(1);
        final ProcessTable bensServer = machine.start(2);
        final Store store;
        final PeerDirectory bens;
        final Peer ben;

        World() throws Exception {
            files.disk().makeDirectory(HOME);
            store = Store.over(HOME, files.disk(), clock, Trace.NONE);
            bens = new FilePeerDirectory(store, bensServer);
            ben = bens.register(registration(BEN, bensServer));
            PeerDirectory anns = new FilePeerDirectory(store, movers);
            anns.register(registration(OLD, movers));
            anns.update(OLD, card -> card.withName("nomad"));
            store.disk()
                    .createFile(
                            store.mailbox(OLD).resolve("new").resolve(LETTER),
                            "a letter".getBytes(US_ASCII),
                            Disk.Sync.UNFORCED);
        }

        void move(Kernel kernel) throws IOException, InterruptedException {
            Store seen = Store.over(HOME, new SimulatedDisk(kernel), clock, Trace.NONE);
            new FilePeerDirectory(seen, movers).move(OLD, registration(NEW, movers));
        }

        static Registration registration(SessionId id, ProcessTable server) {
            return new Registration(
                    id,
                    Peer.CODEX,
                    "/work",
                    "/work",
                    Optional.of(server.self()),
                    Optional.of(server.self()),
                    Optional.empty(),
                    false);
        }

        /** What anybody else finds then, and what is left once he has met it. */
        void inspect(String where) throws Exception {
            SessionId now = bens.current(OLD);
            Optional<Peer> sender = bens.find(now);
            assertEquals(Optional.of("nomad"), sender.map(Peer::name), where + ": who is to be answered");
            for (String target : List.of(OLD.value(), "nomad")) {
                Resolution.Found found =
                        assertInstanceOf(Resolution.Found.class, bens.resolve(target, ben), where + ": " + target);
                assertEquals(now, found.peer().id(), where);
            }
            assertEquals(2, bens.peersOf("/work").size(), where);

            bens.finishMove(now);

            assertTrue(store.disk().stat(store.card(now)).isPresent(), where + ": there is a card");
            assertEquals(Optional.of("nomad"), bens.find(now).map(Peer::name), where);
            Path letter = store.mailbox(now).resolve("new").resolve(LETTER);
            assertTrue(store.disk().stat(letter).isPresent(), where + ": the mail is where its session is");
        }
    }

    private interface Fault {
        Kernel at(int call, Kernel kernel);
    }

    @Test
    void whoDiesInTheMiddleOfAMoveCanStillBeAnswered() throws Exception {
        World whole = new World();
        AtomicInteger calls = new AtomicInteger();
        whole.move(Faults.count(calls, whole.files.kernel("mover")));
        whole.inspect("wholly moved");
        int finished = 0;
        for (Fault fault : List.<Fault>of(Faults::dieBefore, Faults::dieAfter)) {
            for (int call = 0; call < calls.get(); call++) {
                World world = new World();
                Kernel kernel = fault.at(call, world.files.kernel("mover"));
                assertThrows(SimulatedCrash.class, () -> world.move(kernel));
                world.machine.kill(1);
                boolean isGap = world.bens.current(OLD).equals(NEW)
                        && world.store.disk().stat(world.store.card(NEW)).isEmpty();
                finished += isGap ? 1 : 0;
                world.inspect("death at call " + call);
            }
        }
        assertTrue(finished > 20, "the gap was hardly met: " + finished);
    }
}
