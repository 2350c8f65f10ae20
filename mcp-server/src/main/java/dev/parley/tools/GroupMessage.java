package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.ToolException;
import dev.parley.peer.Groups;
import dev.parley.peer.Groups.Audience;
import dev.parley.peer.Groups.Audience.Members;
import dev.parley.peer.Groups.Audience.Nobody;
import dev.parley.peer.Groups.Audience.TooMany;
import dev.parley.peer.Groups.Audience.Unknown;
import dev.parley.peer.Peer;
import dev.parley.tools.Desk.Visit;
import dev.parley.tools.Outgoing.Stored;
import dev.parley.tools.Outgoing.Wake;
import dev.parley.wake.RingGuard;
import dev.parley.wake.WakeStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A message to a group: a copy to each other session in it that has not ended, each a message of its own with its own id. It
 * asks nothing and rings nobody. What cannot be stored for one receiver is told, and changes nothing for the others.
 */
final class GroupMessage {

    private final SendMessage.Input input;
    private final Peer self;
    private final Visit visit;

    /** A message of this session to the group that its target names. */
    GroupMessage(SendMessage.Input input, Peer self, Visit visit) {
        this.input = input;
        this.self = self;
        this.visit = visit;
    }

    /**
     * Sends it.
     *
     * @return what is known of each copy
     * @throws ToolException if nothing was stored for anybody
     */
    Map<String, Object> send() throws ToolException, IOException {
        refuse("expects_reply: true", Boolean.TRUE.equals(input.expectsReply()));
        refuse("reply_to", input.replyTo() != null);
        refuse("due_minutes", input.dueMinutes() != null);
        refuse("supersedes", input.supersedes() != null);
        Members members = members();
        if (!visit.admitToGroup()) {
            throw new ToolException(
                    "rate-limited",
                    "nothing was sent: this session has sent " + RingGuard.MAX_TO_GROUPS
                            + " messages to groups within 10 min, and each costs every receiver context."
                            + " Send to the one session that needs it, or later");
        }
        List<Map<String, Object>> receivers = new ArrayList<>();
        List<ToolException> failures = new ArrayList<>();
        Instant now = visit.now();
        for (Peer receiver : members.peers()) {
            receivers.add(copy(receiver, members.group(), now, failures));
        }
        if (failures.size() == receivers.size()) {
            throw new ToolException(
                    failures.get(0).code(),
                    "nothing was sent to " + Groups.target(members.group()) + ": receivers says why for each",
                    Map.of("receivers", receivers));
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("target", Groups.target(members.group()));
        out.put("stored", receivers.size() - failures.size());
        out.put("failed", failures.size());
        out.put("receivers", receivers);
        if (input.wake() == WakeMode.AUTO) {
            out.put("wake_status", WakeStatus.DISABLED.inResult());
            out.put("wake_reason", "a message to a group rings and wakes nobody; each sees it when it next looks");
        }
        return out;
    }

    private void refuse(String field, boolean isSaid) throws ToolException {
        if (isSaid) {
            throw new ToolException(
                    "invalid-arguments",
                    field + " goes to one session only: a message to a group informs and asks nothing."
                            + " Nothing was sent; leave it out, or name one session");
        }
    }

    private Members members() throws ToolException, IOException {
        Audience audience =
                Groups.find(input.target(), self, visit.session().office().peers());
        if (audience instanceof Members members) {
            return members;
        }
        if (audience instanceof Nobody none) {
            throw new ToolException(
                    "target-not-found",
                    "nothing was sent: no other session that is running belongs to " + Groups.target(none.group())
                            + "; list_project_sessions shows who is here");
        }
        if (audience instanceof TooMany many) {
            throw new ToolException(
                    "too-many-receivers",
                    "nothing was sent: " + Groups.target(many.group()) + " has " + many.count()
                            + " other members, and a message goes to at the most " + Groups.MOST_RECEIVERS
                            + ". Send to a smaller group, or to those whom it concerns");
        }
        Unknown unknown = (Unknown) audience;
        throw new ToolException(
                "target-not-found",
                "no session belongs to the group " + Outgoing.shown(input.target()) + ": " + unknown.hint(),
                Map.of("groups", unknown.groups().stream().map(Groups::target).toList()));
    }

    private Map<String, Object> copy(Peer receiver, String group, Instant now, List<ToolException> failures) {
        Envelope envelope = Draft.message(null, input.sourceMessageId())
                .addressed(self, receiver, input.body(), now)
                .toGroup(group);
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("target_name", receiver.name());
        Answers.put(out, "host", receiver.host().map(HostName::value));
        out.put("target_session_id", receiver.id().value());
        try {
            Outgoing outgoing = visit.outgoing();
            Stored stored = outgoing.store(envelope, receiver, Wake.OFF, visit.session());
            out.put("message_id", envelope.id().value());
            out.put("state", "stored");
            Outgoing.outlookFields(out, outgoing.sent(stored, receiver, Wake.OFF, Optional.empty(), visit.session()));
        } catch (ToolException e) {
            failures.add(e);
            out.put("error", e.code());
            out.put("message", e.message());
        }
        return out;
    }
}
