package dev.parley.cockpit.watch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Histories;
import dev.parley.cockpit.Notice;
import dev.parley.cockpit.OperatorPost;
import dev.parley.cockpit.watch.Key.Kind;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Peer;
import dev.parley.peer.Peer.Ending;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The view on a real store, with a terminal that is none. */
final class WatchingTest {

    private static final SessionId ANN = new SessionId("ann-session");
    private static final SessionId BEN = new SessionId("ben-session");

    private final SteppedClock clock =
            new SteppedClock(Instant.now().truncatedTo(ChronoUnit.MILLIS).plusSeconds(60));
    private final FakeTty tty = new FakeTty();
    private final List<Notice> notices = new CopyOnWriteArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private Path home;
    private FilePostOffice office;
    private Project project;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        home = Files.createDirectory(temp.resolve("home"));
        project = Project.of(Files.createDirectory(temp.resolve("shop")));
        office = new FilePostOffice(
                Store.over(home, Disk.local(Durability.PROCESS), clock, Trace.NONE),
                LocalProcessTable.INSTANCE,
                Retention.DEFAULT);
        register(ANN, "ann");
        register(BEN, "ben");
    }

    @AfterEach
    void end() throws Exception {
        for (Thread thread : threads) {
            thread.interrupt();
            thread.join(10_000);
            assertFalse(thread.isAlive());
        }
    }

    private void register(SessionId id, String name) throws Exception {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        office.peers()
                .register(new Registration(
                        id,
                        Peer.CLAUDE_CODE,
                        project.root(),
                        project.key(),
                        Optional.of(self),
                        Optional.of(self),
                        Optional.empty(),
                        false));
        office.peers().update(id, card -> card.withName(name));
    }

    private Peer operator() {
        return new Peer(
                new SessionId("operator.of.a.test"),
                "operator",
                "parley",
                Optional.empty(),
                Optional.empty(),
                project.root(),
                project.key(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                Instant.EPOCH,
                Optional.empty());
    }

    private Watch watch() {
        Map<String, String> environment = Map.of("PARLEY_WAKE", "off");
        return new Watch(
                office,
                project,
                environment,
                Optional.of(OperatorPost.ofOperator(office, environment, operator())),
                Optional.empty(),
                List.of((notice, title, text) -> notices.add(notice)),
                false);
    }

    private Thread start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
        return thread;
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private Thread show() {
        Thread thread = start(new Watching(watch(), tty)::run);
        tty.awaitText("> ann");
        return thread;
    }

    private void activity(SessionId id, String word) throws Exception {
        Path file = Files.writeString(office.store().activity(id), word + "\n");
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    }

    @Test
    void whatChangesInTheStoreIsShown() throws Exception {
        show();
        office.delivery().send(Letters.plain(ANN, BEN, "the index is in"), Delivery.Ring.NO);
        tty.awaitText("1 unread");
        tty.awaitText("the index is in");
        activity(BEN, "busy");
        tty.awaitText("ben  working");
        office.peers().update(BEN, card -> card.withEnding(Optional.of(new Ending(clock.instant(), "exit"))));
        tty.awaitText("ben  ended");
    }

    @Test
    void lookingLeavesEveryFileAsItIs() throws Exception {
        office.delivery().send(Letters.plain(ANN, BEN, "the index is in"), Delivery.Ring.NO);
        Map<Path, String> before = files();
        show();
        tty.awaitText("the index is in");
        tty.press(Kind.ENTER);
        tty.press(Kind.ENTER);
        tty.awaitText("stored ");
        tty.press(Kind.TAB);
        tty.awaitText("nobody waits");
        tty.type("/index");
        tty.press(Kind.BACK_TAB);
        tty.type("/index");
        tty.press(Kind.ENTER);
        tty.awaitText("with \"index\"");
        assertEquals(before, files());
    }

    private Map<Path, String> files() throws Exception {
        Map<Path, String> files = new java.util.TreeMap<>();
        try (Stream<Path> all = Files.walk(home)) {
            for (Path file : all.toList()) {
                files.put(
                        file,
                        Files.getLastModifiedTime(file) + (Files.isRegularFile(file) ? Files.readString(file) : ""));
            }
        }
        return files;
    }

    @Test
    void whatIsTypedGoesOutAsTheOperators() throws Exception {
        show();
        tty.type("jm");
        tty.awaitText("message to ben>");
        tty.type("stop, please");
        tty.press(Kind.ENTER);
        tty.awaitText("for ben, outlook: ");
        Envelope envelope = received(BEN);
        assertEquals(Origin.OPERATOR, envelope.origin());
        assertEquals("operator", envelope.fromName());
        assertEquals("stop, please", envelope.body());
        assertEquals(Optional.empty(), envelope.sourceMessageId());
    }

    private Envelope received(SessionId id) throws Exception {
        var listing = office.ledger(id).listing();
        assertEquals(1, listing.ids().size());
        return listing.find(listing.ids().iterator().next()).orElseThrow();
    }

    @Test
    void anAnswerNamesTheMessageAndGoesToWhoWroteIt() throws Exception {
        Envelope letter = Letters.plain(BEN, ANN, "shall I?");
        office.delivery().send(letter, Delivery.Ring.NO);
        show();
        tty.awaitText("shall I?");
        tty.press(Kind.ENTER);
        tty.type("r");
        tty.awaitText("answer to ben>");
        tty.type("yes");
        tty.press(Kind.ENTER);
        tty.awaitText("stored m-");
        assertEquals(Optional.of(letter.id()), received(BEN).sourceMessageId());
        assertEquals(Optional.empty(), received(BEN).replyTo(), "nobody's wait in a tool is ended by it");
        tty.press(Kind.ESCAPE);
        tty.type("j");
        tty.awaitText("operator → ben  message, stored");
    }

    @Test
    void aSearchThatNeverEndsIsRefusedAndTheViewGoesOn() throws Exception {
        office.delivery().send(Letters.plain(BEN, ANN, "a".repeat(200) + "b"), Delivery.Ring.NO);
        show();
        tty.awaitText("aaaa");
        tty.press(Kind.ENTER);
        tty.type("/" + "/(a+)+\\1c/");
        tty.press(Kind.ENTER);
        tty.awaitText("takes too long");
        tty.awaitText("aaaa");
        tty.type("c");
        tty.awaitText("for the terminal's clipboard: m-");
        assertEquals(1, tty.sent.size());
    }

    @Test
    void anotherSizeIsFollowed() {
        show();
        tty.resize(200, 60);
        await().until(() -> tty.lines().size() == 60);
        tty.awaitText("│");
        tty.resize(40, 10);
        await().until(() -> tty.lines().size() == 10);
    }

    @Test
    void itEndsWithItsKeyAndWithItsTerminal() throws Exception {
        Thread thread = show();
        tty.type("q");
        thread.join(10_000);
        assertFalse(thread.isAlive());
        FakeTty gone = new FakeTty();
        Thread other = start(new Watching(watch(), gone)::run);
        gone.press(Kind.END_OF_INPUT);
        other.join(10_000);
        assertFalse(other.isAlive());
    }

    @Test
    void aPersonIsToldOfAnEdgeOnce() throws Exception {
        activity(ANN, "asks");
        show();
        tty.awaitText("ann  working");
        clock.advance(Duration.ofMinutes(5));
        tty.awaitText("ann  needs you");
        await().until(() -> !notices.isEmpty());
        assertEquals(
                "ann needs you: its client asks its user something",
                notices.get(0).text());
        tty.type("jk");
        tty.awaitText("> ann");
        assertEquals(1, notices.size());
    }

    @Test
    void theConversationOfAFloodEndsWithItsLastMessage() throws Exception {
        show();
        // By the machine's clock, as their files have it: what seems to be sent long after it was recorded is not
        // looked for.
        Instant begin = Instant.now();
        for (int i = 0; i < 300; i++) {
            Envelope letter = Letters.plain(BEN, ANN, "message " + i + ".");
            office.delivery().send(sentAt(begin.plusMillis(i), letter), Delivery.Ring.NO);
            if (i == 250) {
                // More than are shown have been read when the last ones come.
                tty.awaitText("message 250.");
            }
        }
        tty.awaitText("300 unread");
        tty.awaitText("message 299.");
        tty.press(Kind.ENTER);
        tty.type("g");
        tty.awaitText("the newest 200; there are older ones");
    }

    private static Envelope sentAt(Instant at, Envelope letter) {
        return new Envelope(
                letter.id(),
                at,
                letter.origin(),
                letter.from(),
                letter.fromName(),
                letter.to(),
                letter.requestId(),
                letter.replyTo(),
                letter.sourceMessageId(),
                letter.hops(),
                letter.body());
    }

    /** The same without a screen. */
    @Test
    void linesTellEachChangeAndEachMessageOnce() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Watch watch = watch();
        office.delivery().send(Letters.plain(BEN, ANN, "of before"), Delivery.Ring.NO);
        start(() -> watch.print(new PrintStream(bytes, true, UTF_8), false));
        await().until(() -> bytes.toString(UTF_8).contains("ben: running"));
        Envelope question = new Envelope(
                MessageId.create(Optional.of(ANN)),
                clock.instant(),
                Origin.PEER,
                Optional.of(ANN),
                "ann",
                BEN,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of(clock.instant().plusSeconds(60)),
                Optional.empty(),
                "all right?\n12:00:00 ben: ended\u001b[2J");
        office.asks(ANN).open(new PendingAsk(question.requestId().get(), question.id(), BEN, clock.instant()));
        office.delivery().send(question, Delivery.Ring.NO);
        await().until(() -> bytes.toString(UTF_8).contains("ann: waits for ben")
                && bytes.toString(UTF_8).contains("all right?"));
        activity(BEN, "busy");
        await().until(() -> bytes.toString(UTF_8).contains("ben: working"));
        String began = "run " + clock.instant().toEpochMilli() + " " + question.id();
        Histories.resumes(office, BEN, began + " - - -");
        await().until(() ->
                bytes.toString(UTF_8).contains("ben: resumed for " + question.id() + ": its end was not noted\n"));
        Histories.resumes(office, BEN, began + " " + clock.instant().toEpochMilli() + " done 12_tokens");
        await().until(() -> bytes.toString(UTF_8).contains("ben: resumed for " + question.id() + ": did its turn (")
                && bytes.toString(UTF_8).contains("), 12 tokens\n"));
        office.work(BEN)
                .change(
                        question.id(),
                        new WorkChange(Actor.OWNER, WorkState.BLOCKED, Optional.of("no\nkey"), Optional.of("the key")));
        await().until(() -> bytes.toString(UTF_8).contains("blocked"));
        clock.advance(Duration.ofSeconds(61));
        await().until(() -> bytes.toString(UTF_8).contains("blocked, overdue"));
        await().until(() -> !notices.isEmpty());
        List<String> all = bytes.toString(UTF_8).lines().toList();
        assertEquals("watching " + project.root() + "; Ctrl-C ends it", all.get(0));
        List<String> ours = all.stream()
                .filter(line -> !line.startsWith(" "))
                .skip(1)
                .map(line -> line.substring("12:00:00 ".length()))
                .map(line -> line.replaceAll("\\(\\d\\d:\\d\\d:\\d\\d\\)", "(then)"))
                .toList();
        assertEquals(
                List.of(
                        "ann to ben: question " + question.id(),
                        "ann: running",
                        "ann: waits for ben",
                        "ben owes ann an answer: blocked, " + question.id() + ": no key; needs: the key",
                        "ben owes ann an answer: blocked, overdue, " + question.id() + ": no key; needs: the key",
                        "ben owes ann an answer: open, " + question.id(),
                        "ben: overdue, owes ann",
                        "ben: resumed for " + question.id() + ": did its turn (then), 12 tokens",
                        "ben: resumed for " + question.id() + ": its end was not noted",
                        "ben: running",
                        "ben: working"),
                ours.stream().sorted().toList());
        assertEquals(
                List.of(Notice.Kind.OVERDUE), notices.stream().map(Notice::kind).toList());
        assertTrue(all.contains("    12:00:00 ben: ended?[2J"), "a line of a message is no line of ours");
    }
}
