package dev.parley.overview;

import dev.parley.address.MessageId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Arranges messages as a person reads them: each answer under its question. */
public final class Threads {

    /**
     * A message in its place.
     *
     * @param depth how many of these messages it follows: 0 for one that follows none of them
     */
    public record Placed(Message message, int depth) {}

    /** What stands for a message, in its place. */
    record Place<T>(T item, int depth) {}

    private Threads() {}

    /**
     * The same messages, those that follow one behind it and one deeper; else in the order in which they are given.
     *
     * @param messages in the order of time
     */
    public static List<Placed> arranged(List<Message> messages) {
        return arranged(messages, Message::link).stream()
                .map(place -> new Placed(place.item(), place.depth()))
                .toList();
    }

    /** The same, of what stands for messages. */
    static <T> List<Place<T>> arranged(List<T> messages, Function<T, Link> link) {
        Links links = new Links(messages.stream().map(link).toList());
        Map<MessageId, List<T>> followers = new HashMap<>();
        Deque<Place<T>> next = new ArrayDeque<>();
        for (T message : messages) {
            Optional<MessageId> followed = links.followedBy(link.apply(message).id());
            if (followed.isPresent()) {
                followers
                        .computeIfAbsent(followed.get(), id -> new ArrayList<>())
                        .add(message);
            } else {
                next.add(new Place<>(message, 0));
            }
        }
        List<Place<T>> arranged = new ArrayList<>();
        while (!next.isEmpty()) {
            Place<T> placed = next.pop();
            arranged.add(placed);
            List<T> behind = followers.getOrDefault(link.apply(placed.item()).id(), List.of());
            for (int i = behind.size() - 1; i >= 0; i--) {
                next.push(new Place<>(behind.get(i), placed.depth() + 1));
            }
        }
        return arranged;
    }
}
