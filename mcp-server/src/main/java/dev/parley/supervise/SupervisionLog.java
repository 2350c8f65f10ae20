package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.process.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What supervisors did for one session; its form is in {@code docs/FORMAT.md}. Immutable.
 *
 * @param steps the newest, oldest first
 */
public record SupervisionLog(List<Step> steps) {

    /** So many are kept. */
    static final int MOST = 20;

    private static final String NONE = "-";

    /** What can be done for a session. */
    public enum What {
        /** A supervisor has begun to look after it. */
        BEGAN("looked after"),
        /** It was resumed after its client had crashed, or its provider's limit had ended. */
        RESUMED("resumed"),
        /** It waits for the end of its provider's limit. */
        PARKED("parked: rate_limited"),
        /** Its client has ended, and nothing had to follow. */
        ENDED("ended"),
        /** Its client has crashed, and it was not resumed. */
        GIVEN_UP("not resumed");

        private final String inWords;

        What(String inWords) {
            this.inWords = inWords;
        }

        /** For a person. */
        public String inWords() {
            return inWords;
        }

        /** The word by which the store and traces call it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One of them.
     *
     * @param at when
     * @param what which
     * @param supervisor by whom
     * @param code the exit code of the client; empty if none has ended
     * @param until when the limit ends, as far as it is told
     */
    public record Step(
            Instant at, What what, ProcessIdentity supervisor, Optional<Integer> code, Optional<Instant> until) {}

    /** Copies the list. */
    public SupervisionLog {
        steps = List.copyOf(steps);
    }

    static SupervisionLog empty() {
        return new SupervisionLog(List.of());
    }

    /** The last step; empty if nobody has ever supervised it. */
    public Optional<Step> last() {
        return steps.isEmpty() ? Optional.empty() : Optional.of(steps.get(steps.size() - 1));
    }

    /** How often it was resumed, of the steps that are kept. */
    public long resumed() {
        return steps.stream().filter(step -> step.what() == What.RESUMED).count();
    }

    SupervisionLog with(Step step) {
        List<Step> next = new ArrayList<>(steps);
        next.add(step);
        return new SupervisionLog(next.subList(Math.max(0, next.size() - MOST), next.size()));
    }

    byte[] encode() {
        StringBuilder out = new StringBuilder();
        for (Step step : steps) {
            out.append(step.what().word())
                    .append(' ')
                    .append(step.at().toEpochMilli())
                    .append(' ')
                    .append(step.supervisor())
                    .append(' ')
                    .append(step.code().map(String::valueOf).orElse(NONE))
                    .append(' ')
                    .append(step.until()
                            .map(at -> Long.toString(at.toEpochMilli()))
                            .orElse(NONE))
                    .append('\n');
        }
        return out.toString().getBytes(UTF_8);
    }

    /**
     * The reverse of {@link #encode}.
     *
     * @throws IllegalArgumentException if it is no such log
     */
    static SupervisionLog decode(byte[] content) {
        SupervisionLog log = empty();
        for (String line : new String(content, UTF_8).lines().toList()) {
            String[] f = line.split(" ", -1);
            if (f.length != 5) {
                throw new IllegalArgumentException("a line that is none");
            }
            log = log.with(new Step(
                    Instant.ofEpochMilli(Long.parseLong(f[1])),
                    What.valueOf(f[0].toUpperCase(Locale.ROOT)),
                    ProcessIdentity.parse(f[2]).orElseThrow(() -> new IllegalArgumentException("no process")),
                    given(f[3]).map(Integer::valueOf),
                    given(f[4]).map(Long::valueOf).map(Instant::ofEpochMilli)));
        }
        return log;
    }

    private static Optional<String> given(String field) {
        return Optional.of(field).filter(text -> !text.equals(NONE));
    }
}
