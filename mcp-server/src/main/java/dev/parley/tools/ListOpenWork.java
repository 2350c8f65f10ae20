package dev.parley.tools;

import dev.parley.address.HostName;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageStatus.Elsewhere;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Work;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.PlainText;
import dev.parley.mcp.Tool;
import dev.parley.office.PostOffice;
import dev.parley.overview.Overview;
import dev.parley.overview.Wait;
import dev.parley.overview.WaitCycle;
import dev.parley.overview.WaitGraph;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.RemotePeer;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Event;
import dev.parley.work.Notices;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code list_open_work}: the requests that are not finished, which this session owes or is owed. */
final class ListOpenWork {

    private static final int MOST = 20;

    /** Bytes for all items and circles together: a list is read in every context that asks for it. */
    private static final int ROOM = 7_900;

    private static final int MOST_CYCLES = 5;

    /** What the caller says. */
    record Input(@Nullable Which which) {}

    /** Which requests. */
    enum Which {
        I_OWE,
        OWED_TO_ME,
        ALL;

        boolean includes(Which side) {
            return this == ALL || this == side;
        }
    }

    /**
     * One request.
     *
     * @param side whose it is to do: never {@link Which#ALL}
     * @param peer the other session, under its present id
     * @param host its machine; empty if that is this one
     * @param isAwaited whether its requester does nothing but wait for the answer
     * @param isCancelRequested whether this session has asked that machine to cancel it, and has not heard of it yet
     */
    private record Item(
            Which side,
            Work work,
            SessionId peer,
            Optional<HostName> host,
            boolean isAwaited,
            boolean isCancelRequested) {}

