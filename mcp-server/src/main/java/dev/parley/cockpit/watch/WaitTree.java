package dev.parley.cockpit.watch;

import dev.parley.overview.Wait;
import dev.parley.overview.Who;
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
    record Node(Who session, String prefix, Optional<Wait> cause, boolean isCircle) {}

    private record Open(Who session, String prefix, String below, Optional<Wait> cause, Set<Who> above) {}

    private WaitTree() {}

    /** The nodes from top to bottom. Each wait is shown once. */
    static List<Node> of(List<Wait> waits) {
        Map<Who, List<Wait>> waiting = new HashMap<>();
        Set<Who> askers = new LinkedHashSet<>();
        Set<Who> asked = new LinkedHashSet<>();
        for (Wait wait : waits) {
            waiting.computeIfAbsent(wait.asked(), id -> new ArrayList<>()).add(wait);
            askers.add(Who.here(wait.asker()));
            asked.add(wait.asked());
        }
        List<Node> nodes = new ArrayList<>();
        Set<Wait> shown = new HashSet<>();
        // First those who wait for nobody; what is left after them waits in a circle.
        asked.stream().filter(id -> !askers.contains(id)).forEach(root -> grow(root, waiting, shown, nodes));
        for (Who root : asked) {
            if (waiting.getOrDefault(root, List.of()).stream().anyMatch(wait -> !shown.contains(wait))) {
                grow(root, waiting, shown, nodes);
            }
        }
        return nodes;
    }

    private static void grow(Who root, Map<Who, List<Wait>> waiting, Set<Wait> shown, List<Node> nodes) {
        Deque<Open> next = new ArrayDeque<>();
        next.push(new Open(root, "", "", Optional.empty(), Set.of()));
        while (!next.isEmpty()) {
            Open at = next.pop();
            boolean isCircle = at.above().contains(at.session());
            nodes.add(new Node(at.session(), at.prefix(), at.cause(), isCircle));
            if (isCircle) {
                continue;
            }
            Set<Who> above = new HashSet<>(at.above());
            above.add(at.session());
            List<Wait> behind = waiting.getOrDefault(at.session(), List.of()).stream()
                    .filter(shown::add)
                    .toList();
            for (int i = behind.size() - 1; i >= 0; i--) {
                boolean isLast = i == behind.size() - 1;
                Wait wait = behind.get(i);
                next.push(new Open(
                        Who.here(wait.asker()),
                        at.below() + (isLast ? "└─ " : "├─ "),
                        at.below() + (isLast ? "   " : "│  "),
                        Optional.of(wait),
                        above));
            }
        }
    }
}
