package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Work;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Event;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * Whether it is of use to wait for the answer to a question. What happens on this machine tells a wait by itself; what happens on
 * others shows in what is known of them, which is looked at now and then. Belongs to one call.
 */
final class Prospect {

    private final PendingAsk ask;
    private final boolean isAfar;
    private final Visit visit;
    private Optional<Deadlock> deadlock;

    private Prospect(PendingAsk ask, boolean isAfar, Optional<Deadlock> deadlock, Visit visit) {
        this.ask = ask;
        this.isAfar = isAfar;
        this.deadlock = deadlock;
        this.visit = visit;
    }

    /**
     * That of a wait that begins.
     *
     * @param host the machine of who was asked; empty if that is this one
     */
    static Prospect of(PendingAsk ask, Optional<HostName> host, Visit visit) throws IOException, InterruptedException {
        boolean isAfar = host.isPresent();
        return new Prospect(ask, isAfar, Deadlock.closedBy(ask, isAfar, visit), visit);
    }

    /** The circle that this wait closes, as far as was seen by now. */
    Optional<Deadlock> deadlock() {
        return deadlock;
    }

    /** Whether nothing can come any more that is worth waiting for. */
    boolean isGone() throws IOException, InterruptedException {
        deadlock = deadlock.isPresent() ? deadlock : Deadlock.closedMeanwhile(ask, visit);
        return deadlock.isPresent() || (isAfar && ended().isPresent());
    }

    /** The request, if it has come to an end. What cannot be told has not. */
    Optional<Work> ended() {
        try {
            return Afar.work(ask, visit.session()).filter(work -> work.state().isTerminal());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (IOException e) {
            visit.desk()
                    .trace()
                    .event(
                            Event.STATE_UNKNOWN,
                            Map.of("message", ask.messageId().value(), "reason", e.toString()));
            return Optional.empty();
        }
    }
}
