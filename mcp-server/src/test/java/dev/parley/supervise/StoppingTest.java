package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.process.ProcessIdentity;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The ladder of signals. */
class StoppingTest {

    private static final Stopping.Patience PATIENCE =
            new Stopping.Patience(Duration.ofSeconds(3), Duration.ofSeconds(2));

    private final World world = new World();

    @Test
    void anInterruptIsEnoughForWhoListens() {
        ProcessIdentity client = world.start(7);

        Stopping stopping = new Stopping(world, PATIENCE, Set.of(client), world.elapsed());

        assertTrue(stopping.step(world.elapsed()));
        assertEquals(List.of("INT 7"), world.signals);
    }

    @Test
    void whoDoesNotListenGetsOneSignalAfterTheOther() {
        ProcessIdentity client = world.start(7);
        world.deaf.put(client, Signal.KILL);
        Stopping stopping = new Stopping(world, PATIENCE, Set.of(client), world.elapsed());

        world.pass(Duration.ofMillis(2999));
        assertFalse(stopping.step(world.elapsed()));
        assertEquals(List.of("INT 7"), world.signals);
        world.pass(Duration.ofMillis(1));
        assertFalse(stopping.step(world.elapsed()));
        world.pass(Duration.ofMillis(1999));
        assertFalse(stopping.step(world.elapsed()));
        assertEquals(List.of("INT 7", "TERM 7"), world.signals);
        world.pass(Duration.ofMillis(1));
        assertFalse(stopping.step(world.elapsed()));
        assertEquals(List.of("INT 7", "TERM 7", "KILL 7"), world.signals);
        assertTrue(stopping.step(world.elapsed()));
    }

    /** A machine that slept has not given the client its time. */
    @Test
    void aLateLookSkipsNoSignal() {
        ProcessIdentity client = world.start(7);
        world.deaf.put(client, Signal.KILL);
        Stopping stopping = new Stopping(world, PATIENCE, Set.of(client), world.elapsed());

        world.pass(Duration.ofHours(1));
        stopping.step(world.elapsed());
        stopping.step(world.elapsed());

        assertEquals(List.of("INT 7", "TERM 7"), world.signals);
    }

    @Test
    void nobodyElseGetsASignal() {
        ProcessIdentity client = world.start(7);
        world.deaf.put(client, Signal.KILL);
        world.start(8);
        Stopping stopping = new Stopping(world, PATIENCE, Set.of(client), world.elapsed());
        world.end(client);
        // Its number is another's now.
        world.pass(Duration.ofSeconds(3));
        world.start(7);

        assertTrue(stopping.step(world.elapsed()));
        assertEquals(List.of("INT 7"), world.signals);
    }
}
