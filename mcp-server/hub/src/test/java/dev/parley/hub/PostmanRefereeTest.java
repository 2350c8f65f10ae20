package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.mailbox.Envelope;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Three machines write to each other over a hub that fails, repeats, reorders, loses what it had and is cut off, while postmen are
 * replaced and readers read: nothing is lost, nothing doubled, and each sender's order is kept.
 */
final class PostmanRefereeTest {

    private static final int MESSAGES = Integer.getInteger("parley.hub.messages", 120);

    private final SteppedClock clock = new SteppedClock(Letters.SENT);

    @Test
    void nothingIsLostDoubledOrOutOfOrder() throws Exception {
        run(1);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(longs = {2, 3, 4, 5, 6, 7, 8, 9, 10})
    void norOnOtherRoads(long seed) throws Exception {
        run(seed);
    }

    private void run(long seed) throws Exception {
        Random random = new Random(seed);
        MemoryHub hub = new MemoryHub(clock, seed);
        List<Machine> machines = new ArrayList<>();
        for (String name : List.of("laptop", "build-server", "workstation")) {
            Machine machine = Machine.of(name, hub, clock);
            machine.begin("ann-00001");
            machine.begin("ben-00001");
            machines.add(machine);
        }
        Map<String, List<String>> sent = new HashMap<>();
        Map<String, List<String>> received = new HashMap<>();
        for (int i = 0; i < MESSAGES; i++) {
            hub.misbehave(20);
            Machine from = machines.get(random.nextInt(3));
            Machine to = machines.get(random.nextInt(3));
            if (from != to) {
                String sender = random.nextBoolean() ? "ann-00001" : "ben-00001";
                String receiver = random.nextBoolean() ? "ann-00001" : "ben-00001";
                Envelope letter = from.send(sender, to, receiver, "message " + i);
                sent.computeIfAbsent(way(from.host.value(), sender, to, receiver), missing -> new ArrayList<>())
                        .add(letter.body());
            }
            disturb(i, random, hub, machines);
            Machine next = machines.get(random.nextInt(3));
            next.step();
            read(next, received);
            clock.advance(Duration.ofMillis(random.nextInt(3_000)));
        }
        machines.forEach(machine -> hub.mend(machine.host));
        hub.misbehave(0);
        Machine.settle(clock, 400, machines.toArray(Machine[]::new));
        for (Machine machine : machines) {
            read(machine, received);
            assertTrue(
                    machine.mail.refused().all().isEmpty(),
                    machine.mail.refused().all()::toString);
        }
        assertEquals(sent, received);
        assertTrue(sent.size() >= 20, "it sent nearly nothing");
    }

    private static void disturb(int i, Random random, MemoryHub hub, List<Machine> machines) throws Exception {
        if (i == MESSAGES / 3 || i == 2 * MESSAGES / 3) {
            hub.wipe();
        }
        switch (random.nextInt(12)) {
            case 0 -> hub.loseTheLatest(random.nextInt(20));
            case 1 -> hub.cut(machines.get(random.nextInt(3)).host);
            case 2, 3 -> hub.mend(machines.get(random.nextInt(3)).host);
            case 4 -> machines.get(random.nextInt(3)).relieve();
            default -> {}
        }
    }

    private static String way(String from, String sender, Machine to, String receiver) {
        return sender + "@" + from + " to " + receiver + "@" + to.host;
    }

    private static void read(Machine machine, Map<String, List<String>> received) throws Exception {
        for (String who : List.of("ann-00001", "ben-00001")) {
            for (Envelope letter : machine.read(who)) {
                if (letter.host().isEmpty()) {
                    // Their own machine tells them that others have sessions of their ids.
                    continue;
                }
                String from = letter.host().orElseThrow().value();
                received.computeIfAbsent(
                                way(from, letter.from().orElseThrow().value(), machine, who),
                                missing -> new ArrayList<>())
                        .add(letter.body());
            }
        }
    }
}
