package dev.parley.cockpit.web;

import dev.parley.address.SessionId;
import dev.parley.client.Comeback;
import dev.parley.cockpit.SessionEvent;
import dev.parley.cockpit.SessionHistory;
import dev.parley.cockpit.WorkWords;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Message;
import dev.parley.overview.Need;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.Standing;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Unreadable;
import dev.parley.overview.Wait;
import dev.parley.peer.Peer;
import dev.parley.peer.RemotePeer;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What is shown, as fields of JSON. All text of sessions is made safe to show here, as in every other view; the page puts it
 * into the document as text, never as markup.
 */
final class Fields {

    private Fields() {}

    /** So many of the newest are told of a session. */
    static final int MOST_EVENTS = 5;

    static Map<String, Object> session(Standing standing, UnreadMail unread, SessionHistory history, Instant now) {
        Peer peer = standing.session().peer();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("id", peer.id().value());
        out.put("name", PlainText.line(peer.name()));
        out.put("client", PlainText.line(peer.client()));
        put(out, "purpose", peer.purpose().map(PlainText::line));
        out.put("cwd", PlainText.line(peer.cwd()));
        out.put("need", word(standing.need()));
        out.put("life", word(standing.session().presence().life()));
        out.put("activity", standing.session().presence().activity().inResult());
        out.put("begun", standing.session().hasBegun());
        put(out, "since", standing.since().map(Instant::toString));
        put(out, "parked", history.parkedAt(now).map(Fields::event));
        put(out, "supervisor", history.present().map(step -> step.supervisor().pid()));
        out.put(
                "events",
                history.newest(MOST_EVENTS).stream().map(Fields::event).toList());
        out.put("more_events", history.earlier(MOST_EVENTS));
        put(out, "unread", unread.count());
        put(out, "trouble", unread.trouble().map(PlainText::line));
        if (standing.session().isGone()) {
            out.put("comeback", PlainText.line(Comeback.of(peer).text()));
        }
        return out;
    }

    /** A session on another machine, under the target that means it. */
    static Map<String, Object> elsewhere(RemotePeer each, Instant now) {
        Peer peer = each.peer();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("id", peer.id() + "@" + peer.host().orElseThrow());
        out.put("name", peer.called());
        out.put("client", PlainText.line(peer.client()));
        put(out, "purpose", peer.purpose().map(PlainText::line));
        out.put("need", word(Need.of(each, now)));
        out.put("life", word(each.presence().life()));
        put(out, "since", each.presence().since().map(Instant::toString));
        out.put("away", each.isAway());
        return out;
    }

    /** The session that wrote a message, as a target; empty if none did. */
    static Optional<String> sender(Message message) {
        return message.sender()
                .map(SessionId::value)
                .or(() -> message.envelope()
                        .host()
                        .flatMap(host -> message.envelope().from().map(from -> from + "@" + host)));
    }

    /** Something that was done to go on with a session, or keeps anybody from it. */
    private static Map<String, Object> event(SessionEvent event) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("at", event.at().toString());
        out.put("what", PlainText.line(event.what()));
        put(out, "until", event.until().map(Instant::toString));
        put(out, "ended", event.ended().map(Instant::toString));
        put(out, "cost", event.cost().map(PlainText::line));
        put(out, "why", event.why().map(PlainText::line));
        return out;
    }

    static Map<String, Object> wait(Wait wait, ProjectOverview project) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("asker", wait.asker().value());
        out.put("asker_name", name(wait.asker(), project));
        out.put("asked", wait.asked().target());
        out.put("asked_name", PlainText.line(project.name(wait.asked())));
        out.put("message", wait.question().messageId().value());
        out.put("since", wait.since().toString());
        out.put("now", wait.isAtThisMoment());
        return out;
    }

    /** A request that is not finished. */
    static Map<String, Object> work(OwedWork item, ProjectOverview project) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("message", item.work().request().id().value());
        out.put("owner", item.owner().target());
        out.put("owner_name", PlainText.line(project.name(item.owner())));
        put(out, "requester", item.requester().map(SessionId::value));
        out.put("requester_name", WorkWords.requester(item, project));
        out.put("state", item.work().state().word());
        out.put("since", item.since().toString());
        put(out, "due", item.work().request().due().map(Instant::toString));
        out.put("overdue", item.isOverdue());
        put(out, "said", WorkWords.said(item.work()));
        out.put("now", item.isAwaited());
        return out;
    }

    static String name(SessionId id, ProjectOverview project) {
        return PlainText.line(project.name(id));
    }

    /** A message without its body. */
    static Map<String, Object> heading(Message message) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("id", message.id().value());
        out.put("at", message.sentAt().toString());
        out.put("origin", word(message.envelope().origin()));
        put(out, "from", sender(message));
        out.put("from_name", PlainText.line(message.senderName()));
        out.put("to", message.receiver().value());
        out.put("to_name", PlainText.line(message.receiverName()));
        out.put("question", message.isQuestion());
        put(out, "about", message.envelope().sourceMessageId());
        out.put("state", word(message.status().state()));
        put(out, "rung_at", message.status().rung().map(rung -> rung.at().toString()));
        put(out, "handed_at", message.status().handed().map(Instant::toString));
        put(out, "shown_at", message.status().shown().map(Instant::toString));
        put(out, "answered_at", message.status().answered().map(Instant::toString));
        return out;
    }

    static Map<String, Object> message(Message message, int depth) {
        Map<String, Object> out = heading(message);
        out.put("depth", depth);
        out.put("body", PlainText.lines(message.envelope().body()));
        return out;
    }

    static Map<String, Object> unreadable(Unreadable trouble, ProjectOverview project) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put(
                "what",
                trouble.messageId()
                                .map(id -> "message " + PlainText.line(id.value()) + " to ")
                                .orElse("some of the post of ")
                        + name(trouble.session(), project));
        out.put("reason", PlainText.line(trouble.reason()));
        return out;
    }

    static Map<String, Object> trouble(String what, String reason) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("what", what);
        out.put("reason", PlainText.line(reason));
        return out;
    }

    static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static void put(Map<String, Object> out, String name, Optional<?> value) {
        value.ifPresent(present -> out.put(name, present));
    }
}
