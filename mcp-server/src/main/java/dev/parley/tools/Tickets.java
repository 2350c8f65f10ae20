package dev.parley.tools;

import dev.parley.address.RequestId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.ToolException;
import dev.parley.peer.Peer;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Event;
import dev.parley.work.Notices;
import java.io.IOException;
import java.util.Map;

/** The tickets of the requests that this session sends: opened before the request is out, and closed once nothing can follow. */
final class Tickets {

    private Tickets() {}

    /** Opens the ticket of a request that is about to be sent. On return it survives a power cut. */
    static PendingAsk open(Envelope request, Visit visit) throws IOException, InterruptedException {
        PendingAsk ask = new PendingAsk(
                request.requestId().orElseThrow(), request.id(), request.to(), request.sentAt(), request.due());
        visit.session().asks().open(ask);
        return ask;
    }

    /** What sends a request, and may fail. */
    @FunctionalInterface
    interface Sending<T> {
        T send() throws ToolException, InterruptedException;
    }

    /** Sends what a ticket is for, or forgets the ticket if it cannot be sent. */
    static <T> T orClosed(PendingAsk ask, Visit visit, Sending<T> sending)
            throws ToolException, IOException, InterruptedException {
        PendingAsks asks = visit.session().asks();
        try {
            return sending.send();
        } catch (ToolException e) {
            close(asks, ask.requestId(), visit.desk());
            throw e;
        }
    }

    /** A ticket is spent. If this fails it runs out by itself. */
    static void close(PendingAsks asks, RequestId ticket, Desk desk) {
        try {
            asks.close(ticket);
        } catch (IOException e) {
            desk.trace().event(Event.ASK_NOT_CLOSED, Map.of("request", ticket.value(), "reason", e.toString()));
        }
    }

    /**
     * A request of this session's was canceled: whoever waits for its answer is told, and closes its ticket; else it is closed.
     *
     * @param work after the change
     */
    static void cancel(Work work, Visit visit) throws InterruptedException {
        RequestId ticket = work.request().requestId().orElseThrow();
        try {
            PendingAsks asks = visit.session().asks();
            if (asks.awaited().contains(ticket)) {
                Notices notices = visit.notices();
                Peer self = visit.session().current();
                var unused = notices.send(notices.ofOwnCancellation(work, self), self, self);
            } else {
                close(asks, ticket, visit.desk());
            }
        } catch (IOException e) {
            visit.desk().trace().event(Event.ASK_NOT_CLOSED, Map.of("request", ticket.value(), "reason", e.toString()));
        }
    }
}
