package dev.parley.cockpit.watch;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.SessionHistory;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.MessageStatus;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.overview.Message;
import dev.parley.overview.OpenRequests;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Wait;
import dev.parley.overview.Who;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.RemotePeer;
import dev.parley.supervise.SupervisionLog;
import dev.parley.supervise.SupervisionLog.Step;
import dev.parley.wake.ResumeLog.Parking;
import dev.parley.wake.ResumeLog.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A project that a test makes up: sessions, questions and messages, seen at one moment. */
public final class Scene {

    /** The moment. */
    public static final Instant NOW = Instant.parse("2026-03-04T12:00:00Z");

    static final ZoneId ZONE = ZoneOffset.UTC;
    static final String ROOT = "/work/shop";

    private final List<SessionOverview> sessions = new ArrayList<>();
    private final List<RemotePeer> elsewhere = new ArrayList<>();
    private final List<Wait> waits = new ArrayList<>();
    private final List<OwedWork> owed = new ArrayList<>();
    private final Map<SessionId, UnreadMail> unread = new HashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private final Map<SessionId, SessionHistory> histories = new HashMap<>();
    private int count;

    /** The id of a session. */
    public static SessionId id(String name) {
        return new SessionId(name + "-session");
    }

    /** Adds a session that has done something for so long. */
    public Scene session(String name, Activity activity, Duration since, String client, String purpose) {
        Life life = activity == Activity.ENDED ? Life.GONE : Life.LIVE;
        return session(name, new Presence(life, activity, Optional.of(NOW.minus(since))), client, purpose);
    }

    /** Adds a session. */
    public Scene session(String name, Presence presence, String client, String purpose) {
        Peer peer = new Peer(
                id(name),
                name,
                client,
                purpose.isEmpty() ? Optional.empty() : Optional.of(purpose),
                Optional.of(NOW),
                ROOT,
                ROOT + "/.git",
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                NOW.minusSeconds(10_000),
                Optional.empty());
        sessions.add(new SessionOverview(peer, presence));
        return this;
    }

    /** Adds a session of another machine. */
    Scene elsewhere(String name, Presence presence, boolean isAway) {
        Peer peer = Peer.elsewhere(
                new HostName("build-server"),
                id(name),
                name,
                "codex",
                Optional.of("builds"),
                Optional.of(NOW),
                ROOT + "/.git",
                NOW);
        elsewhere.add(new RemotePeer(peer, presence, isAway, List.of()));
        return this;
    }

    /** Has so much mail wait. */
    Scene unread(String name, int mail) {
        unread.put(id(name), new UnreadMail(Optional.of(mail), Optional.empty()));
        return this;
    }

    /** Has all of this have been done to go on with a session; whoever made the last step holds it. */
    Scene history(String name, List<Run> starts, Optional<Parking> parking, List<Step> steps) {
        Peer peer = sessions.stream()
                .map(SessionOverview::peer)
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
        SupervisionLog supervision = new SupervisionLog(steps);
        histories.put(
                id(name),
                new SessionHistory(
                        peer,
                        starts,
                        parking,
                        parking.isPresent(),
                        supervision,
                        supervision.last().map(Step::supervisor),
                        Optional.empty()));
        return this;
    }

    /** One session asks another. */
    public Scene waits(String asker, String asked, Duration since, boolean now) {
        return waits(asker, Who.here(id(asked)), since, now);
    }

    /** One session asks one on another machine. */
    Scene waitsElsewhere(String asker, String asked, Duration since) {
        return waits(asker, new Who(Optional.of(new HostName("build-server")), id(asked)), since, true);
    }

    private Scene waits(String asker, Who asked, Duration since, boolean now) {
        count++;
        waits.add(new Wait(
                id(asker),
                asked,
                new PendingAsk(
                        new RequestId("q-%016d".formatted(count)),
                        new MessageId("m-%016d".formatted(count)),
                        asked.id(),
                        NOW.minus(since)),
                now));
        return this;
    }

    /**
     * One session owes another.
     *
     * @param due how long after the beginning it is due
     * @param note what its owner has said of it
     */
    public Scene owes(
            String owner, String requester, Duration ago, WorkState state, Optional<Duration> due, String note) {
        count++;
        owed.add(OpenRequests.item(
                new MessageId("m-%016d".formatted(count)),
                id(owner),
                id(requester),
                requester,
                NOW.minus(ago),
                due.map(NOW::plus),
                state,
                note.isEmpty() ? Optional.empty() : Optional.of(note)));
        return this;
    }

    private static Optional<SessionId> sender(String name) {
        return name.equals("operator") ? Optional.empty() : Optional.of(id(name));
    }

    /** One session, or the operator, writes to another. */
    Scene message(String from, String to, Duration ago, MessageState state, String body) {
        return message(from, to, ago, state, Optional.empty(), Optional.empty(), body);
    }

    /** One session asks another; answered by the next message if that answers. */
    Scene question(String from, String to, Duration ago, MessageState state, String body) {
        return message(
                from,
                to,
                ago,
                state,
                Optional.of(new RequestId("q-%016d".formatted(messages.size()))),
                Optional.empty(),
                body);
    }

