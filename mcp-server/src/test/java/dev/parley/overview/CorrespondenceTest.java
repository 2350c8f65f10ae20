package dev.parley.overview;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.Retention;
import dev.parley.lock.Lease;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.overview.Threads.Placed;
import dev.parley.peer.Peer;
import dev.parley.peer.Peer.Ending;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.CountedDisk;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All that is kept of a project's messages, read from a file store that does not notice. */
final class CorrespondenceTest {

    private static final String PROJECT = "/work/project/.git";
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");
    private static final SessionId EVE = new SessionId("eve");

    /** What is made now has been at rest for a while by this clock: the index notes at the first look that it is complete. */
    private static final Clock LATER = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(1));

    private static final Set<String> LOOKS = Set.of("isAbsent", "kind", "list", "modifiedMillis", "readFile", "stat");

    /** When the first message was sent; the next follow by a minute each. */
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofDays(1));

    private final Map<String, Integer> verbs = new ConcurrentHashMap<>();
    private Path home;
    private FilePostOffice office;
    private Correspondence letters;
    private int sent;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        home = Files.createDirectory(temp.resolve("home"));
        office = over(Disk.local(Durability.PROCESS));
        letters = reader();
        for (SessionId id : List.of(ANN, BEN, EVE)) {
            register(id, Peer.CLAUDE_CODE, PROJECT);
        }
    }

    private FilePostOffice over(Disk disk) throws IOException {
        return new FilePostOffice(
                Store.over(home, disk, LATER, Trace.NONE), LocalProcessTable.INSTANCE, Retention.DEFAULT);
    }

    private Correspondence reader() throws IOException {
        return new Overview(over(CountedDisk.byVerb(Disk.local(Durability.PROCESS), verbs))).correspondence(PROJECT);
    }

    private static Registration registration(SessionId id, String client, String project) {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        return new Registration(
                id, client, "/work/project", project, Optional.of(self), Optional.of(self), Optional.empty(), false);
    }

    private void register(SessionId id, String client, String project) throws Exception {
        office.peers().register(registration(id, client, project));
    }

    private Envelope send(
            Optional<SessionId> from,
            SessionId to,
            Optional<RequestId> requestId,
            Optional<RequestId> replyTo,
            Optional<MessageId> source,
            String body)
            throws IOException {
        Instant at = begin.plus(Duration.ofMinutes(sent++));
        Envelope letter = new Envelope(
                MessageId.create(from),
                at,
                from.isPresent() ? Origin.PEER : Origin.OPERATOR,
                from,
                from.map(SessionId::value).orElse("operator"),
                to,
                requestId,
                replyTo,
                source,
                0,
                body);
        office.delivery().send(letter, Ring.NO);
        Files.setLastModifiedTime(
                office.store()
                        .ledger(office.peers().current(to))
                        .resolve(letter.id().value()),
                FileTime.from(at));
        return letter;
    }

    private Envelope send(SessionId from, SessionId to, String body) throws IOException {
        return send(Optional.of(from), to, Optional.empty(), Optional.empty(), Optional.empty(), body);
    }

    private Envelope ask(SessionId from, SessionId to, String body) throws IOException {
        return send(Optional.of(from), to, Optional.of(RequestId.create()), Optional.empty(), Optional.empty(), body);
    }

    private Envelope answer(Envelope question, String body) throws IOException {
        return send(
                Optional.of(question.to()),
                question.from().orElseThrow(),
                Optional.empty(),
                question.requestId(),
                Optional.of(question.id()),
                body);
    }

    private List<Message> read(Selection selection) throws IOException {
        List<Message> read = new ArrayList<>();
        assertEquals(List.of(), letters.read(selection, read::add));
        return read;
    }

    private List<String> bodies(Selection selection) throws IOException {
        return bodies(read(selection));
    }

    private static List<String> bodies(List<Message> messages) {
        return messages.stream().map(message -> message.envelope().body()).toList();
    }

    private static Selection containing(String typed) {
        return Selection.ALL.containing(TextSearch.of(typed));
    }

    @Test
    void everyMessageIsReadOnceInTheOrderOfSending() throws Exception {
        Envelope first = send(ANN, BEN, "1");
        Envelope second = send(BEN, ANN, "2");
        send(Optional.empty(), EVE, Optional.empty(), Optional.empty(), Optional.empty(), "3");
        office.peers().update(EVE, card -> card.withEnding(Optional.of(new Ending(begin, "exit"))));
        for (int look = 1; look <= 2; look++) {
            assertEquals(List.of("1", "2", "3"), bodies(Selection.ALL), "look " + look);
        }
        Message message = read(Selection.ALL).get(0);
        assertEquals(first, message.envelope());
        assertEquals(Optional.of(ANN), message.sender());
        assertEquals(BEN, message.receiver());
        assertEquals(office.peers().find(ANN).orElseThrow().name(), message.senderName());
        assertEquals(office.peers().find(BEN).orElseThrow().name(), message.receiverName());
        assertEquals(Optional.of(second), letters.find(second.id()).map(Message::envelope));
        assertEquals(Optional.empty(), letters.find(MessageId.create(Optional.empty())));
        assertEquals("operator", read(Selection.ALL.fromOperator()).get(0).senderName());
    }

    @Test
    void anotherProjectsMessagesAreNotRead() throws Exception {
        SessionId far = new SessionId("far");
        register(far, Peer.CLAUDE_CODE, "/elsewhere/.git");
        send(far, far, "theirs");
        send(ANN, BEN, "ours");
        assertEquals(List.of("ours"), bodies(Selection.ALL));
    }

    /** Also on the second look, which reads less. */
    @Test
    void whatIsSelectedIsReadAndNothingElse() throws Exception {
        send(ANN, BEN, "the Port is open");
        send(BEN, EVE, "close it");
        send(Optional.empty(), ANN, Optional.empty(), Optional.empty(), Optional.empty(), "is the port closed?");
        send(EVE, ANN, "done: 8080\nand 9090");
        Instant third = begin.plus(Duration.ofMinutes(2));
        for (int look = 1; look <= 2; look++) {
            assertEquals(
                    List.of("the Port is open", "is the port closed?", "done: 8080\nand 9090"),
                    bodies(Selection.ALL.with(ANN)));
            assertEquals(List.of("the Port is open", "close it"), bodies(Selection.ALL.with(BEN)));
            assertEquals(List.of("is the port closed?"), bodies(Selection.ALL.fromOperator()));
            assertEquals(List.of("is the port closed?", "done: 8080\nand 9090"), bodies(Selection.ALL.since(third)));
            assertEquals(List.of("done: 8080\nand 9090"), bodies(Selection.ALL.since(third.plusMillis(1))));
            assertEquals(List.of("the Port is open", "is the port closed?"), bodies(containing("PORT")));
            assertEquals(List.of("done: 8080\nand 9090"), bodies(containing("/^and \\d+$/")));
            assertEquals(List.of(), bodies(containing("/PORT/")));
            assertEquals(List.of("is the port closed?", "done: 8080\nand 9090"), bodies(Selection.ALL.newest(2)));
            assertEquals(
                    List.of("the Port is open"),
                    bodies(containing("port").with(BEN).newest(1)));
            assertEquals(List.of("close it"), bodies(Selection.ALL.with(BEN).newest(1)));
            assertEquals(4, bodies(Selection.ALL.newest(100)).size());
        }
    }

    /** A restored backup may date every file anew: the times of files spare reading, and decide nothing. */
    @Test
    void theNewestAreTheLastSentWhateverTheFilesSay() throws Exception {
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Envelope letter = send(ANN, BEN, "message " + i);
            files.add(office.store().ledger(BEN).resolve(letter.id().value()));
        }
        verbs.clear();
        assertEquals(List.of("message 18", "message 19"), bodies(Selection.ALL.newest(2)));
        int read = verbs.getOrDefault("readFile", 0);
        assertTrue(read < 12, () -> "all is read for the newest two: " + read);

        for (int i = 0; i < files.size(); i++) {
            Files.setLastModifiedTime(files.get(i), FileTime.from(Instant.now().minusSeconds(i)));
        }
        letters = reader();
        assertEquals(List.of("message 18", "message 19"), bodies(Selection.ALL.newest(2)));
        assertEquals(List.of("message 19"), bodies(Selection.ALL.since(begin.plus(Duration.ofMinutes(19)))));
    }

    @Test
    void theSecondLookReadsOnlyWhatItShows() throws Exception {
        for (int i = 0; i < 20; i++) {
            send(ANN, BEN, "message " + i);
        }
        send(EVE, ANN, "to Ann");
        read(Selection.ALL);
        read(Selection.ALL.with(EVE));
        verbs.clear();
        assertEquals(List.of("to Ann"), bodies(Selection.ALL.with(EVE).newest(5)));
        // Three cards, and the message itself.
        assertEquals(3 + 1, verbs.getOrDefault("readFile", 0));
    }

    @Test
    void theStateIsTheOneThatTheSenderIsTold() throws Exception {
        Envelope stored = send(ANN, BEN, "stored");
        Envelope rung = send(BEN, EVE, "rung");
        office.ledger(EVE).markRung(rung.id(), "doorbell");
        Envelope question = ask(ANN, EVE, "answered?");
        Batch batch = office.mailbox(EVE).claim(new Budget(1, 100), Set.<RequestId>of()::contains);
        office.ledger(EVE).markAnswered(question.id());
        SessionId madeUp = new SessionId(Peer.MADE_UP + "0000000000000001");
        register(madeUp, Peer.CODEX, PROJECT);
        Envelope lost = send(ANN, madeUp, "lost");
        office.peers().update(madeUp, card -> card.withEnding(Optional.of(new Ending(begin, "exit"))));

        Map<String, MessageState> states = new TreeMap<>();
        for (Message message : read(Selection.ALL)) {
            states.put(message.envelope().body(), message.status().state());
            assertEquals(
                    office.tracker().status(message.id(), message.receiver()), message.status(), message.toString());
        }
        assertEquals(
                Map.of(
                        "stored", MessageState.STORED,
                        "rung", MessageState.HANDED,
                        "answered?", MessageState.ANSWERED,
                        "lost", MessageState.GONE),
                states);
        batch.confirm();
        assertEquals(
                MessageState.SHOWN,
                letters.find(rung.id()).orElseThrow().status().state());
        assertEquals(
                MessageState.STORED,
                letters.find(stored.id()).orElseThrow().status().state());
        assertEquals(
                MessageState.GONE,
                letters.find(lost.id()).orElseThrow().status().state());
    }

    @Test
    void whoHasAnotherIdByNowIsFollowed() throws Exception {
        send(ANN, BEN, "to Ben");
        send(BEN, ANN, "from Ben");
        SessionId later = new SessionId("ben-later");
        office.peers().move(BEN, registration(later, Peer.CLAUDE_CODE, PROJECT));
        send(ANN, BEN, "to Ben's older id");

        List<Message> read = read(Selection.ALL.with(later));

        assertEquals(List.of("to Ben", "from Ben", "to Ben's older id"), bodies(read));
        assertEquals(later, read.get(0).receiver());
        assertEquals(Optional.of(later), read.get(1).sender());
        assertEquals(read, read(Selection.ALL));
    }

    @Test
    void anAnswerStandsUnderItsQuestion() throws Exception {
        Envelope first = ask(ANN, BEN, "first?");
        Envelope second = ask(ANN, EVE, "second?");
        send(BEN, EVE, "between");
        answer(second, "second!");
        Envelope reply = answer(first, "first!");
        send(Optional.of(ANN), BEN, Optional.empty(), Optional.empty(), Optional.of(reply.id()), "thanks");
        // By its request alone, as send_message lets one.
        send(Optional.of(BEN), ANN, Optional.empty(), first.requestId(), Optional.empty(), "first, again");

        List<String> arranged = new ArrayList<>();
        for (Placed placed : Threads.arranged(read(Selection.ALL))) {
            arranged.add(
                    " ".repeat(placed.depth()) + placed.message().envelope().body());
        }
        assertEquals(
                List.of("first?", " first!", "  thanks", " first, again", "second?", " second!", "between"), arranged);

        for (Envelope of : List.of(first, reply)) {
            List<Message> thread = new ArrayList<>();
            assertEquals(List.of(), letters.readThread(of.id(), thread::add));
            assertEquals(List.of("first?", "first!", "thanks", "first, again"), bodies(thread));
        }
        List<Message> none = new ArrayList<>();
        letters.readThread(MessageId.create(Optional.empty()), none::add);
        assertEquals(List.of(), none);
    }

    /** A sender can write into the envelope what it likes, also a message that comes after its own. */
    @Test
    void messagesThatReferToEachOtherInACircleAreReadAllTheSame() throws Exception {
        MessageId late = MessageId.create(Optional.of(BEN));
        Envelope early = send(
                Optional.of(ANN), BEN, Optional.empty(), Optional.empty(), Optional.of(late), "refers to what comes");
        Envelope closing = new Envelope(
                late,
                early.sentAt().plusSeconds(1),
                Origin.PEER,
                Optional.of(BEN),
                "ben",
                ANN,
                Optional.empty(),
                Optional.empty(),
                Optional.of(early.id()),
                0,
                "closes the circle");
        office.delivery().send(closing, Ring.NO);

        List<Placed> arranged = Threads.arranged(read(Selection.ALL));

        assertEquals(
                List.of("refers to what comes", "closes the circle"),
                bodies(arranged.stream().map(Placed::message).toList()));
        assertEquals(List.of(0, 1), arranged.stream().map(Placed::depth).toList());
        List<Message> thread = new ArrayList<>();
        letters.readThread(late, thread::add);
        assertEquals(2, thread.size());
    }

    @Test
    void whatCannotBeReadIsToldAndHidesNothingElse() throws Exception {
        Envelope damaged = send(ANN, BEN, "damaged");
        send(BEN, ANN, "whole");
        send(ANN, EVE, "behind a card");
        Files.writeString(office.store().ledger(BEN).resolve(damaged.id().value()), "damaged");
        Files.writeString(office.store().card(EVE), "{");
        SessionId odd = new SessionId("odd");
        register(odd, Peer.CLAUDE_CODE, PROJECT);
        Files.delete(office.store().ledger(odd));
        Files.writeString(office.store().ledger(odd), "no directory");
        Files.move(office.store().mailbox(ANN).resolve("new"), home.resolve("elsewhere"));

        List<Message> read = new ArrayList<>();
        List<Unreadable> unreadable = letters.read(Selection.ALL, read::add);

        assertEquals(List.of("whole"), bodies(read));
        assertEquals(MessageState.UNKNOWN, read.get(0).status().state(), "where it is cannot be seen");
        assertEquals(
                Set.of(
                        new Place(EVE, Optional.empty()),
                        new Place(odd, Optional.empty()),
                        new Place(BEN, Optional.of(damaged.id())),
                        new Place(ANN, Optional.empty())),
                Set.copyOf(unreadable.stream()
                        .map(each -> new Place(each.session(), each.messageId()))
                        .toList()));
        unreadable.forEach(each -> assertFalse(each.reason().isBlank()));
    }

    private record Place(SessionId session, Optional<MessageId> message) {}

    @Test
    void whatIsTypedWrongIsRefused() {
        for (String typed : List.of("", "//")) {
            assertThrows(IllegalArgumentException.class, () -> TextSearch.of(typed));
        }
        String said = assertThrows(IllegalArgumentException.class, () -> TextSearch.of("/a(b/"))
                .getMessage();
        assertTrue(said.contains("/a(b/") && said.contains("Unclosed group"), said);
        assertTrue(TextSearch.of("/").isIn("a/b"), "one slash alone is a text");
        assertTrue(TextSearch.of("a(b").isIn("xA(B"));
        assertThrows(IllegalArgumentException.class, () -> Selection.ALL.newest(0));
    }

    @Test
    void anExpressionThatNeverEndsIsStopped() {
        TextSearch endless = TextSearch.of("/^(a+)+\\1$/");
        assertTrue(endless.isIn("aaaa"));
        assertThrows(IllegalArgumentException.class, () -> endless.isIn("a".repeat(60) + "b"));
        TextSearch deep = TextSearch.of("/^(a|b)*c/");
        assertTrue(deep.isIn("abc"));
        assertThrows(IllegalArgumentException.class, () -> deep.isIn("a".repeat(500_000) + "c"));
    }

    /** All that a reader could change: names, contents, and when they changed. */
    private Map<String, String> everything() throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.toList()) {
                String content = Files.isRegularFile(file) ? HexFormat.of().formatHex(Files.readAllBytes(file)) : "";
                all.put(
                        home.relativize(file).toString(),
                        Files.getAttribute(file, "unix:ctime") + " " + Files.getLastModifiedTime(file) + " " + content);
            }
        }
        return all;
    }

    /** It goes to who wrote the message; who was sent that is not written to, but it is part of what was said about it. */
    @Test
    void theOperatorsAnswerIsPartOfBothConversations() throws Exception {
        Envelope question = ask(ANN, BEN, "question");
        Envelope other = ask(BEN, EVE, "another");
        send(Optional.empty(), ANN, Optional.empty(), Optional.empty(), Optional.of(question.id()), "8080");
        send(Optional.empty(), ANN, Optional.empty(), Optional.empty(), Optional.of(other.id()), "about another's");
        send(Optional.empty(), ANN, Optional.empty(), Optional.empty(), Optional.empty(), "about nothing");
        send(Optional.of(EVE), ANN, Optional.empty(), Optional.empty(), Optional.of(question.id()), "a session's");
        for (int look = 0; look < 2; look++) {
            assertEquals(
                    List.of("question", "8080", "about another's", "about nothing", "a session's"),
                    bodies(Selection.ALL.with(ANN)));
            assertEquals(List.of("question", "another", "8080"), bodies(Selection.ALL.with(BEN)));
            assertEquals(List.of("another", "about another's", "a session's"), bodies(Selection.ALL.with(EVE)));
            assertEquals(
                    List.of("another", "8080"), bodies(Selection.ALL.with(BEN).newest(2)));
        }
    }

    /** However much is read: what a reader does not keep is kept by nobody. */
    @Test
    void ofWhatIsGivenAwayFewTextsAreHeld() throws Exception {
        int each = 500;
        String text = "x".repeat(8000);
        for (SessionId to : List.of(ANN, BEN, EVE)) {
            for (int i = 0; i < each; i++) {
                office.ledger(to)
                        .record(new Envelope(
                                MessageId.create(Optional.empty()),
                                begin.plusSeconds(i),
                                Origin.OPERATOR,
                                Optional.empty(),
                                "operator",
                                to,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                text));
            }
        }
        Excerpt all = letters.select(Selection.ALL);
        assertEquals(3 * each, all.size());
        List<WeakReference<Message>> given = new ArrayList<>();
        List<WeakReference<Envelope>> held = new ArrayList<>();
        all.readThreads(placed -> {
            given.add(new WeakReference<>(placed.message()));
            held.add(new WeakReference<>(placed.message().envelope()));
        });
        all.newest(700).read(message -> given.add(new WeakReference<>(message)));
        assertEquals(3 * each + 700, given.size());
        // Until they are gone whom nobody holds.
        for (int i = 0; i < 10 && alive(given) > 0; i++) {
            System.gc();
        }
        assertEquals(0, alive(given));
        assertTrue(alive(held) <= 4_000_000 / text.length(), () -> alive(held) + " texts are held");
        assertEquals(3 * each, all.size(), "it is still there");
    }

    private static long alive(List<? extends WeakReference<?>> all) {
        return all.stream().filter(one -> one.get() != null).count();
    }

    @Test
    void readingAndWatchingChangeNothingAndWaitForNoLock() throws Exception {
        Envelope question = ask(ANN, BEN, "question");
        answer(question, "answer");
        Envelope damaged = send(ANN, BEN, "damaged");
        Files.writeString(office.store().ledger(BEN).resolve(damaged.id().value()), "damaged");
        Files.writeString(office.store().mailbox(BEN).resolve("new/no message"), "");
        FilePostOffice onlooker = over(CountedDisk.byVerb(Disk.local(Durability.PROCESS), verbs));
        Overview overview = new Overview(onlooker);
        var unused = overview.of(PROJECT);
        verbs.clear();
        List<Lease> held = new ArrayList<>();
        for (String name : List.of("sweep", "move", "card-ann", "card-ben", "card-eve", "prune-ann", "prune-ben")) {
            held.add(office.leases().named(name).acquire(Leases.WAIT));
        }
        Map<String, String> before = everything();

        Correspondence all = overview.correspondence(PROJECT);
        List<Message> read = new ArrayList<>();
        all.read(Selection.ALL.newest(10), read::add);
        all.read(containing("question"), read::add);
        all.readThread(question.id(), read::add);
        all.find(question.id()).ifPresent(read::add);
        try (Feed feed = overview.feed(PROJECT)) {
            feed.next(Duration.ZERO);
            feed.next(Duration.ZERO);
        }
        ProjectOverview project = overview.of(PROJECT);
        Standing.of(project, new WorkOverview(onlooker).of(project));

        assertEquals(before, everything());
        assertEquals(2 + 1 + 2 + 1, read.size());
        // A lock is taken by making something.
        assertTrue(LOOKS.containsAll(verbs.keySet()), verbs::toString);
        for (Lease lease : held) {
            lease.ensureHeld();
            lease.close();
        }
    }
}
