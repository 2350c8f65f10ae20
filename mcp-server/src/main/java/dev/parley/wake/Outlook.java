package dev.parley.wake;

import dev.parley.client.Clients;
import dev.parley.client.Comeback;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.remote.RemoteCards.Link;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What will happen to a message that is stored, as far as it is known: the same words for tools and commands.
 *
 * @param word one of {@code now}, {@code on_its_way}, {@code next_tool_call}, {@code when_user_answers}, {@code when_read},
 *     {@code when_resumed}, {@code rate-limited}, {@code gone}; or since when the hub cannot be reached
 * @param hint what would wake the receiver, if nothing does and the sender has not said that nothing should, or bring it back
 */
public record Outlook(String word, Optional<String> hint) {

    private static final String RESUMED =
            "its client has ended and is being resumed for this request, for one turn without a terminal; message_status tells"
                    + " how far the request is, and a message from the office, if nothing comes of it";

    /** How a sender says that a line may be typed into the receiver's terminal. */
    public enum Speaker {
        /** An argument of a tool. */
        TOOL("wake: auto"),
        /** An option of a command. */
        COMMAND("--wake auto"),
        /** A choice on a page. */
        PAGE("Wake: by typing too");

        private final String auto;

        Speaker(String auto) {
            this.auto = auto;
        }
    }

    /** How much was done to wake the receiver. */
    public enum Effort {
        /** Nothing, as the sender wished. */
        NONE,
        /** Its bell was rung, and what its client offers was tried. */
        NATIVE,
        /** All that there is. */
        ALL
    }

    /**
     * The outlook of a message.
     *
     * @param presence of the receiver, after all that was done
     * @param report what came of waking it, if that was tried
     * @param mayType whether typing is open to a sender who asks for it, see {@link Ladder#mayType}
     */
    public static Outlook of(
            Peer target,
            Presence presence,
            Effort effort,
            Optional<WakeReport> report,
            boolean mayType,
            Speaker speaker) {
        if (presence.life() == Life.GONE
                && report.flatMap(WakeReport::via)
                        .filter(ResumeRung.NAME::equals)
                        .isPresent()) {
            return new Outlook(Comeback.Way.RESUMED.outlook(), Optional.of(RESUMED));
        }
        if (presence.life() == Life.GONE) {
            Comeback comeback = Comeback.of(target);
            return new Outlook(comeback.way().outlook(), Optional.of(comeback.text()));
        }
        if (report.flatMap(WakeReport::via).isPresent()) {
            return plain("now");
        }
        WakeStatus status = report.map(WakeReport::status).orElse(WakeStatus.DISABLED);
        if (status == WakeStatus.SKIPPED_RATE_LIMITED) {
            return plain("rate-limited");
        }
        if (presence.activity() == Activity.BUSY) {
            return plain("next_tool_call");
        }
        if (presence.activity() == Activity.ASKING) {
            return plain("when_user_answers");
        }
        if (status == WakeStatus.SKIPPED_DEBOUNCED || status == WakeStatus.SKIPPED_DEDUPED) {
            return plain("on_its_way");
        }
        if (effort == Effort.NONE) {
            return plain("when_read");
        }
        // What its user has interrupted waits for its user.
        boolean hears = Clients.of(target).hearsItsBell() && presence.isIdle() && presence.activity() != Activity.HELD;
        // Whoever waited in vain for what comes of the bell knows better.
        boolean waited =
                report.isPresent() && status != WakeStatus.DISABLED && status != WakeStatus.SKIPPED_STORE_ERROR;
        if (hears && !waited) {
            return plain("now");
        }
        // What turned waking off is told as the reason, and no wish of a sender's turns it on.
        boolean off = report.isPresent() && status == WakeStatus.DISABLED;
        return off ? plain("when_read") : new Outlook("when_read", hint(target, effort, mayType, speaker));
    }

    /**
     * The outlook of a message to a session on another machine: that rings for it, and one that has fallen silent gets it when it
     * is back.
     *
     * @param presence of the receiver
     * @param link how the connection is over which it goes
     */
    public static Outlook elsewhere(Peer target, Presence presence, Optional<Link> link) {
        Optional<Link> down = link.filter(it -> !it.isUp());
        if (down.isPresent()) {
            String since = down.get().since().equals(Instant.EPOCH)
                    ? ""
                    : " since " + down.get().since().truncatedTo(ChronoUnit.SECONDS);
            return new Outlook(
                    "hub unreachable" + since + ", will be sent when it is back",
                    down.get().trouble());
        }
        Optional<String> trouble = link.flatMap(Link::trouble);
        if (trouble.isEmpty() && presence.life() == Life.GONE) {
            Comeback comeback = Comeback.of(target);
            return new Outlook(comeback.way().outlook(), Optional.of(comeback.text()));
        }
        return new Outlook(
                "on_its_way",
                trouble.isPresent() || presence.life() == Life.LIVE
                        ? trouble
                        : Optional.of(target.host().orElseThrow() + " is silent: it gets this when it is back"));
    }

    private static Outlook plain(String word) {
        return new Outlook(word, Optional.empty());
    }

    private static Optional<String> hint(Peer target, Effort effort, boolean mayType, Speaker speaker) {
        if (!Clients.of(target).isTypedTo()) {
            return Optional.of("nothing can wake its client: it sees this when it reads");
        }
        return effort == Effort.ALL || !mayType
                ? Optional.empty()
                : Optional.of("nothing wakes it; " + speaker.auto + " would type into its tmux pane, if that is safe");
    }
}
