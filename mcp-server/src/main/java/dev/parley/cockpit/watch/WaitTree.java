package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.overview.Wait;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who waits for whom as a tree: under each session those that wait for it, so what holds up most stands at a root. */
final class WaitTree {

    /**
     * A session in its place.
     *
     * @param prefix the branches that lead to it
     * @param cause why it stands under the one above; empty for a root
     * @param isCircle whether it stands above itself: these sessions wait for each other
     */
    record Node(SessionId session, String prefix, Optional<Wait> cause, boolean isCircle) {}

    private record Open(SessionId session, String prefix, String below, Optional<Wait> cause, Set<SessionId> above) {}

    private WaitTree() {}

    /** The nodes from top to bottom. Each wait is shown once. */
    static List<Node> of(List<Wait> waits) {
        Map<SessionId, List<Wait>> waiting = new HashMap<>();
        Set<SessionId> askers = new LinkedHashSet<>();
        Set<SessionId> asked = new LinkedHashSet<>();
        for (Wait wait : waits) {
            waiting.computeIfAbsent(wait.asked(), id -> new ArrayList<>()).add(wait);
            askers.add(wait.asker());
            asked.add(wait.asked());
        }
        List<Node> nodes = new ArrayList<>();
        Set<Wait> shown = new HashSet<>();
        // First those who wait for nobody; what is left after them waits in a circle.
        asked.stream().filter(id -> !askers.contains(id)).forEach(root -> grow(root, waiting, shown, nodes));
        for (SessionId root : asked) {
            if (waiting.getOrDefault(root, List.of()).stream().anyMatch(wait -> !shown.contains(wait))) {
                grow(root, waiting, shown, nodes);
            }
        }
        return nodes;
    }

    private static void grow(SessionId root, Map<SessionId, List<Wait>> waiting, Set<Wait> shown, List<Node> nodes) {
        Deque<Open> next = new ArrayDeque<>();
        next.push(new Open(root, "", "", Optional.empty(), Set.of()));
        while (!next.isEmpty()) {
            Open at = next.pop();
            boolean isCircle = at.above().contains(at.session());
            nodes.add(new Node(at.session(), at.prefix(), at.cause(), isCircle));
            if (isCircle) {
                continue;
            }
            Set<SessionId> above = new HashSet<>(at.above());
            above.add(at.session());
            List<Wait> behind = waiting.getOrDefault(at.session(), List.of()).stream()
                    .filter(shown::add)
                    .toList();
            for (int i = behind.size() - 1; i >= 0; i--) {
                boolean isLast = i == behind.size() - 1;
                Wait wait = behind.get(i);
                next.push(new Open(
                        wait.asker(),
                        at.below() + (isLast ? "└─ " : "├─ "),
                        at.below() + (isLast ? "   " : "│  "),
                        Optional.of(wait),
                        above));
            }
        }
    }
}
