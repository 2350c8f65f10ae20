package dev.parley.wake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.MessageId;
import dev.parley.process.ProcessIdentity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What was done to resume one session for requests; its form is in {@code docs/FORMAT.md}. Immutable.
 *
 * @param runs the newest starts, oldest first
 * @param parking what keeps it from being resumed
 * @param told the requests whose requester knows that the session is not resumed for it, oldest first
 */
public record ResumeLog(List<Run> runs, Optional<Parking> parking, List<MessageId> told) {

    /** So many starts are kept. */
    static final int MOST_RUNS = 20;

    /** So many requests are kept that were told of. */
    static final int MOST_TOLD = 200;

    private static final String NONE = "-";
    private static final String WORD = "[a-z_]{1,40}";
    private static final String COST = "[0-9A-Za-z.+]{1,20}(_[0-9A-Za-z.+]{1,20}){0,3}";

    /**
     * A start.
     *
     * @param request for which it was made; empty if a person made it
     * @param began when
     * @param end how it ended; empty as long as nobody has noted that
     */
    public record Run(Optional<MessageId> request, Instant began, Optional<End> end) {}

    /**
     * The end of one.
     *
     * @param at when
     * @param outcome what came of it
     * @param cost what the client says that it cost, in words with an underscore between them
     */
    public record End(Instant at, Outcome outcome, Optional<String> cost) {

        /** Drops a cost that is none. */
        public End {
            cost = cost.filter(text -> text.matches(COST));
        }

        /** The cost, as a person reads it. */
        public Optional<String> costInWords() {
            return cost.map(text -> text.replace('_', ' '));
        }
    }

    /** What came of a start. */
    public enum Outcome {
        /** The client did its turn. */
        DONE("did its turn"),
        /** The client came to nothing. */
        FAILED("came to nothing"),
        /** The client was ended, since somebody else runs the session. */
        GAVE_WAY("was ended, since its user runs the session");

        private final String inWords;

        Outcome(String inWords) {
            this.inWords = inWords;
        }

        /** For a person. */
        public String inWords() {
            return inWords;
        }
    }

    /**
     * That it is not resumed.
     *
     * @param since when that was noted
     * @param reason one of the words of {@code docs/WAKING.md}
     * @param until when it ends by itself; empty if only a sign of life ends it
     * @param server the session's newest server then; empty if it has none
     */
    public record Parking(Instant since, String reason, Optional<Instant> until, Optional<ProcessIdentity> server) {

        /**
         * Whether it is over: its time has come, or the session was started since.
         *
         * @param active when the session's client last said what it does, if ever
         * @param newest its newest server now; empty if it has none
         */
        public boolean isOver(Instant now, Optional<Instant> active, Optional<ProcessIdentity> newest) {
            return until.filter(end -> !now.isBefore(end)).isPresent()
                    || active.filter(since::isBefore).isPresent()
                    || (newest.isPresent() && !newest.equals(server));
        }

        /** In words: {@code parked: rate_limited until 2026-01-02T03:04:05Z}. */
        public String inWords() {
            return "parked: " + reason + until.map(end -> " until " + end).orElse("");
        }
    }

    /** Copies the lists. */
    public ResumeLog {
        runs = List.copyOf(runs);
        told = List.copyOf(told);
    }

    static ResumeLog empty() {
        return new ResumeLog(List.of(), Optional.empty(), List.of());
    }

    ResumeLog began(Optional<MessageId> request, Instant at) {
        return new ResumeLog(
                last(plus(runs, new Run(request, at, Optional.empty())), MOST_RUNS), Optional.empty(), told);
    }

    /** The newest start has ended. */
    ResumeLog ended(End end) {
        if (runs.isEmpty() || runs.get(runs.size() - 1).end().isPresent()) {
            return this;
        }
        Run last = runs.get(runs.size() - 1);
        List<Run> next =
                plus(runs.subList(0, runs.size() - 1), new Run(last.request(), last.began(), Optional.of(end)));
        return new ResumeLog(next, parking, told);
    }

    ResumeLog parked(Optional<Parking> next) {
        return new ResumeLog(runs, next, told);
    }

    ResumeLog told(MessageId request) {
        return told.contains(request) ? this : new ResumeLog(runs, parking, last(plus(told, request), MOST_TOLD));
    }

    ResumeLog notTold(MessageId request) {
        return new ResumeLog(
                runs, parking, told.stream().filter(one -> !one.equals(request)).toList());
    }

    private static <T> List<T> plus(List<T> list, T one) {
        List<T> next = new ArrayList<>(list);
        next.add(one);
        return next;
    }

    private static <T> List<T> last(List<T> list, int most) {
        return list.subList(Math.max(0, list.size() - most), list.size());
    }

    byte[] encode() {
        StringBuilder out = new StringBuilder();
        for (Run run : runs) {
            line(
                    out,
                    "run",
                    millis(run.began()),
                    run.request().map(MessageId::value).orElse(NONE),
                    run.end().map(end -> millis(end.at())).orElse(NONE),
                    run.end()
                            .map(end -> end.outcome().name().toLowerCase(Locale.ROOT))
                            .orElse(NONE),
                    run.end().flatMap(End::cost).orElse(NONE));
        }
        parking.ifPresent(parked -> line(
                out,
                "parked",
                millis(parked.since()),
                parked.reason(),
                parked.until().map(ResumeLog::millis).orElse(NONE),
                parked.server().map(ProcessIdentity::toString).orElse(NONE)));
        told.forEach(request -> line(out, "told", request.value()));
        return out.toString().getBytes(UTF_8);
    }

    private static void line(StringBuilder out, String... fields) {
        out.append(String.join(" ", fields)).append('\n');
    }

    private static String millis(Instant at) {
        return Long.toString(at.toEpochMilli());
    }

    /**
     * The reverse of {@link #encode}.
     *
     * @throws IllegalArgumentException if it is no such log
     */
    static ResumeLog decode(byte[] content) {
        List<Run> runs = new ArrayList<>();
        Optional<Parking> parking = Optional.empty();
        List<MessageId> told = new ArrayList<>();
        for (String line : new String(content, UTF_8).lines().toList()) {
            String[] f = line.split(" ", -1);
            switch (f[0] + f.length) {
                case "run6" -> runs.add(run(f));
                case "parked5" -> parking = Optional.of(parking(f));
                case "told2" -> told.add(new MessageId(f[1]));
                default -> throw new IllegalArgumentException("a line that is none: " + f[0]);
            }
        }
        return new ResumeLog(runs, parking, told);
    }

    private static Run run(String[] f) {
        Optional<End> end =
                given(f[3]).map(at -> new End(at(at), Outcome.valueOf(f[4].toUpperCase(Locale.ROOT)), given(f[5])));
        return new Run(given(f[2]).map(MessageId::new), at(f[1]), end);
    }

    private static Parking parking(String[] f) {
        if (!f[2].matches(WORD)) {
            throw new IllegalArgumentException("no reason for parking");
        }
        return new Parking(
                at(f[1]),
                f[2],
                given(f[3]).map(ResumeLog::at),
                given(f[4])
                        .map(server -> ProcessIdentity.parse(server)
                                .orElseThrow(() -> new IllegalArgumentException("no process"))));
    }

    private static Optional<String> given(String field) {
        return Optional.of(field).filter(text -> !text.equals(NONE));
    }

    private static Instant at(String millis) {
        return Instant.ofEpochMilli(Long.parseLong(millis));
    }
}
