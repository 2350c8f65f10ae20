package dev.parley.store.mailbox;

import dev.parley.address.RequestId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The order in which waiting messages are taken: in rounds, each sender's oldest message in each of them, so that whoever sent
 * thousands delays nobody. In the first round the senders come in the order of their oldest messages, and in it ever
 * after: so the oldest message of all comes first, and with one sender this is the order of sending.
 *
 * <p>{@link #begin} begins anew with what is left. What is looked at is what is taken, however many wait.
 */
final class Rounds {

    /** Each sender's mail, as a heap: of thousands, only what is taken is put in order. Who has the oldest message is first. */
    private final Queue<Queue<MessageName>> senders = new PriorityQueue<>(Comparator.comparing(Queue::element));

    /** Who has had a turn, in that order. */
    private final Deque<Queue<MessageName>> turns = new ArrayDeque<>();

    /** Who has no turn any more because what is next of them did not fit. */
    private final List<Queue<MessageName>> passedOver = new ArrayList<>();

    /** Those that somebody waits for, and that nobody else is given. */
    private final List<MessageName> left = new ArrayList<>();

    /** What answers a request. */
    private final Set<MessageName> answers = new HashSet<>();

    private @Nullable Queue<MessageName> current;

    private Predicate<RequestId> awaited = request -> false;

    private int size;

    Rounds(Collection<MessageName> waiting) {
        Map<String, Queue<MessageName>> bySender = new HashMap<>();
        for (MessageName name : waiting) {
            bySender.computeIfAbsent(name.sender(), sender -> new PriorityQueue<>())
                    .add(name);
            if (name.answers().isPresent()) {
                answers.add(name);
            }
        }
        senders.addAll(bySender.values());
        size = waiting.size();
    }

    /**
     * Begins a first round.
     *
     * @param awaited the requests whose answers are left for those who wait for them, as if they were not there
     */
    void begin(Predicate<RequestId> awaited) {
        if (current != null) {
            senders.add(current);
            current = null;
        }
        senders.addAll(turns);
        turns.clear();
        senders.addAll(passedOver);
        passedOver.clear();
        for (MessageName name : left) {
            add(name);
        }
        left.clear();
        this.awaited = awaited;
        advance();
    }

    /** Puts one back of a sender that may have none any more. */
    private void add(MessageName name) {
        for (Iterator<Queue<MessageName>> all = senders.iterator(); all.hasNext(); ) {
            Queue<MessageName> sender = all.next();
            if (sender.element().sender().equals(name.sender())) {
                all.remove();
                sender.add(name);
                senders.add(sender);
                return;
            }
        }
        senders.add(new PriorityQueue<>(List.of(name)));
    }

    /** Sets whose turn it is, if it is anybody's. */
    private void advance() {
        while (current == null && !(senders.isEmpty() && turns.isEmpty())) {
            boolean isFirst = !senders.isEmpty();
            Queue<MessageName> next = isFirst ? senders.remove() : turns.remove();
            if (leaveAwaited(next) && isFirst && !next.isEmpty()) {
                // What it has beside that may be younger than another sender's oldest.
                senders.add(next);
            } else if (!next.isEmpty()) {
                current = next;
            }
        }
    }

    /** Whether what was next of a sender is left for somebody. */
    private boolean leaveAwaited(Queue<MessageName> sender) {
        boolean isLeft = false;
        while (!sender.isEmpty() && isAwaited(sender.element())) {
            left.add(sender.remove());
            isLeft = true;
        }
        return isLeft;
    }

    private boolean isAwaited(MessageName name) {
        return name.answers().filter(awaited).isPresent();
    }

    /** How many are left, with those of the senders that were passed over, and with those that somebody waits for. */
    int size() {
        return size;
    }

    /** The same without those that somebody waits for. */
    int takeable() {
        return size - (int) answers.stream().filter(this::isAwaited).count();
    }

    /** Whether it is nobody's turn. */
    boolean isEmpty() {
        return current == null;
    }

    private Queue<MessageName> current() {
        if (current == null) {
            throw new IllegalStateException("it is nobody's turn");
        }
        return current;
    }

    /** Whose turn it is; there must be one. */
    MessageName next() {
        return current().element();
    }

    /** That one was taken: the next sender's turn. */
    void taken() {
        Queue<MessageName> sender = remove();
        if (!sender.isEmpty()) {
            turns.add(sender);
        }
        current = null;
        advance();
    }

    private Queue<MessageName> remove() {
        Queue<MessageName> sender = current();
        answers.remove(sender.remove());
        size--;
        return sender;
    }

    /** That one does not fit: nobody's mail waits for it, but its sender's, which keeps its order, has no turn any more. */
    void passedOver() {
        passedOver.add(current());
        current = null;
        advance();
    }

    /** How many senders have no turn any more because what is next of them did not fit. */
    int sendersPassedOver() {
        return passedOver.size();
    }

    /** That one was not there any more, or was none: it is still this sender's turn. */
    void skipped() {
        Queue<MessageName> sender = remove();
        leaveAwaited(sender);
        if (sender.isEmpty()) {
            current = null;
            advance();
        }
    }
}
