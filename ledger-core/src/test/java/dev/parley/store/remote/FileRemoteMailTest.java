package dev.parley.store.remote;

import static dev.parley.store.remote.TwoHosts.ANN;
import static dev.parley.store.remote.TwoHosts.BEN;
import static dev.parley.store.remote.TwoHosts.THERE;
import static dev.parley.store.remote.TwoHosts.letter;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.ReceivedLedger.Rung;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.peer.Presence.Activity;
import dev.parley.process.ProcessTable;
import dev.parley.remote.Followed;
import dev.parley.remote.Outbox;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Progress;
import dev.parley.remote.Progress.WorkDone;
import dev.parley.remote.Receipt;
import dev.parley.remote.RefusedMail;
import dev.parley.remote.RemoteCards;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.RemoteCards.Shelf;
import dev.parley.remote.RemoteCards.Waiting;
import dev.parley.remote.SentMail;
import dev.parley.remote.SentMail.Sent;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a store keeps of mail to and from other machines, beside the mail that waits. */
final class FileRemoteMailTest {

    private static final Path HOME = Path.of("/parley");
    private static final Instant NOW = Letters.SENT;
    private static final String PROJECT = "0123456789abcdef0123";
    private static final HostName ELSEWHERE = new HostName("elsewhere");
    private static final Pair TO_BEN = new Pair(THERE, ANN.value(), BEN.value());

    private final SteppedClock clock = new SteppedClock(NOW);
    private final SimulatedFiles files = SimulatedFiles.empty(clock);
    private final List<String> events = new ArrayList<>();
    private final SimulatedProcesses machine = new SimulatedProcesses();
    private FileRemoteMail mail;

    @BeforeEach
    void makeStore() throws IOException {
        files.disk().makeDirectory(HOME);
        mail = open();
    }

    private FileRemoteMail open() throws IOException {
        Trace trace = (event, fields) -> events.add(event.name());
        Store store = Store.over(HOME, files.disk(), clock, trace);
        ProcessTable process = machine.start(1);
        return new FileRemoteMail(
                store,
                new Locks(store, process),
                new Mailboxes(store, process),
                new Ledgers(store, process, Retention.DEFAULT));
    }

    private Envelope put(SessionId to) throws Exception {
        Envelope letter = letter(to, "hello");
        mail.outbox().put(THERE, letter);
        return letter;
    }

    private void settle(Envelope letter) throws Exception {
        Parcel parcel = mail.outbox().waiting(TO_BEN, 1).get(0);
        var unused = mail.outbox()
                .settle(new Receipt(TO_BEN, parcel.epoch(), parcel.number(), Optional.of(letter.id()), false));
    }

    private static Progress progress(MessageId message, long revision, MessageState state) {
        Optional<Instant> shown = state == MessageState.SHOWN ? Optional.of(NOW.plusSeconds(4)) : Optional.empty();
        return new Progress(
                message,
                revision,
                state,
                Optional.of(new Rung(NOW.plusSeconds(1), "doorbell")),
                Optional.of(NOW.plusSeconds(2)),
                shown,
                Optional.empty(),
                Optional.empty(),
                Optional.of(new WorkDone(
                        WorkState.BLOCKED, 3, NOW.plusSeconds(3), Optional.of("no key"), Optional.of("the key"))));
    }

    /** Between the two steps of whoever settles it, or for long, if that one died there. */
    @Test
    void aMessageThatIsSettledAndHasNotLeftYetIsKnown() throws Exception {
        Envelope letter = put(BEN);
        Path file = HOME.resolve("outbox").resolve(TO_BEN.key()).resolve("0000000000000001-" + letter.id());
        settle(letter);
        files.disk().rename(HOME.resolve("sent").resolve(letter.id() + ",to=" + THERE), file);
        SentMail.Sent sent = mail.sent().find(letter.id()).orElseThrow();
        assertEquals(letter, sent.envelope());
        assertTrue(sent.isStoredThere());
        assertEquals(0, mail.outbox().size());
    }