    private ListOpenWork() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("list_open_work", Input.class, Desk.handler(desk, ListOpenWork::handle))
                .titled("Open requests")
                .describedAs(
                        "Unfinished requests, overdue first: those you owe and those owed to you, who waits right now, and circles"
                                + " of waits.")
                .asReadOnly();
    }

    private static Object handle(Input input, Visit visit) throws IOException, InterruptedException {
        Which which = input.which() == null ? Which.ALL : input.which();
        Instant now = visit.now();
        List<Item> all = new ArrayList<>();
        if (which.includes(Which.I_OWE)) {
            all.addAll(owing(visit.session()));
        }
        if (which.includes(Which.OWED_TO_ME)) {
            all.addAll(owed(visit.session()));
        }
        all.sort(Comparator.comparing((Item item) -> !item.work().isOverdue(now))
                .thenComparing(item -> item.work().isOverdue(now)
                        ? item.work().request().due().orElseThrow()
                        : item.work().request().sentAt()));
        List<Map<String, Object>> cycles = cycles(visit.session());
        int room = ROOM - Answers.size(cycles);
        List<Map<String, Object>> items = new ArrayList<>();
        for (Item item : all) {
            Map<String, Object> shown = shown(item, visit.session(), now);
            room -= Answers.size(shown) + 1;
            if (items.size() == MOST || room < 0) {
                break;
            }
            items.add(shown);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("items", items);
        out.put("omitted", all.size() - items.size());
        out.put("cycles", cycles);
        return out;
    }

    private static List<Item> owing(LocalSession session) throws IOException, InterruptedException {
        PostOffice office = session.office();
        Peer self = session.current();
        List<RemotePeer> elsewhere = office.peers().elsewhere(self.project());
        Map<SessionId, Set<RequestId>> awaited = new HashMap<>();
        List<Item> items = new ArrayList<>();
        for (Work work : session.work().unfinished()) {
            Optional<HostName> host = work.request().host();
            SessionId from = work.request().from().orElseThrow();
            SessionId requester = host.isPresent() ? from : current(from, office);
            boolean isAwaited = host.isPresent()
                    ? isAwaitedAfar(work.request(), elsewhere)
                    : awaited.computeIfAbsent(requester, id -> awaited(id, office))
                            .contains(work.request().requestId().orElseThrow());
            items.add(new Item(Which.I_OWE, work, requester, host, isAwaited, false));
        }
        return items;
    }

    /** As its sender's machine has said a moment ago. */
    private static boolean isAwaitedAfar(Envelope request, List<RemotePeer> elsewhere) {
        return elsewhere.stream()
                .filter(each -> each.peer().host().equals(request.host())
                        && request.from().equals(Optional.of(each.peer().id())))
                .flatMap(each -> each.waits().stream())
                .anyMatch(wait -> wait.host().isEmpty() && wait.question().equals(request.id()));
    }

    private static List<Item> owed(LocalSession session) throws IOException, InterruptedException {
        PostOffice office = session.office();
        Set<RequestId> awaited = session.asks().awaited();
        List<Item> items = new ArrayList<>();
        for (PendingAsk ask : session.asks().all()) {
            try {
                Optional<Elsewhere> elsewhere = Afar.elsewhere(ask, session);
                Optional<Work> open = (elsewhere.isPresent()
                                ? elsewhere.get().work()
                                : office.work(ask.to()).find(ask.messageId()))
                        .filter(work -> !work.state().isTerminal());
                if (open.isPresent()) {
                    items.add(new Item(
                            Which.OWED_TO_ME,
                            open.get(),
                            elsewhere.isPresent() ? ask.to() : current(ask.to(), office),
                            elsewhere.map(Elsewhere::host),
                            awaited.contains(ask.requestId()),
                            elsewhere.filter(Elsewhere::isCancelRequested).isPresent()));
                }
            } catch (IOException e) {
                // One that cannot be read hides no other.
                office.trace()
                        .event(
                                Event.WORK_UNREADABLE,
                                Map.of("message", ask.messageId().value(), "reason", e.toString()));
            }
        }
        return items;
    }

    private static Set<RequestId> awaited(SessionId requester, PostOffice office) {
        try {
            return office.asks(requester).awaited();
        } catch (IOException e) {
            office.trace().event(Event.ASKS_UNREADABLE, Map.of("session", requester.value(), "reason", e.toString()));
            return Set.of();
        }
    }

    private static SessionId current(SessionId id, PostOffice office) {
        try {
            return office.peers().current(id);
        } catch (IOException e) {
            office.trace().event(Event.MOVED_TO_UNREADABLE, Map.of("session", id.value(), "reason", e.toString()));
            return id;
        }
    }

    private static Map<String, Object> shown(Item item, LocalSession session, Instant now)
            throws IOException, InterruptedException {
        Work work = item.work();
        PostOffice office = session.office();
        Optional<Peer> peer = item.host().isPresent()
                ? Optional.of(Afar.peer(
                        item.host().get(), item.peer(), session.current().project(), office))
                : card(item.peer(), office);
        Presence presence = peer.map(card -> Outgoing.presence(card, office))
                .orElse(new Presence(Life.GONE, Activity.ENDED, Optional.empty()));
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("which", word(item.side()));
        out.put("message_id", work.request().id().value());
        out.put("request_id", work.request().requestId().orElseThrow().value());
        out.put("peer", peer.map(Peer::called).orElse(item.peer().value()));
        out.put("head", Notices.head(work.request()));
        out.put("status", work.state().word());
        if (item.isCancelRequested()) {
            out.put("cancel_requested", true);
        }
        Answers.put(out, "note", work.note().map(PlainText::foreign));
        Answers.put(out, "needs", work.needs().map(PlainText::foreign));
        out.put(
                "age_seconds",
                Math.max(0, Duration.between(work.request().sentAt(), now).toSeconds()));
        out.put("due_in_seconds", null);
        Answers.putDue(out, work.request(), now);
        out.put("waiting_now", item.isAwaited());
        out.put("presence", word(presence.life()));
        out.put("activity", presence.activity().inResult());
        return out;
    }

    private static Optional<Peer> card(SessionId id, PostOffice office) {
        try {
            return office.peers().find(id);
        } catch (IOException e) {
            office.trace().event(Event.PRESENCE_UNKNOWN, Map.of("session", id.value(), "reason", e.toString()));
            return Optional.empty();
        }
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The circles that this session is in: it can break them by answering what is asked of it. */
    private static List<Map<String, Object>> cycles(LocalSession session) throws IOException, InterruptedException {
        PostOffice office = session.office();
        SessionId self = session.current().id();
        Overview overview = new Overview(office);
        List<Wait> waits = overview.waits(overview.of(session.project().key())).waits();
        return WaitGraph.cycles(waits).stream()
                .filter(cycle -> cycle.sessions().contains(self))
                .limit(MOST_CYCLES)
                .map(cycle -> shown(cycle.from(self), office))
                .toList();
    }

    private static Map<String, Object> shown(WaitCycle cycle, PostOffice office) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("path", cycle.path(id -> Answers.name(id, office)));
        out.put("answer_first", cycle.last().question().messageId().value());
        out.put("held_up", cycle.waits().stream().allMatch(Wait::isAtThisMoment));
        return out;
    }
}
