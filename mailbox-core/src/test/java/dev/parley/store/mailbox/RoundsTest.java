package dev.parley.store.mailbox;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** That what is remembered of an order is the order: beside the plainest way to say it, over many readings of one mailbox. */
final class RoundsTest {

    private static final long RUNS = 300;

    /** What becomes of one whose turn it is. */
    private enum Fate {
        TAKEN,
        PASSED_OVER,
        SKIPPED
    }

    /** Each sender's in order, the senders in the order of their oldest, and then round and round. */
    private static final class Plain {

        private final Deque<TreeSet<MessageName>> turns;

        Plain(Set<MessageName> waiting, Set<RequestId> awaited) {
            Map<String, TreeSet<MessageName>> bySender = new HashMap<>();
            for (MessageName name : waiting) {
                if (name.answers().filter(awaited::contains).isEmpty()) {
                    bySender.computeIfAbsent(name.sender(), sender -> new TreeSet<>())
                            .add(name);
                }
            }
            turns = new ArrayDeque<>(bySender.values().stream()
                    .sorted(Comparator.comparing(TreeSet::first))
                    .toList());
        }

        Optional<MessageName> next() {
            return turns.isEmpty()
                    ? Optional.empty()
                    : Optional.of(turns.element().first());
        }

        void met(Fate fate) {
            TreeSet<MessageName> sender = turns.remove();
            if (fate == Fate.PASSED_OVER) {
                return;
            }
            sender.remove(sender.first());
            if (sender.isEmpty()) {
                return;
            }
            if (fate == Fate.TAKEN) {
                turns.add(sender);
            } else {
                turns.addFirst(sender);
            }
        }
    }

    private static MessageName name(Random random, int number) {
        String sender = "sender".substring(0, 5) + (char) ('a' + random.nextInt(4));
        Optional<RequestId> answers =
                random.nextInt(4) == 0 ? Optional.of(request(random.nextInt(6))) : Optional.empty();
        return MessageName.of(
                1_790_000_000_000_000L + random.nextInt(50),
                new MessageId("m-" + sender + "%010d".formatted(number)),
                answers);
    }

    private static RequestId request(int number) {
        return new RequestId("q-%016d".formatted(number));
    }

    private static void met(Rounds rounds, Fate fate) {
        switch (fate) {
            case TAKEN -> rounds.taken();
            case PASSED_OVER -> rounds.passedOver();
            case SKIPPED -> rounds.skipped();
        }
    }

    @Test
    void eachReadingGoesOnAsIfItWereTheFirst() {
        for (long run = 0; run < RUNS; run++) {
            Random random = new Random(run);
            Set<MessageName> waiting = new HashSet<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                waiting.add(name(random, i));
            }
            Rounds rounds = new Rounds(waiting);
            for (int reading = 0; reading < 5; reading++) {
                Set<RequestId> awaited = new HashSet<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    awaited.add(request(random.nextInt(6)));
                }
                Plain plain = new Plain(waiting, awaited);
                rounds.begin(awaited::contains);
                List<MessageName> order = new ArrayList<>();
                for (int steps = random.nextInt(15); steps > 0 && plain.next().isPresent(); steps--) {
                    assertEquals(plain.next().orElseThrow(), rounds.next(), "run " + run + " " + order);
                    order.add(rounds.next());
                    Fate fate = Fate.values()[random.nextInt(3)];
                    if (fate != Fate.PASSED_OVER) {
                        waiting.remove(rounds.next());
                    }
                    plain.met(fate);
                    met(rounds, fate);
                    assertEquals(plain.next().isEmpty(), rounds.isEmpty());
                }
                assertEquals(waiting.size(), rounds.size());
                assertEquals(
                        waiting.stream()
                                .filter(name ->
                                        name.answers().filter(awaited::contains).isEmpty())
                                .count(),
                        rounds.takeable());
            }
        }
    }
}
