package dev.parley.overview;

import dev.parley.address.MessageId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Arranges messages as a person reads them: each answer under its question. */
public final class Threads {

    /**
     * A message in its place.
     *
     * @param depth how many of these messages it follows: 0 for one that follows none of them
     */
    public record Placed(Message message, int depth) {}

    private Threads() {}

    /**
     * The same messages, those that follow one behind it and one deeper; else in the order in which they are given.
     *
     * @param messages in the order of time
     */
    public static List<Placed> arranged(List<Message> messages) {
        Links links = new Links(messages.stream().map(Message::link).toList());
        Map<MessageId, List<Message>> followers = new HashMap<>();
        Deque<Placed> next = new ArrayDeque<>();
        for (Message message : messages) {
            Optional<MessageId> followed = links.followedBy(message.id());
            if (followed.isPresent()) {
                followers
                        .computeIfAbsent(followed.get(), id -> new ArrayList<>())
                        .add(message);
            } else {
                next.add(new Placed(message, 0));
            }
        }
        List<Placed> arranged = new ArrayList<>();
        while (!next.isEmpty()) {
            Placed placed = next.pop();
            arranged.add(placed);
            List<Message> behind = followers.getOrDefault(placed.message().id(), List.of());
            for (int i = behind.size() - 1; i >= 0; i--) {
                next.push(new Placed(behind.get(i), placed.depth() + 1));
            }
        }
        return arranged;
    }
}
