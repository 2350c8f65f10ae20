package dev.parley.setup;

import java.util.ArrayList;
import java.util.List;

/** The difference of two texts, line by line, in the unified form. */
final class Diff {

    private static final int CONTEXT = 3;
    /** Beyond so many pairs of lines the middle is shown as one block. */
    private static final long MAX_PAIRS = 4_000_000;

    private final List<String> before;
    private final List<String> after;
    /** What happens to each line, in order: a space, a minus or a plus, then the line. */
    private final List<String> edits = new ArrayList<>();

    private Diff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
    }

    /** Empty if the texts are equal. */
    static String unified(String name, String before, String after) {
        if (before.equals(after)) {
            return "";
        }
        Diff diff = new Diff(lines(before), lines(after));
        diff.compare();
        return diff.hunks(name, before.isEmpty(), after.isEmpty());
    }

    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>(text.lines().toList());
        if (!text.isEmpty() && !text.endsWith("\n")) {
            lines.set(lines.size() - 1, lines.get(lines.size() - 1) + "\n\\ No newline at end of file");
        }
        return lines;
    }

    private void compare() {
        int head = 0;
        while (head < before.size() && head < after.size() && before.get(head).equals(after.get(head))) {
            edits.add(" " + before.get(head++));
        }
        int tail = 0;
        while (tail < before.size() - head
                && tail < after.size() - head
                && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
            tail++;
        }
        middle(before.subList(head, before.size() - tail), after.subList(head, after.size() - tail));
        before.subList(before.size() - tail, before.size()).forEach(line -> edits.add(" " + line));
    }

    /** The longest common subsequence by dynamic programming, read from its beginning. */
    private void middle(List<String> old, List<String> fresh) {
        boolean tooLarge = (long) old.size() * fresh.size() > MAX_PAIRS;
        int[][] common = new int[tooLarge ? 1 : old.size() + 1][fresh.size() + 1];
        for (int i = tooLarge ? -1 : old.size() - 1; i >= 0; i--) {
            for (int j = fresh.size() - 1; j >= 0; j--) {
                common[i][j] = old.get(i).equals(fresh.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        int i = 0;
        int j = 0;
        while (!tooLarge && i < old.size() && j < fresh.size()) {
            if (old.get(i).equals(fresh.get(j))) {
                edits.add(" " + old.get(i++));
                j++;
            } else if (common[i + 1][j] >= common[i][j + 1]) {
                edits.add("-" + old.get(i++));
            } else {
                edits.add("+" + fresh.get(j++));
            }
        }
        old.subList(i, old.size()).forEach(line -> edits.add("-" + line));
        fresh.subList(j, fresh.size()).forEach(line -> edits.add("+" + line));
    }

    private String hunks(String name, boolean isNew, boolean isGone) {
        StringBuilder out = new StringBuilder();
        out.append("--- ").append(isNew ? "/dev/null" : name).append('\n');
        out.append("+++ ").append(isGone ? "/dev/null" : name).append('\n');
        int at = 0;
        while (at < edits.size()) {
            int change = nextChange(at);
            if (change == edits.size()) {
                break;
            }
            int from = Math.max(at, change - CONTEXT);
            int to = change;
            while (to < edits.size() && nextChange(to) - to <= 2 * CONTEXT && nextChange(to) < edits.size()) {
                to = nextChange(to) + 1;
            }
            to = Math.min(edits.size(), to + CONTEXT);
            hunk(from, to, out);
            at = to;
        }
        return out.toString();
    }

    private int nextChange(int from) {
        int at = from;
        while (at < edits.size() && edits.get(at).charAt(0) == ' ') {
            at++;
        }
        return at;
    }

    private void hunk(int from, int to, StringBuilder out) {
        out.append("@@ -").append(range('+', from, to));
        out.append(" +").append(range('-', from, to)).append(" @@\n");
        edits.subList(from, to).forEach(edit -> out.append(edit).append('\n'));
    }

    /** Where a hunk stands in one of the texts: the one that has no lines of the other kind. */
    private String range(char other, int from, int to) {
        int start = 0;
        int length = 0;
        for (int i = 0; i < to; i++) {
            if (edits.get(i).charAt(0) != other) {
                start += i < from ? 1 : 0;
                length += i >= from ? 1 : 0;
            }
        }
        return (length == 0 ? start : start + 1) + "," + length;
    }
}
