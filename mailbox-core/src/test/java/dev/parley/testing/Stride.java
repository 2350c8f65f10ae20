package dev.parley.testing;

import java.util.SplittableRandom;

/**
 * Which of a run's calls a search tries something at: one in {@link #every}, from {@link #first} on. A search of each call costs
 * minutes, so the profile {@code full} tries a part, and with random seeds another one each time; {@code .ci/run --long} sets
 * {@code parley.search.stride} to 1.
 *
 * @param every 1 for each call
 * @param first less than {@code every}
 */
public record Stride(int every, int first) {

    /** One call in so many, the same ones in each run: for the default build. */
    public static Stride fixed(int every) {
        return new Stride(every, 0);
    }

    /** One call in so many, unless {@code parley.search.stride} says otherwise; {@code parley.search.first} repeats a run. */
    public static Stride slow(int every) {
        int asked = Integer.getInteger("parley.search.stride", every);
        int first =
                System.getProperty(FixedSeeds.SEEDS, "").equals("random") ? new SplittableRandom().nextInt(asked) : 0;
        return new Stride(asked, Integer.getInteger("parley.search.first", first));
    }

    /** For what a test prints: which of so many calls were tried. */
    public String of(int calls) {
        return (every == 1 ? "each" : "one in " + every + ", from " + first + " on,") + " of " + calls + " calls";
    }
}