    /** The answer to the message before. */
    Scene answer(String from, String to, Duration ago, MessageState state, String body) {
        return message(
                from,
                to,
                ago,
                state,
                Optional.empty(),
                messages.get(messages.size() - 1).envelope().requestId(),
                body);
    }

    private Scene message(
            String from,
            String to,
            Duration ago,
            MessageState state,
            Optional<RequestId> request,
            Optional<RequestId> replyTo,
            String body) {
        Envelope envelope = new Envelope(
                new MessageId("m-%016d".formatted(100 + messages.size())),
                NOW.minus(ago),
                from.equals("operator") ? Origin.OPERATOR : Origin.PEER,
                sender(from),
                from,
                id(to),
                request,
                replyTo,
                Optional.empty(),
                0,
                body);
        MessageStatus status = new MessageStatus(
                state,
                Optional.of(id(to)),
                Optional.of(envelope.sentAt()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        messages.add(new Message(envelope, sender(from), from, id(to), to, status));
        return this;
    }

    /** The sessions at a later moment. */
    public ProjectOverview overview(Duration later) {
        return new ProjectOverview(NOW.plus(later), sessions, elsewhere, Map.of());
    }

    /** What the sessions owe each other, as it was seen at the beginning. */
    public ProjectWork open() {
        List<OwedWork> items = new ArrayList<>();
        for (OwedWork item : owed) {
            boolean isGone =
                    sessions.stream().anyMatch(session -> item.owner().isHere(session.id()) && session.isGone());
            items.add(
                    new OwedWork(item.work(), item.owner(), item.requester(), item.isAwaited(), false, isGone, false));
        }
        List<Wait> all = new ArrayList<>(waits);
        owed.forEach(item -> all.add(OpenRequests.wait(item)));
        all.removeIf(wait ->
                sessions.stream().anyMatch(session -> session.id().equals(wait.asker()) && session.isGone()));
        all.sort(Comparator.comparing(Wait::since));
        return new ProjectWork(items, all, List.of(), Map.of());
    }

    Situation situation() {
        return new Situation(overview(Duration.ZERO), open(), unread, histories);
    }

    /** What is kept with a session. */
    Talk talk(String name) {
        return Talk.of(
                id(name),
                "",
                messages.stream()
                        .filter(message -> message.receiver().equals(id(name))
                                || message.sender().filter(id(name)::equals).isPresent())
                        .toList(),
                false,
                List.of());
    }

    /** A board that has seen all of this, and the conversation of its first session. */
    Board board() {
        Board board = new Board(ROOT, ZONE, 1000, Optional.empty());
        show(board);
        return board;
    }

    /** Has a board see all of this. */
    void show(Board board) {
        board.sees(situation());
        board.selected(NOW).ifPresent(id -> board.sees(talk(id.value().replace("-session", "")), NOW));
    }

    /** A shop with all there is. */
    static Scene shop() {
        return new Scene()
                .session("tidy-fox", Activity.BUSY, Duration.ofMinutes(3), "codex", "migrates the orders table")
                .session("calm-otter", Activity.IDLE, Duration.ofSeconds(40), "claude-code", "plans release 2.4")
                .session("bold-elk", Activity.ASKING, Duration.ofMinutes(2), "claude-code", "fixes the login test")
                .session("warm-owl", Activity.IDLE, Duration.ofMinutes(50), "claude-code", "")
                .session(
                        "new-wren",
                        new Presence(Life.LIVE, Activity.UNKNOWN, Optional.empty()),
                        "my-client",
                        "tries things")
                .session("late-lynx", Activity.ENDED, Duration.ofHours(5), "codex", "reviewed the API")
                .waits("calm-otter", "tidy-fox", Duration.ofMinutes(4), true)
                .waits("warm-owl", "calm-otter", Duration.ofSeconds(30), false)
                .unread("warm-owl", 2)
                .question(
                        "calm-otter",
                        "tidy-fox",
                        Duration.ofMinutes(30),
                        MessageState.ANSWERED,
                        "Which migration has to run before 2.4 goes out?")
                .answer(
                        "tidy-fox",
                        "calm-otter",
                        Duration.ofMinutes(29),
                        MessageState.SHOWN,
                        "0042_add_index. It takes about a minute.")
                .message(
                        "bold-elk",
                        "calm-otter",
                        Duration.ofMinutes(10),
                        MessageState.SHOWN,
                        "The login test fails since the session cookie is called sid2: I rename it in the test."
                                + " Tell me if the name is to stay as it was, please.\nLine two.\nLine three.\nLine four.")
                .message(
                        "operator",
                        "bold-elk",
                        Duration.ofMinutes(5),
                        MessageState.RUNG,
                        "The name stays. Ask calm-otter for the reason.")
                .question("calm-otter", "tidy-fox", Duration.ofMinutes(4), MessageState.HANDED, "Is the index there?");
    }
}
