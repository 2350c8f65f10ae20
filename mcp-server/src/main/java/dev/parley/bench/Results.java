package dev.parley.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was measured: per kind, in the order of measuring, the samples of each candidate. Belongs to one thread. */
public final class Results {

    /**
     * What is measured.
     *
     * @param name for a program
     * @param title for people
     * @param unit of the values
     */
    public record Kind(String name, String title, String unit) {}

    private final Map<Kind, Map<String, Samples>> all = new LinkedHashMap<>();

    Results() {}

    void add(Kind kind, Candidate candidate, double value) {
        all.computeIfAbsent(kind, any -> new LinkedHashMap<>())
                .computeIfAbsent(candidate.label(), any -> new Samples())
                .add(value);
    }

    /** Per kind and label the samples; a candidate that does not offer something is not there. */
    public Map<Kind, Map<String, Samples>> all() {
        return all;
    }
}