    @Test
    void aMessageIsKnownFromWhenItIsPutUntilLongAfterItHasLeft() throws Exception {
        SentMail sent = mail.sent();
        assertEquals(Optional.empty(), sent.find(letter(BEN, "never sent").id()));
        Envelope letter = put(BEN);
        assertEquals(Optional.of(new Sent(THERE, letter, false, Optional.empty())), sent.find(letter.id()));
        settle(letter);
        assertEquals(0, mail.outbox().size());
        assertEquals(
                Optional.of(new Sent(THERE, letter, true, Optional.empty())),
                open().sent().find(letter.id()));
    }

    @Test
    void whatTheOtherMachineTellsIsKeptAndTheOlderChangesNothing() throws Exception {
        Envelope letter = put(BEN);
        Progress refused = Progress.refused(letter.id(), 1, "no session ben-0001 is known here");
        assertTrue(mail.sent().learn(THERE, refused));
        assertEquals(
                Optional.of(refused),
                mail.sent().find(letter.id()).orElseThrow().progress());
        settle(letter);
        assertTrue(mail.sent().learn(THERE, progress(letter.id(), 1, MessageState.STORED)));
        assertFalse(mail.sent().learn(THERE, Progress.refused(letter.id(), 9, "too late")));
        Progress handed = progress(letter.id(), 5, MessageState.HANDED);
        assertTrue(mail.sent().learn(THERE, handed));
        assertFalse(mail.sent().learn(THERE, progress(letter.id(), 4, MessageState.SHOWN)));
        assertFalse(mail.sent().learn(THERE, progress(letter.id(), 5, MessageState.SHOWN)));
        assertEquals(
                Optional.of(handed),
                open().sent().find(letter.id()).orElseThrow().progress());
        Progress shown = progress(letter.id(), 6, MessageState.SHOWN);
        assertTrue(mail.sent().learn(THERE, shown));
        assertEquals(
                Optional.of(shown), mail.sent().find(letter.id()).orElseThrow().progress());
    }

    /** Else any machine of the team could say of any message that it was shown. */
    @Test
    void aMachineSaysNothingOfWhatWasSentToAnother() throws Exception {
        Envelope letter = put(BEN);
        assertFalse(mail.sent().learn(ELSEWHERE, progress(letter.id(), 1, MessageState.SHOWN)));
        settle(letter);
        assertFalse(mail.sent().learn(ELSEWHERE, progress(letter.id(), 1, MessageState.SHOWN)));
        assertFalse(mail.sent().learn(THERE, progress(letter(BEN, "x").id(), 1, MessageState.SHOWN)));
        assertEquals(
                Optional.empty(), mail.sent().find(letter.id()).orElseThrow().progress());
    }

    @Test
    void theOldestOfVeryManyIsForgotten() throws Exception {
        Envelope letter = put(BEN);
        settle(letter);
        assertTrue(mail.sent().learn(THERE, progress(letter.id(), 1, MessageState.SHOWN)));
        assertEquals(0, mail.sent().prune());
        clock.advance(Duration.ofSeconds(1));
        for (int i = 0; i < SentMail.KEPT + SentMail.KEPT / 10; i++) {
            String name = "m-%016d,to=%s".formatted(i, THERE);
            files.disk().createFile(HOME.resolve("sent").resolve(name), new byte[0], Disk.Sync.UNFORCED);
        }
        assertEquals(SentMail.KEPT / 10 + 1, mail.sent().prune());
        assertEquals(Optional.empty(), mail.sent().find(letter.id()));
        assertEquals(SentMail.KEPT, files.disk().list(HOME.resolve("sent")).size());
    }

