package dev.parley.tools;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.ledger.MessageStatus.Elsewhere;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.ToolException;
import dev.parley.peer.Peer;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.tools.Outgoing.Stored;
import dev.parley.tools.Outgoing.Wake;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Asks another machine to cancel a request of this session's. That machine decides, since its session may have ended the request by
 * then; what came of it is told as a state of the request.
 */
final class RemoteCancellation {

    private static final String REQUESTED = "cancel_requested";

    private RemoteCancellation() {}

    /**
     * Asks for it, once for each request.
     *
     * @param there what is known of the request
     * @throws ToolException if it is none, has ended otherwise, or the cancellation cannot be stored
     */
    static Map<String, Object> request(MessageId messageId, Elsewhere there, WorkChange change, Visit visit)
            throws ToolException, IOException, InterruptedException {
        Work before = there.work().orElseThrow(() -> UpdateWork.notARequest(messageId));
        if (before.state().isTerminal()) {
            return UpdateWork.result(there.work(), new Outcome(before, false), change);
        }
        LocalSession session = visit.session();
        Peer self = session.current();
        Envelope notice = visit.notices().ofRemoteCancellation(before.request(), self, change.note());
        Peer owner = Afar.peer(there.host(), notice.to(), self.project(), session.office());
        Stored stored = visit.outgoing().store(notice, owner, Wake.NATIVE, session);
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("message_id", messageId.value());
        Answers.put(out, "request_id", before.request().requestId().map(RequestId::value));
        out.put("status", REQUESTED);
        out.put("previous_status", before.state().word());
        out.put("changed", false);
        out.put("host", there.host().value());
        Outgoing.outlookFields(out, visit.outgoing().sent(stored, owner, Wake.NATIVE, Optional.empty(), session));
        return out;
    }
}
