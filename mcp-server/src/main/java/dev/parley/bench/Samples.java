package dev.parley.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Measured values of one kind. Belongs to one thread. */
public final class Samples {

    private static final double TAIL = 0.95;

    private final List<Double> values = new ArrayList<>();

    /** Nothing measured yet. */
    Samples() {}

    Samples copy() {
        Samples copy = new Samples();
        copy.values.addAll(values);
        return copy;
    }

    void add(double value) {
        values.add(value);
    }

    /** How many. */
    public int count() {
        return values.size();
    }

    /** The middle one, or the mean of the two in the middle. */
    public double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** The one that 95 in 100 do not exceed: a measured value, never one in between. */
    public double tail() {
        return sorted().get((int) Math.round(TAIL * (values.size() - 1)));
    }

    /** The smallest. */
    public double least() {
        return Collections.min(values);
    }

    /** The largest. */
    public double most() {
        return Collections.max(values);
    }

    private List<Double> sorted() {
        if (values.isEmpty()) {
            throw new IllegalStateException("nothing was measured");
        }
        return values.stream().sorted().toList();
    }
}