    @Test
    void whatIsPutIsToldOnceOfEachPair() throws Exception {
        try (Outbox.Puts puts = mail.outbox().puts()) {
            assertEquals(Set.of(), puts.await(Duration.ZERO));
            put(BEN);
            put(BEN);
            put(TwoHosts.CLEO);
            Pair toCleo = new Pair(THERE, ANN.value(), TwoHosts.CLEO.value());
            assertEquals(Set.of(TO_BEN, toCleo), puts.await(Duration.ZERO));
            assertEquals(Set.of(), puts.await(Duration.ZERO));
            put(BEN);
            assertEquals(Set.of(TO_BEN), puts.await(Duration.ofSeconds(5)));
        }
        assertEquals(List.of(), events);
    }

    @Test
    void whatIsFollowedIsThereUntilItEnds() throws Exception {
        Followed followed = mail.followed();
        MessageId one = letter(BEN, "one").id();
        MessageId two = letter(BEN, "two").id();
        assertEquals(List.of(), followed.all());
        Followed.Item first = new Followed.Item(one, THERE, PROJECT, BEN, Optional.empty());
        Followed.Item second = new Followed.Item(two, THERE, PROJECT, BEN, Optional.empty());
        followed.note(first);
        followed.note(second);
        Followed.Item told = second.told(progress(two, 9, MessageState.SHOWN));
        followed.note(told);
        assertEquals(Set.of(first, told), Set.copyOf(open().followed().all()));
        assertEquals(Optional.of(told), followed.find(two));
        followed.end(two);
        followed.end(two);
        assertEquals(List.of(first), followed.all());
        files.disk().overwriteFile(HOME.resolve("followed").resolve(one.value()), new byte[] {'x'}, Disk.Sync.UNFORCED);
        assertEquals(List.of(), followed.all());
        assertEquals(List.of("REMOTE_NOTE_UNREADABLE"), events);
    }

    private static Card card(HostName host, String session, String name, Optional<String> purpose) {
        return new Card(
                host,
                PROJECT,
                new SessionId(session),
                name,
                "codex",
                purpose,
                purpose.map(it -> NOW),
                purpose.map(it -> List.of("docs", "review")).orElse(List.of()),
                Activity.BUSY,
                Optional.of(NOW.plusSeconds(1)),
                NOW.minusSeconds(5));
    }

    @Test
    void cardsAreKeptByMachineAndProject() throws Exception {
        RemoteCards cards = mail.cards();
        assertEquals(List.of(), cards.of(PROJECT));
        Card fox = card(THERE, "fox-00001", "tidy-fox", Optional.of("builds \"it\"\nall"))
                .waiting(
                        List.of(
                                new Waiting(THERE, BEN, NOW, MessageId.create(Optional.empty())),
                                new Waiting(
                                        ELSEWHERE,
                                        new SessionId("a.b_c-0001"),
                                        NOW,
                                        MessageId.create(Optional.of(BEN)))),
                        Optional.of(NOW.plusMillis(7)));
        Card owl = card(THERE, "owl-00001", "calm-owl", Optional.empty());
        Card elk = card(ELSEWHERE, "elk-00001", "tidy-fox", Optional.empty());
        cards.keep(THERE, PROJECT, List.of(fox, owl));
        cards.keep(ELSEWHERE, PROJECT, List.of(elk));
        assertEquals(Set.of(fox, owl, elk), Set.copyOf(open().cards().of(PROJECT)));
        assertEquals(List.of(), cards.of("f".repeat(20)));
        assertEquals(Set.of(new Shelf(THERE, PROJECT), new Shelf(ELSEWHERE, PROJECT)), Set.copyOf(cards.shelves()));
        cards.keep(THERE, PROJECT, List.of(owl));
        cards.keep(ELSEWHERE, PROJECT, List.of());
        assertEquals(List.of(owl), cards.of(PROJECT));
        assertEquals(List.of(new Shelf(THERE, PROJECT)), cards.shelves());
    }

