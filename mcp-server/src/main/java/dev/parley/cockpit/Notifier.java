package dev.parley.cockpit;

import dev.parley.trace.Why;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a person of what has happened, by each way that they have asked for, and not too often: of one session and one kind once
 * in {@link #QUIET}, and {@link #BURST} at once. What is held back is counted, and the count told with the next. Belongs to one
 * thread.
 */
public final class Notifier {

    /** So long nothing more is told of the same session and kind. */
    static final Duration QUIET = Duration.ofSeconds(30);

    /** So many can be told at once; one more every {@link #PACE}. */
    static final int BURST = 5;

    static final Duration PACE = Duration.ofSeconds(10);

    private static final String TITLE = "Parley";

    private final String title;
    private final List<Announcer> announcers;
    private final Map<String, Instant> told = new HashMap<>();
    private Optional<Instant> filledAt = Optional.empty();
    private double allowance = BURST;
    private int heldBack;

    /**
     * For one project.
     *
     * @param project its directory's name, safe to show
     */
    public Notifier(String project, List<Announcer> announcers) {
        this.title = TITLE + ": " + project;
        this.announcers = List.copyOf(announcers);
    }

    /**
     * Tells it, unless that would be too much.
     *
     * @return why it could not be told, for each way that failed
     */
    public List<String> tell(Notice notice, Instant now) {
        if (announcers.isEmpty() || !admits(notice, now)) {
            return List.of();
        }
        String text = notice.text() + (heldBack == 0 ? "" : " (and " + heldBack + " more before)");
        heldBack = 0;
        List<String> failed = new ArrayList<>();
        for (Announcer announcer : announcers) {
            try {
                announcer.announce(notice, title, text);
            } catch (IOException e) {
                failed.add("cannot notify: " + Why.of(e));
            }
        }
        return failed;
    }

    private boolean admits(Notice notice, Instant now) {
        filledAt.ifPresent(before -> allowance = Math.min(
                BURST, allowance + Math.max(0, Duration.between(before, now).toMillis()) / (double) PACE.toMillis()));
        filledAt = Optional.of(now);
        told.values().removeIf(at -> at.plus(QUIET).isBefore(now));
        String key = notice.kind().word() + " "
                + notice.session().map(Object::toString).orElse("");
        if (told.containsKey(key) || allowance < 1) {
            heldBack++;
            return false;
        }
        told.put(key, now);
        allowance--;
        return true;
    }
}
