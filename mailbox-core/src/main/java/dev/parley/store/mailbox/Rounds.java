package dev.parley.store.mailbox;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;

/**
 * The order in which waiting messages are taken: in rounds, each sender's oldest message in each of them, so that whoever sent
 * thousands delays nobody. In the first round the senders come in the order of their oldest messages, and in it ever
 * after: so the oldest message of all comes first, and with one sender this is the order of sending.
 */
final class Rounds {

    /** Each sender's mail, as a heap: of thousands, only what is taken is put in order. The next to be asked is first. */
    private final Deque<Queue<MessageName>> turns;

    private int size;

    private int passedOver;

    Rounds(Collection<MessageName> waiting) {
        Map<String, Queue<MessageName>> bySender = new HashMap<>();
        for (MessageName name : waiting) {
            bySender.computeIfAbsent(name.sender(), sender -> new PriorityQueue<>())
                    .add(name);
        }
        turns = new ArrayDeque<>(bySender.values().stream()
                .sorted(Comparator.comparing(Queue::element))
                .toList());
        size = waiting.size();
    }

    /** How many are left, with those of the senders that were passed over. */
    int size() {
        return size;
    }

    /** Whether it is nobody's turn. */
    boolean isEmpty() {
        return turns.isEmpty();
    }

    /** Whose turn it is; there must be one. */
    MessageName next() {
        return turns.element().element();
    }

    /** That one was taken: the next sender's turn. */
    void taken() {
        Queue<MessageName> sender = turns.remove();
        sender.remove();
        size--;
        if (!sender.isEmpty()) {
            turns.add(sender);
        }
    }

    /** That one does not fit: nobody's mail waits for it, but its sender's, which keeps its order, has no turn any more. */
    void passedOver() {
        turns.remove();
        passedOver++;
    }

    /** How many senders have no turn any more because what is next of them did not fit. */
    int sendersPassedOver() {
        return passedOver;
    }

    /** That one was not there any more, or was none: it is still this sender's turn. */
    void skipped() {
        Queue<MessageName> sender = turns.element();
        sender.remove();
        size--;
        if (sender.isEmpty()) {
            turns.remove();
        }
    }
}