    @Test
    void whatWasNoMailIsSetAsideAndCounted() throws Exception {
        assertEquals(List.of(), mail.refused().all());
        for (int i = 1; i <= RefusedMail.KEPT + 5; i++) {
            mail.refused().keep(THERE, "odd\u001bid", "reason " + i, new byte[100_000]);
        }
        List<RefusedMail.Refusal> all = mail.refused().all();
        assertEquals(RefusedMail.KEPT, all.size());
        RefusedMail.Refusal last = all.get(all.size() - 1);
        assertEquals(new RefusedMail.Refusal(RefusedMail.KEPT + 5, THERE, "odd?id", last.at(), "reason 105"), last);
        assertEquals(6, all.get(0).number());
    }

    @Test
    void whatTellsAStoreFromItsCopyIsKept() throws Exception {
        assertEquals(List.of(), mail.cards().beats());
        mail.cards().keepBeats(List.of("aaa", "bbb"));
        assertEquals(List.of("aaa", "bbb"), open().cards().beats());
    }

    @Test
    void whatIsNoCardIsNone() {
        for (String name : List.of("", "A fox", "fox on build-server", "the operator", "x".repeat(41))) {
            assertThrows(IllegalArgumentException.class, () -> card(THERE, "fox-00001", name, Optional.empty()), name);
        }
        assertThrows(
                IllegalArgumentException.class, () -> card(THERE, "fox-00001", "fox", Optional.of("x".repeat(201))));
    }

    @Test
    void hostsAndTheConnectionAreKnownToAllProcesses() throws Exception {
        RemoteCards cards = mail.cards();
        assertEquals(List.of(), cards.hosts());
        List<Host> hosts = List.of(new Host(THERE, NOW, false), new Host(ELSEWHERE, NOW.minusSeconds(60), true));
        cards.keepHosts(hosts);
        assertEquals(hosts, open().cards().hosts());
        cards.keepHosts(List.of());
        assertEquals(List.of(), cards.hosts());

        assertFalse(cards.link().isUp());
        Link up = new Link(true, NOW, Optional.empty());
        cards.keepLink(up);
        assertEquals(up, open().cards().link());
        Link down = new Link(false, NOW, Optional.of("nobody listens there"));
        cards.keepLink(down);
        assertEquals(down, cards.link());
    }

    /** Two changes may have one time: what was read between them is not believed. */
    @Test
    void whatOthersWroteIsSeenAtOnce() throws Exception {
        RemoteCards cards = mail.cards();
        RemoteCards theirs = open().cards();
        for (int pause : List.of(0, 1, 1_000, 1_001, 5_000)) {
            for (boolean isAway : List.of(true, false)) {
                List<Host> hosts = List.of(new Host(THERE, NOW, isAway));
                theirs.keepHosts(hosts);
                assertEquals(hosts, cards.hosts());
                clock.advance(Duration.ofMillis(pause));
                assertEquals(hosts, cards.hosts());
            }
        }
        theirs.keep(THERE, PROJECT, List.of(card(THERE, "fox-00001", "fox", Optional.empty())));
        assertEquals(1, cards.of(PROJECT).size());
        clock.advance(Duration.ofSeconds(2));
        assertEquals(1, cards.of(PROJECT).size());
        theirs.keep(THERE, PROJECT, List.of());
        assertEquals(List.of(), cards.of(PROJECT));
    }

    /** Whoever held the connection may have been killed. */
    @Test
    void aConnectionThatNobodySpeaksOfAnyMoreIsGone() throws Exception {
        RemoteCards cards = mail.cards();
        Instant noted = clock.instant();
        cards.keepLink(new Link(true, NOW.minusSeconds(100), Optional.empty()));
        clock.advance(RemoteCards.SILENCE);
        assertTrue(cards.link().isUp());
        clock.advance(Duration.ofMillis(1));
        assertEquals(
                new Link(false, noted, Optional.of("no server of this machine is connected to the hub")), cards.link());
    }
}
