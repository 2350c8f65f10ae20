package dev.parley.cli;

import dev.parley.hub.HostClaim;
import dev.parley.hub.HubFile;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Membership;
import dev.parley.hub.RoadException;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.remote.RefusedMail.Refusal;
import dev.parley.remote.RemoteMail;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What the commands about the hub share.
 *
 * @param environment of the command
 * @param out what it prints
 * @param err where it tells what takes long
 */
record HubDesk(Map<String, String> environment, PrintWriter out, PrintWriter err) {

    /** By so much this machine's clock may differ from the hub's without a word. */
    private static final Duration CLOCKS = Duration.ofSeconds(5);

    /** The file that says which hub it is. */
    HubFile file() throws IOException {
        return HubFile.in(PostOffices.home(environment));
    }

    /** What it says. */
    HubSettings settings() throws IOException {
        return file().read().orElseThrow(HubDesk::notJoined);
    }

    /** What is said where there is no such file. */
    static IOException notJoined() {
        return new IOException("this machine has joined no team; see 'parley hub join --help'");
    }

    /** What waits to leave this machine, and what is known of the others, whether or not it has joined a team. */
    RemoteMail mail() throws IOException {
        PostOffice office = PostOffices.open(environment, Trace.NONE);
        return office.remoteMail()
                .orElseThrow(() -> new IOException(office.place() + " has no mail to other machines"));
    }

    /** What tells whether this machine may act in its name. */
    static HostClaim claim(Membership membership, Optional<String> incarnation, RemoteMail mail) throws IOException {
        return new HostClaim(membership.host(), incarnation, mail.cards().beats());
    }

    /** A connection. */
    NatsRoad connect(Membership membership) throws RoadException {
        return Progress.during(
                err, "connecting to " + membership.address(), () -> NatsRoad.open(membership, environment, Trace.NONE));
    }

    /** Which hub it is, for a line. */
    static String described(Membership membership, NatsRoad road) throws RoadException {
        return membership.address() + ", nats-server " + road.serverVersion() + ", " + millis(road.roundTrip())
                + " away";
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }

    /** Whether this machine's clock and the hub's differ by more than is usual. */
    static boolean isWorthTelling(Duration apart) {
        return apart.abs().compareTo(CLOCKS) > 0;
    }

    /**
     * By how much they differ, as a sentence.
     *
     * @param apart from this machine's time to the hub's
     */
    static String apart(Duration apart) {
        return "this machine's clock is " + apart.abs().toSeconds() + " s "
                + (apart.isNegative() ? "ahead of" : "behind") + " the hub's";
    }

    /** What came and was no mail, as the end of a sentence; empty if nothing was. */
    static Optional<String> refused(List<Refusal> kept) {
        if (kept.isEmpty()) {
            return Optional.empty();
        }
        Refusal last = kept.get(kept.size() - 1);
        return Optional.of(
                (last.number() == 1 ? "1 piece of mail; it came" : last.number() + " pieces of mail; the last came")
                        + " from " + last.host() + " at " + last.at().truncatedTo(ChronoUnit.SECONDS) + ": "
                        + PlainText.line(last.reason()));
    }

    void say(String line) {
        out.println(line);
        out.flush();
    }
}
