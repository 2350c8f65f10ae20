package dev.parley.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The options of a program, and how many words each takes. Immutable. */
final class OptionTable {

    /** How many words follow an option. */
    enum Takes {
        NOTHING,
        ONE,
        /** One, unless the next word is an option. */
        PERHAPS_ONE,
        /** All up to the next option. */
        SEVERAL
    }

    /**
     * A part of a command line.
     *
     * @param option its name; empty for words that are no option's
     * @param known whether the table has it
     * @param words the option and what follows it, or a single word
     */
    record Part(String option, boolean known, List<String> words) {

        boolean isOption() {
            return !option.isEmpty();
        }

        /** The only value, however it is written; empty if there is none. */
        String value() {
            String first = words.get(0);
            int equals = first.startsWith("--") ? first.indexOf('=') : -1;
            if (equals >= 0) {
                return first.substring(equals + 1);
            }
            return words.size() > 1 ? words.get(1) : first.substring(option.length());
        }
    }

    private final Map<String, Takes> options = new TreeMap<>();

    OptionTable with(Takes takes, String... names) {
        for (String name : names) {
            options.put(name, takes);
        }
        return this;
    }

    /** Whether it has all these. */
    boolean knows(Set<String> names) {
        return options.keySet().containsAll(names);
    }

    /**
     * The parts of a command line behind the program. Of an option that is not known, the words up to the next option are its
     * own: they may be, and what was said to the model must not be taken for kept.
     */
    List<Part> parts(List<String> words) {
        List<Part> parts = new ArrayList<>();
        for (int i = 1; i < words.size(); ) {
            String word = words.get(i);
            if (word.equals("--")) {
                // All the rest is said to the model.
                words.subList(i + 1, words.size()).forEach(said -> parts.add(new Part("", true, List.of(said))));
                break;
            }
            if (!isOption(word)) {
                parts.add(new Part("", true, List.of(word)));
                i++;
                continue;
            }
            String name = name(word);
            Takes takes = options.get(name);
            int end = i + 1;
            if (name.length() == word.length()) {
                int most = takes == null || takes == Takes.SEVERAL
                        ? words.size()
                        : takes == Takes.NOTHING ? end : Math.min(words.size(), end + 1);
                while (end < most && (takes == Takes.ONE || !isOption(words.get(end)))) {
                    end++;
                }
            }
            parts.add(new Part(name, takes != null, List.copyOf(words.subList(i, end))));
            i = end;
        }
        return parts;
    }

    private static boolean isOption(String word) {
        return word.length() > 1 && word.startsWith("-");
    }

    /** Without a value that is written in the same word: {@code --name=value}, {@code -nvalue}. */
    private String name(String word) {
        if (word.startsWith("--")) {
            int equals = word.indexOf('=');
            return equals < 0 ? word : word.substring(0, equals);
        }
        String shortName = word.substring(0, 2);
        return word.length() > 2 && options.getOrDefault(shortName, Takes.NOTHING) != Takes.NOTHING ? shortName : word;
    }
}
