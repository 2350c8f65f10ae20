package dev.parley.bench;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured: per kind, in the order of measuring, the samples of each candidate, or why there are none. Safe for use by
 * several threads.
 */
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
    private final Map<Kind, Map<String, String>> failures = new LinkedHashMap<>();
    private boolean frozen;

    Results() {}

    synchronized void add(Kind kind, Candidate candidate, double value) {
        if (!frozen) {
            samples(kind)
                    .computeIfAbsent(candidate.label(), any -> new Samples())
                    .add(value);
        }
    }

    /** Notes that a candidate cannot do what is measured; the first reason counts. */
    synchronized void cannot(Kind kind, Candidate candidate, String why) {
        if (!frozen) {
            var unused = samples(kind);
            failures.computeIfAbsent(kind, any -> new LinkedHashMap<>()).putIfAbsent(candidate.label(), why);
        }
    }

    private Map<String, Samples> samples(Kind kind) {
        return all.computeIfAbsent(kind, any -> new LinkedHashMap<>());
    }

    /** Takes nothing more: what the servers do from now on, as they are ended, is no result. */
    public synchronized void freeze() {
        frozen = true;
    }

    /** Whether it takes nothing more. */
    public synchronized boolean isFrozen() {
        return frozen;
    }

    /** Per kind and label a copy of the samples; a candidate that does not offer something is not there. */
    public synchronized Map<Kind, Map<String, Samples>> all() {
        Map<Kind, Map<String, Samples>> copy = new LinkedHashMap<>();
        all.forEach((kind, samples) -> {
            Map<String, Samples> own = new LinkedHashMap<>();
            samples.forEach((label, values) -> own.put(label, values.copy()));
            copy.put(kind, own);
        });
        return copy;
    }

    /** Per kind and label why it cannot be measured; the reasons hold what servers said. */
    public synchronized Map<Kind, Map<String, String>> failures() {
        Map<Kind, Map<String, String>> copy = new LinkedHashMap<>();
        failures.forEach((kind, reasons) -> copy.put(kind, new LinkedHashMap<>(reasons)));
        return copy;
    }
}
