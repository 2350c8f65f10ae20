package dev.parley.cockpit;

import dev.parley.address.MessageId;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.supervise.SupervisionLog.Step;
import dev.parley.supervise.SupervisionLog.What;
import dev.parley.wake.ResumeLog.End;
import dev.parley.wake.ResumeLog.Parking;
import dev.parley.wake.ResumeLog.Run;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Something that was done to go on with a session, or that keeps anybody from it, as every view tells it. The words are Parley's
 * own; nothing in them was written by a peer. Immutable.
 */
public sealed interface SessionEvent {

    /** The oldest first. */
    Comparator<SessionEvent> BY_TIME = Comparator.comparing(SessionEvent::at);

    /** The session. */
    Peer peer();

    /** When it began. */
    Instant at();

    /** What it was: {@code resumed for m-…: did its turn}. */
    String what();

    /** Until when it lasts by itself. */
    default Optional<Instant> until() {
        return Optional.empty();
    }

    /** When it ended. */
    default Optional<Instant> ended() {
        return Optional.empty();
    }

    /** What it cost, as far as the client tells. */
    default Optional<String> cost() {
        return Optional.empty();
    }

    /** Why it was done. */
    default Optional<String> why() {
        return Optional.empty();
    }

    /** Whether nobody goes on with the session by itself any more. */
    boolean isTrouble();

    /** The word by which programs tell it from the other kinds. */
    String kind();

    /** For programs: all that is known. */
    Map<String, @Nullable Object> asMap();

    /** In words: {@code resumed for m-…: did its turn (2026-01-02 10:02:40), 0.0123 USD}. */
    default String words(ZoneId zone) {
        return words(at -> Lines.time(at, zone));
    }

    /**
     * The same.
     *
     * @param time how a time is written
     */
    default String words(Function<Instant, String> time) {
        return what()
                + until().map(at -> " until " + time.apply(at)).orElse("")
                + ended().map(at -> " (" + time.apply(at) + ")").orElse("")
                + cost().map(cost -> ", " + cost).orElse("")
                + why().map(why -> ": " + why).orElse("");
    }

    /** The session's name, safe to show. */
    default String name() {
        return PlainText.untagged(PlainText.line(peer().name()));
    }

    /** In a line, with when and of whom. */
    default String line(ZoneId zone) {
        return Lines.time(at(), zone) + "  " + name() + " " + words(zone);
    }

    private static Map<String, @Nullable Object> of(Peer peer) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        out.put("session", peer.id().value());
        out.put("session_name", peer.name());
        return out;
    }

    private static @Nullable String text(Optional<Instant> time) {
        return time.map(Instant::toString).orElse(null);
    }

    /**
     * A session that had ended was started, for a turn without a terminal.
     *
     * @param run the start
     * @param isGoingOn whether somebody still runs it
     */
    record Resumed(Peer peer, Run run, boolean isGoingOn) implements SessionEvent {

        @Override
        public Instant at() {
            return run.began();
        }

        @Override
        public String what() {
            return "resumed " + run.request().map(request -> "for " + request).orElse("by hand") + ": "
                    + run.end()
                            .map(end -> end.outcome().inWords())
                            .orElse(isGoingOn ? "it is in its turn" : "its end was not noted");
        }

        @Override
        public Optional<Instant> ended() {
            return run.end().map(End::at);
        }

        @Override
        public Optional<String> cost() {
            return run.end().flatMap(End::costInWords);
        }

        @Override
        public boolean isTrouble() {
            return false;
        }

        @Override
        public String kind() {
            return "resume";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            Map<String, @Nullable Object> out = of(peer);
            out.put("request", run.request().map(MessageId::value).orElse(null));
            out.put("began_at", run.began().toString());
            out.put("ended_at", text(ended()));
            out.put(
                    "outcome",
                    run.end()
                            .map(end -> end.outcome().name().toLowerCase(Locale.ROOT))
                            .orElse(null));
            out.put("cost", cost().orElse(null));
            return out;
        }
    }

    /** A session that has ended is not started for requests any more. */
    record Parked(Peer peer, Parking parking) implements SessionEvent {

        @Override
        public Instant at() {
            return parking.since();
        }

        @Override
        public String what() {
            return "not resumed for requests, parked: " + parking.reason();
        }

        @Override
        public Optional<Instant> until() {
            return parking.until();
        }

        @Override
        public boolean isTrouble() {
            return true;
        }

        @Override
        public String kind() {
            return "resume_parked";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            Map<String, @Nullable Object> out = of(peer);
            out.put("at", parking.since().toString());
            out.put("reason", parking.reason());
            out.put("until", text(parking.until()));
            return out;
        }
    }

    /**
     * A supervisor did something for a session.
     *
     * @param step what
     * @param before who supervised it before, and has noted no end: it was displaced, or is dead; empty if nobody did
     */
    record Supervised(Peer peer, Step step, Optional<ProcessIdentity> before) implements SessionEvent {

        @Override
        public Instant at() {
            return step.at();
        }

        @Override
        public String what() {
            return switch (step.what()) {
                        case BEGAN ->
                            "supervised by process " + step.supervisor().pid();
                        case ENDED ->
                            "ended" + step.code().map(code -> " with " + code).orElse("");
                        case RESUMED, PARKED, GIVEN_UP -> step.what().inWords();
                    }
                    + before.map(process -> ", in place of process " + process.pid() + ", which noted no end")
                            .orElse("");
        }

        @Override
        public Optional<Instant> until() {
            return step.until();
        }

        @Override
        public Optional<String> why() {
            return step.code()
                    .filter(code -> step.what() != What.ENDED)
                    .map(code -> "its client had ended with " + code);
        }

        @Override
        public boolean isTrouble() {
            return switch (step.what()) {
                case PARKED, GIVEN_UP -> true;
                case BEGAN, RESUMED, ENDED -> false;
            };
        }

        @Override
        public String kind() {
            return "supervision";
        }

        @Override
        public Map<String, @Nullable Object> asMap() {
            Map<String, @Nullable Object> out = of(peer);
            out.put("at", step.at().toString());
            out.put("what", step.what().word());
            out.put("exit_code", step.code().orElse(null));
            out.put("until", text(step.until()));
            out.put("supervisor_pid", step.supervisor().pid());
            out.put("in_place_of_pid", before.map(ProcessIdentity::pid).orElse(null));
            return out;
        }
    }
}
