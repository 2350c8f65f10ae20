package dev.parley.cockpit.watch;

import java.util.List;

/** Shows a part of more lines than fit. */
final class Windowed {

    private Windowed() {}

    /** So many lines at the most, with those from one to another in the middle, as far as the ends let them. */
    static <T> List<T> around(List<T> lines, int from, int to, int height) {
        int top = from - Math.max(0, height - (to - from)) / 2;
        return from(lines, top, height);
    }

    /** So many lines at the most, from one on, or as many before as are needed to fill the height. */
    static <T> List<T> from(List<T> lines, int first, int height) {
        int top = Math.max(0, Math.min(first, lines.size() - height));
        return lines.subList(top, Math.min(lines.size(), top + Math.max(0, height)));
    }
}
