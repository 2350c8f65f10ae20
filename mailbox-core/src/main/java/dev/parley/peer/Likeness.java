package dev.parley.peer;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Finds the names that somebody may have meant who wrote another one. */
public final class Likeness {

    private static final int MOST = 3;
    private static final int LONGEST = 64;

    private Likeness() {}

    /** The names nearest to a text, the nearest first; those that are not near it at all are left out. */
    public static List<String> nearest(String text, List<String> names) {
        if (text.length() > LONGEST) {
            return List.of();
        }
        String sought = text.strip().toLowerCase(Locale.ROOT).replace(' ', '-').replace('_', '-');
        record Near(String name, int distance) {}
        return names.stream()
                .distinct()
                .map(name -> new Near(name, distance(sought, name)))
                .filter(near -> near.distance()
                        <= Math.max(1, Math.min(sought.length(), near.name().length()) / 3))
                .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
                .limit(MOST)
                .map(Near::name)
                .toList();
    }

    /** How many characters have to be put in, taken out, replaced or swapped with their neighbour; a whole word counts 1. */
    private static int distance(String a, String b) {
        if (isWordOf(a, b) || isWordOf(b, a)) {
            return 1;
        }
        int[] before = new int[b.length() + 1];
        int[] last = new int[b.length() + 1];
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + (same ? 0 : 1));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    row[j] = Math.min(row[j], before[j - 2] + 1);
                }
            }
            int[] spare = before;
            before = last;
            last = row;
            row = spare;
        }
        return last[b.length()];
    }

    /** "otter" of "calm-otter". */
    private static boolean isWordOf(String word, String name) {
        return word.length() > 2 && (name.startsWith(word + "-") || name.endsWith("-" + word));
    }
}
