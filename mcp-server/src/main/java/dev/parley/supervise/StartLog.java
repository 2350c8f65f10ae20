package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.SessionId;
import dev.parley.process.ProcessIdentity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is remembered of starts; its form is in {@code docs/FORMAT.md}. Immutable.
 *
 * @param starts those of the last hour, oldest first
 * @param sessions what stands between a session and its next start, in the order in which that was noted
 */
record StartLog(List<Start> starts, Map<SessionId, Standing> sessions) {

    /** So many sessions are remembered; the ones that were noted first are forgotten first. */
    static final int MOST_SESSIONS = 500;

    private static final String NONE = "-";
    private static final String BACK_OFF = "back_off";

    /**
     * A session was started.
     *
     * @param hops the replies that led to the request
     */
    record Start(Moment at, SessionId session, int hops) {}

    /**
     * What is known of one session.
     *
     * @param failures attempts in a row that came to nothing
     * @param pause what keeps it from being started
     * @param run the attempt that is under way, or whose end nobody has noted
     */
    record Standing(int failures, Optional<Pause> pause, Optional<Run> run) {

        static final Standing NOTHING = new Standing(0, Optional.empty(), Optional.empty());

        Standing with(Run next) {
            return new Standing(failures, Optional.empty(), Optional.of(next));
        }
    }

    /**
     * A time in which nothing is started.
     *
     * @param from when it began
     * @param length how long; empty for as long as nobody ends it
     * @param reason empty for the time between two attempts
     */
    record Pause(Moment from, Optional<Duration> length, Optional<ParkReason> reason) {

        /** What is left of it; empty without an end, zero if it is over. */
        Optional<Duration> left(Moment now) {
            return length.map(all -> {
                Duration left = all.minus(now.since(from));
                return left.isNegative() ? Duration.ZERO : left;
            });
        }

        boolean isOver(Moment now) {
            return left(now).filter(Duration::isZero).isPresent();
        }
    }

    /**
     * An attempt.
     *
     * @param ownership by which it was made, see {@link dev.parley.lock.RenewableLease#ownership}
     * @param starter the process that makes it
     * @param child the client that it has started; empty before
     */
    record Run(Moment at, String ownership, ProcessIdentity starter, Optional<ProcessIdentity> child) {}

    StartLog {
        starts = List.copyOf(starts);
        sessions = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(sessions));
    }

    static StartLog empty() {
        return new StartLog(List.of(), Map.of());
    }

    Standing standing(SessionId session) {
        return sessions.getOrDefault(session, Standing.NOTHING);
    }

    /** The log with another standing of a session, noted last. */
    StartLog with(SessionId session, Standing standing) {
        Map<SessionId, Standing> next = new LinkedHashMap<>(sessions);
        next.remove(session);
        if (!standing.equals(Standing.NOTHING)) {
            next.put(session, standing);
        }
        while (next.size() > MOST_SESSIONS) {
            next.remove(next.keySet().iterator().next());
        }
        return new StartLog(starts, next);
    }

    /** The log with one more start. */
    StartLog with(Start start) {
        List<Start> next = new ArrayList<>(starts);
        next.add(start);
        return new StartLog(next, sessions);
    }

    /** Without starts that are an hour old, and with nothing in the future. */
    StartLog asOf(Moment now) {
        List<Start> recent = starts.stream()
                .filter(start -> now.since(start.at()).compareTo(StartLimits.HOUR) < 0)
                .map(start -> new Start(start.at().notAfter(now), start.session(), start.hops()))
                .toList();
        Map<SessionId, Standing> next = new LinkedHashMap<>();
        sessions.forEach((session, standing) -> next.put(
                session,
                new Standing(
                        standing.failures(),
                        standing.pause()
                                .map(pause -> new Pause(pause.from().notAfter(now), pause.length(), pause.reason())),
                        standing.run()
                                .map(run -> new Run(
                                        run.at().notAfter(now), run.ownership(), run.starter(), run.child())))));
        return new StartLog(recent, next);
    }

    byte[] encode() {
        StringBuilder out = new StringBuilder();
        for (Start start : starts) {
            line(out, "start", start.at().encode(), start.session(), start.hops());
        }
        sessions.forEach((session, standing) -> {
            line(out, "session", session, standing.failures());
            standing.pause()
                    .ifPresent(pause -> line(
                            out,
                            "pause",
                            pause.from().encode(),
                            session,
                            pause.length()
                                    .map(length -> Long.toString(length.toMillis()))
                                    .orElse(NONE),
                            pause.reason().map(ParkReason::word).orElse(BACK_OFF)));
            standing.run()
                    .ifPresent(run -> line(
                            out,
                            "run",
                            run.at().encode(),
                            session,
                            run.ownership(),
                            run.starter(),
                            run.child().map(Object::toString).orElse(NONE)));
        });
        return out.toString().getBytes(UTF_8);
    }

    private static void line(StringBuilder out, Object... fields) {
        for (int i = 0; i < fields.length; i++) {
            out.append(i == 0 ? "" : " ").append(fields[i]);
        }
        out.append('\n');
    }

    /**
     * The reverse of {@link #encode}.
     *
     * @throws IllegalArgumentException if it is no log; says which line is none
     */
    static StartLog decode(byte[] content) {
        StartLog log = empty();
        int number = 0;
        for (String line : new String(content, UTF_8).lines().toList()) {
            number++;
            try {
                log = log.plus(line.split(" ", -1));
            } catch (RuntimeException e) {
                throw new IllegalArgumentException("line " + number + " is none that this version knows", e);
            }
        }
        return log;
    }

    private StartLog plus(String[] f) {
        switch (f[0] + f.length) {
            case "start6":
                return with(new Start(moment(f), new SessionId(f[4]), Integer.parseInt(f[5])));
            case "session3":
                return put(
                        new SessionId(f[1]), new Standing(Integer.parseInt(f[2]), Optional.empty(), Optional.empty()));
            case "pause7":
                SessionId paused = new SessionId(f[4]);
                Optional<Duration> length =
                        f[5].equals(NONE) ? Optional.empty() : Optional.of(Duration.ofMillis(Long.parseLong(f[5])));
                Optional<ParkReason> reason = f[6].equals(BACK_OFF)
                        ? Optional.empty()
                        : Optional.of(ParkReason.valueOf(f[6].toUpperCase(Locale.ROOT)));
                Standing before = standing(paused);
                return put(
                        paused,
                        new Standing(
                                before.failures(), Optional.of(new Pause(moment(f), length, reason)), before.run()));
            case "run8":
                SessionId running = new SessionId(f[4]);
                Optional<ProcessIdentity> child = f[7].equals(NONE) ? Optional.empty() : Optional.of(process(f[7]));
                Standing so = standing(running);
                return put(
                        running,
                        new Standing(
                                so.failures(),
                                so.pause(),
                                Optional.of(new Run(moment(f), f[5], process(f[6]), child))));
            default:
                throw new IllegalArgumentException(f[0]);
        }
    }

    /** As it is noted, also if it says nothing. */
    private StartLog put(SessionId session, Standing standing) {
        Map<SessionId, Standing> next = new LinkedHashMap<>(sessions);
        next.put(session, standing);
        return new StartLog(starts, next);
    }

    private static Moment moment(String[] f) {
        return Moment.decode(f[1], f[2], f[3]).orElseThrow();
    }

    private static ProcessIdentity process(String text) {
        return ProcessIdentity.parse(text).orElseThrow();
    }
}
