package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.cli.HubDrain.Underway;
import dev.parley.hub.HubSettings;
import dev.parley.hub.Membership;
import dev.parley.hub.Road.Entry;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.hub.annex.HubAnnex;
import dev.parley.hub.nats.NatsRoad;
import dev.parley.office.PostOffice;
import dev.parley.remote.RemoteMail;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import dev.parley.trace.Why;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Leaves a team, once what is on its way has arrived. Until then nothing changes, so it may be broken off at any time. */
final class HubLeave {

    /** How long a server needs at the most to notice that its machine has left. */
    private static final int NOTICED_SECONDS = 3;

    private static final int CARRIED_MILLIS = 5_000;

    private final HubDesk desk;
    private final boolean strand;
    private final Duration limit;

    /**
     * Leaves.
     *
     * @param strand whether also if that strands messages
     * @param limit how long it waits for what is on its way
     */
    HubLeave(HubDesk desk, boolean strand, Duration limit) {
        this.desk = desk;
        this.strand = strand;
        this.limit = limit;
    }

    void run() throws IOException, InterruptedException {
        HubSettings settings = desk.settings();
        Membership membership = settings.membership();
        RemoteMail mail = desk.mail();
        String said;
        try (NatsRoad road = desk.connect(membership)) {
            Optional<String> taken = HubDesk.claim(membership, Optional.of(settings.incarnation()), mail)
                    .refusal(entries(road), road.now());
            // What is at the hub for a name that another machine has is that one's.
            Underway left = taken.isPresent() ? new Underway(mail.outbox().size(), 0) : drained(road, mail);
            if (left.isAny() && !strand) {
                throw new IOException(stranded(left, taken, membership, mail));
            }
            boolean isCarried = mail.cards().link().isUp();
            desk.file().remove();
            said = taken.isPresent()
                    ? "; what the hub shows of " + membership.host() + " is the other machine's"
                    : departed(road, membership, left.in(), isCarried);
        } catch (RoadException e) {
            if (!strand) {
                throw new IOException(
                        e.getMessage() + ". What waits" + HubBacklog.of(mail).inBrackets()
                                + " cannot leave now, nor can what the hub shows of this machine be removed;"
                                + " --strand leaves all the same. Nothing was changed",
                        e);
            }
            desk.file().remove();
            said = "; the hub could not be told (" + e.getMessage() + "), and shows this machine as away";
        }
        HubBacklog stays = HubBacklog.of(mail);
        desk.say("left the team " + membership.team() + said
                + (stays.count() == 0
                        ? ""
                        : "; " + stays.count() + (stays.count() == 1 ? " message stays" : " messages stay") + " here"
                                + stays.inBrackets() + ", and go out when this machine joins " + membership.team()
                                + " again"));
    }

    /** Carries the mail while it waits, unless a server of this machine does. */
    private Underway drained(NatsRoad road, RemoteMail mail) throws IOException, InterruptedException {
        HubDrain.Look look = () -> new Underway(mail.outbox().size(), waiting(road));
        Underway now = look.now();
        if (!now.isAny() || limit.isZero()) {
            return now;
        }
        PostOffice office = PostOffices.open(desk.environment(), Trace.NONE);
        Thread postman = new Thread(() -> attend(office), "parley-hub");
        postman.setDaemon(true);
        postman.start();
        try {
            return HubDrain.telling(desk.err()).run(look, limit);
        } finally {
            postman.interrupt();
            postman.join(CARRIED_MILLIS);
        }
    }

    private void attend(PostOffice office) {
        try {
            new HubAnnex().attend(office, desk.environment());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String stranded(Underway left, Optional<String> taken, Membership membership, RemoteMail mail)
            throws IOException {
        Optional<String> trouble = taken.or(() -> trouble(mail));
        return left + " would be stranded" + HubBacklog.of(mail).inBrackets()
                + trouble.map(why -> "; " + why).orElse("")
                + ". Mail leaves while the receivers' machines are there, and take it: try again then, or with a longer"
                + " --timeout. --strand leaves all the same: what waits here stays, and goes out when this machine joins "
                + membership.team() + " again. Nothing was changed";
    }

    private static Optional<String> trouble(RemoteMail mail) {
        try {
            // After a while without a postman that is all it tells.
            return mail.cards().link().trouble();
        } catch (IOException e) {
            return Optional.of("how the connection is cannot be read: " + Why.of(e));
        }
    }

    /** What the hub still had; says what became of that. */
    private static String departed(NatsRoad road, Membership membership, long in, boolean isCarried)
            throws InterruptedException {
        String said = in == 0 ? "" : "; " + in + " messages for it stay at the hub, and with their senders";
        try {
            int seconds = isCarried ? NOTICED_SECONDS : 0;
            for (int second = 0; removeKeys(road, membership.host()) > 0 && second < seconds; second++) {
                // A server of this machine may write them again before it notices.
                Thread.sleep(1_000);
            }
            return said;
        } catch (IOException e) {
            return said + "; the hub could not be told (" + Why.of(e) + "), and shows this machine as away";
        }
    }

    private static long waiting(NatsRoad road) throws RoadException {
        try {
            return road.waiting();
        } catch (RoadException e) {
            if (e.kind() == Kind.MISSING) {
                return 0;
            }
            throw e;
        }
    }

    private static List<Entry> entries(NatsRoad road) throws RoadException {
        try {
            return road.entries();
        } catch (RoadException e) {
            if (e.kind() == Kind.MISSING) {
                return List.of();
            }
            throw e;
        }
    }

    /**
     * Removes the lease, and the cards of sessions.
     *
     * @return how many there were
     */
    private static int removeKeys(NatsRoad road, HostName host) throws RoadException {
        int removed = 0;
        for (Entry entry : entries(road)) {
            if (entry.key().equals(host.value()) || entry.key().startsWith(host + ".")) {
                remove(road, entry);
                removed++;
            }
        }
        return removed;
    }

    private static void remove(NatsRoad road, Entry entry) throws RoadException {
        try {
            road.remove(entry.key(), entry.revision());
        } catch (RoadException e) {
            // Written again in between, by a session that still runs.
            if (e.kind() != Kind.CONFLICT) {
                throw e;
            }
        }
    }
}
