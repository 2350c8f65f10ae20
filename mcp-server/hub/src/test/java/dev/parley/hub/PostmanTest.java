package dev.parley.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.MessageState;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Resolution;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Progress;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.store.Disk;
import dev.parley.store.mailbox.MessageName;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a postman carries between two machines. */
final class PostmanTest {

    private static final String TOKEN = Machine.PROJECT.token();

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final MemoryHub hub = new MemoryHub(clock, 1);
    private Machine laptop;
    private Machine server;

    @BeforeEach
    void makeMachines() throws Exception {
        laptop = Machine.of("laptop", hub, clock);
        server = Machine.of("build-server", hub, clock);
        laptop.begin("ann-00001");
        server.begin("ben-00001");
    }

    private void settle() throws Exception {
        Machine.settle(clock, 200, laptop, server);
    }

    private Optional<Progress> progress(Envelope letter) throws IOException {
        return laptop.mail.sent().find(letter.id()).flatMap(sent -> sent.progress());
    }

    private MessageState state(Envelope letter) throws IOException {
        return progress(letter).orElseThrow().state();
    }

    @Test
    void aMessageArrivesAndSaysWhichMachineItIsFrom() throws Exception {
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        settle();
        assertEquals(List.of(letter.from(laptop.host)), server.read("ben-00001"));
        assertEquals(0, laptop.mail.outbox().size());
        assertTrue(laptop.mail.sent().find(letter.id()).orElseThrow().isStoredThere());
        Machine.pass(clock, 2, laptop, server);
        assertEquals(0, hub.waitingFor(server.host) + hub.waitingFor(laptop.host));
    }

    /** The hub's acknowledgement is not enough. */
    @Test
    void aMessageLeavesTheOutboxByTheReceiptAlone() throws Exception {
        laptop.send("ann-00001", server, "ben-00001", "hello");
        Machine.pass(clock, 10, laptop);
        assertEquals(1, hub.waitingFor(server.host));
        assertEquals(1, laptop.mail.outbox().size());
        hub.wipe();
        settle();
        assertEquals(List.of("hello"), server.bodies("ben-00001"));
    }

    /** By then it is published again only once a minute. */
    @Test
    void aLossThatIsNoticedIsMadeGoodAtOnce() throws Exception {
        laptop.send("ann-00001", server, "ben-00001", "hello");
        Machine.pass(clock, 300, laptop);
        hub.wipe();
        Machine.pass(clock, 6, laptop);
        assertEquals(1, hub.waitingFor(server.host));
        hub.loseTheLatest(2);
        Machine.pass(clock, 6, laptop);
        assertEquals(1, hub.waitingFor(server.host));
    }

    /** On a machine of few processors it would wait for the one that it has called. */
    @Test
    void whoeverPutSomethingMayFinishBeforeItIsPublished() throws Exception {
        Machine.pass(clock, 1, laptop);
        laptop.send("ann-00001", server, "ben-00001", "hello");
        long begun = System.nanoTime();
        assertEquals(1, laptop.postmanNow().send(Duration.ofSeconds(1)));
        assertTrue(System.nanoTime() - begun >= Postman.GATHERING.toNanos(), "it was published at once");
    }

    @Test
    void theSenderIsToldHowFarItsMessageIs() throws Exception {
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        settle();
        Machine.pass(clock, 3, laptop, server);
        assertEquals(MessageState.STORED, state(letter));
        server.here.ledger(new SessionId("ben-00001")).markRung(letter.id(), "doorbell");
        Machine.pass(clock, 3, laptop, server);
        assertEquals(MessageState.RUNG, state(letter));
        assertEquals(
                "doorbell", progress(letter).orElseThrow().rung().orElseThrow().rung());
        server.read("ben-00001");
        Machine.pass(clock, 3, laptop, server);
        assertEquals(MessageState.SHOWN, state(letter));
        server.here.ledger(new SessionId("ben-00001")).markAnswered(letter.id());
        Machine.pass(clock, 3, laptop, server);
        assertEquals(MessageState.ANSWERED, state(letter));
    }

    @Test
    void theSenderIsToldHowFarTheWorkIs() throws Exception {
        Envelope request = laptop.letter("ann-00001", "ben-00001", Optional.of(RequestId.create()), "build it");
        laptop.mail.outbox().put(server.host, request);
        settle();
        Machine.pass(clock, 3, laptop, server);
        assertEquals(
                WorkState.OPEN,
                progress(request).orElseThrow().work().orElseThrow().state());
        WorkChange blocked =
                new WorkChange(WorkState.Actor.OWNER, WorkState.BLOCKED, Optional.of("no key"), Optional.of("the key"));
        assertTrue(server.here
                .work(new SessionId("ben-00001"))
                .change(request.id(), blocked)
                .orElseThrow()
                .isChanged());
        Machine.pass(clock, 3, laptop, server);
        Progress.WorkDone work = progress(request).orElseThrow().work().orElseThrow();
        assertEquals(WorkState.BLOCKED, work.state());
        assertEquals(Optional.of("the key"), work.needs());
    }

    /** A sender is told again for a day, since the hub may lose what it was told. */
    @Test
    void whatIsOverIsFollowedForADay() throws Exception {
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        settle();
        server.read("ben-00001");
        server.here.ledger(new SessionId("ben-00001")).markAnswered(letter.id());
        Machine.pass(clock, 3, laptop, server);
        assertEquals(MessageState.ANSWERED, state(letter));
        clock.advance(Reports.AFTERWARDS.minusSeconds(60));
        Machine.pass(clock, 11, server);
        assertEquals(1, server.mail.followed().all().size());
        clock.advance(Duration.ofMinutes(2));
        Machine.pass(clock, 70, server);
        assertEquals(0, server.mail.followed().all().size());
    }

    /** What was told and lost on the way is told again; also by a postman that has just begun. */
    @Test
    void whatIsToldSurvivesALossOfTheHub() throws Exception {
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        settle();
        server.read("ben-00001");
        Machine.pass(clock, 3, server);
        hub.wipe();
        server.relieve();
        Machine.pass(clock, 1, server);
        hub.wipe();
        Machine.pass(clock, 12, laptop, server);
        assertEquals(MessageState.SHOWN, state(letter));
    }

    @Test
    void nothingIsToldTwiceOfWhatHasNotChanged() throws Exception {
        laptop.send("ann-00001", server, "ben-00001", "hello");
        settle();
        Machine.pass(clock, 10, laptop, server);
        Machine.pass(clock, 100, server);
        assertEquals(0, hub.waitingFor(laptop.host));
    }

    @Test
    void mailGoesOnInOrderWhenAnotherPostmanTakesOver() throws Exception {
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            laptop.send("ann-00001", server, "ben-00001", "message " + i);
            sent.add("message " + i);
            if (i % 40 == 39) {
                laptop.step();
                laptop.relieve();
                server.step();
                server.relieve();
            }
        }
        settle();
        assertEquals(sent, server.bodies("ben-00001"));
    }

    /** The older one does not know that it was displaced, and goes on beside the other. */
    @Test
    void aPostmanThatStalledDoublesNothing() throws Exception {
        Postman stalled = laptop.postmanNow();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            laptop.send("ann-00001", server, "ben-00001", "message " + i);
            sent.add("message " + i);
        }
        laptop.step();
        laptop.relieve();
        for (int round = 0; round < 10; round++) {
            laptop.step();
            server.step();
            stalled.send(Duration.ZERO);
            stalled.receive(Duration.ZERO);
            clock.advance(Duration.ofSeconds(7));
        }
        settle();
        assertEquals(sent, server.bodies("ben-00001"));
    }

    /** A machine that has much to send, over a slow road, neither falls silent nor keeps others' mail waiting. */
    @Test
    void whilePublishingAMachineTakesInAndSaysThatItIsThere() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        server.send("ben-00001", laptop, "ann-00001", "come in");
        Envelope before = laptop.send("ann-00001", server, "ben-00001", "to be settled");
        laptop.step();
        server.step();
        server.step();
        laptop.send("ann-00001", server, "ben-00001", "slow");
        List<String> meanwhile = new ArrayList<>();
        hub.meanwhile(() -> {
            hub.meanwhile(() -> {});
            Thread other = new Thread(() -> {
                try {
                    clock.advance(Postman.ROUND);
                    laptop.postmanNow().keep();
                    laptop.postmanNow().receive(Duration.ZERO);
                    meanwhile.addAll(laptop.bodies("ann-00001"));
                } catch (IOException | InterruptedException e) {
                    meanwhile.add(e.toString());
                }
            });
            other.start();
            try {
                other.join(Duration.ofSeconds(20).toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            meanwhile.add(other.isAlive() ? "it waits" : "it is done");
        });
        laptop.postmanNow().send(Duration.ZERO);
        assertEquals(List.of("come in", "it is done"), meanwhile);
        assertTrue(laptop.mail.sent().find(before.id()).orElseThrow().isStoredThere());
        settle();
        assertEquals(List.of("to be settled", "slow"), server.bodies("ben-00001"));
    }

    /** Else the hub gives it all again, before it is done with, again and again. */
    @Test
    void aBusyMachineAcknowledgesWhatItHasTakenInAndGivesBackTheRest() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            laptop.send("ann-00001", server, "ben-00001", "message " + i);
            sent.add("message " + i);
        }
        laptop.step();
        assertEquals(40, hub.waitingFor(server.host));
        hub.whenLookedAt(() -> clock.advance(Duration.ofSeconds(1)));
        server.postmanNow().receive(Duration.ZERO);
        assertEquals(34, hub.waitingFor(server.host));
        server.postmanNow().receive(Duration.ZERO);
        assertEquals(28, hub.waitingFor(server.host), "what was given back comes at once");
        hub.whenLookedAt(() -> {});
        settle();
        assertEquals(sent, server.bodies("ben-00001"));
    }

    /** Whoever took it in died before it was noted that its sender is to be told. */
    @Test
    void whatWasTakenInByOneThatDiedIsFollowedAllTheSame() throws Exception {
        settle();
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        Parcel parcel =
                laptop.mail.outbox().waiting(Pair.of(server.host, letter), 1).get(0);
        Pair there = new Pair(laptop.host, parcel.pair().from(), parcel.pair().to());
        var unused = server.mail.intake().take(new Parcel(there, parcel.epoch(), 1, 0, Optional.empty(), letter));
        assertEquals(0, server.mail.followed().all().size());
        server.relieve();
        settle();
        assertEquals(List.of("hello"), server.bodies("ben-00001"));
        Machine.pass(clock, 3, laptop, server);
        assertEquals(MessageState.SHOWN, state(letter));
    }

    /** The others may all be off, and the hub may have lost everything. */
    @Test
    void aNewPostmanTakesNobodyForPresentWhomTheHubDoesNotShow() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        assertEquals(1, laptop.mail.cards().hosts().size());
        hub.cut(server.host);
        hub.wipe();
        laptop.relieve();
        Machine.pass(clock, 2, laptop);
        assertEquals(List.of(), laptop.mail.cards().hosts());
    }

    @Test
    void mailOfARunThatWasCutOffArrivesWithoutAnybodysHelp() throws Exception {
        settle();
        hub.cut(laptop.host);
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        Machine.pass(clock, 60, laptop, server);
        assertFalse(laptop.mail.cards().link().isUp());
        assertEquals(
                Optional.of("nobody answers at memory:hub; see whether it runs"),
                laptop.mail.cards().link().trouble());
        assertTrue(server.mail.cards().link().isUp());
        hub.mend(laptop.host);
        settle();
        assertEquals(List.of(letter.from(laptop.host)), server.read("ben-00001"));
        assertTrue(laptop.mail.cards().link().isUp());
        assertEquals(Optional.empty(), laptop.mail.cards().link().trouble());
    }

    @Test
    void aFullHubIsSaidAndMailWaits() throws Exception {
        settle();
        hub.holdAtMost(0);
        laptop.send("ann-00001", server, "ben-00001", "hello");
        Machine.pass(clock, 15, laptop, server);
        assertTrue(laptop.mail.cards().link().isUp());
        assertEquals(Optional.of("the hub is full"), laptop.mail.cards().link().trouble());
        assertEquals(1, laptop.mail.outbox().size());
        hub.holdAtMost(10);
        settle();
        Machine.pass(clock, 6, laptop, server);
        assertEquals(List.of("hello"), server.bodies("ben-00001"));
        assertEquals(Optional.empty(), laptop.mail.cards().link().trouble());
    }

    /** Whoever may make the stream may make it so that it sends everybody's mail elsewhere. */
    @Test
    void nothingIsSentToAHubThatIsNotAsItShouldBe() throws Exception {
        hub.differ("the stream has a republish");
        laptop.send("ann-00001", server, "ben-00001", "hello");
        Machine.pass(clock, 20, laptop, server);
        assertEquals(0, hub.waitingFor(server.host));
        assertEquals(Map.of(), hub.bucket());
        String trouble = laptop.mail.cards().link().trouble().orElseThrow();
        assertTrue(trouble.contains("the stream has a republish"), trouble);
    }

    @Test
    void aSessionThatIsNotThereIsToldAndWhatIsSentToItArrivesOnceItIs() throws Exception {
        Envelope letter = laptop.send("ann-00001", server, "cleo-0001", "hello");
        Envelope second = laptop.send("ann-00001", server, "cleo-0001", "again");
        Machine.pass(clock, 20, laptop, server);
        assertEquals(
                Optional.of("no session cleo-0001 of this project is known on build-server"),
                progress(letter).orElseThrow().refused());
        assertEquals(2, laptop.mail.outbox().size());
        server.begin("cleo-0001");
        settle();
        assertEquals(List.of("hello", "again"), server.bodies("cleo-0001"));
        Machine.pass(clock, 3, laptop, server);
        assertEquals(Optional.empty(), progress(letter).orElseThrow().refused());
        assertEquals(MessageState.SHOWN, state(second));
    }

    /** Only the project is shared in which share was run. */
    @Test
    void sessionsOfOtherProjectsAreNotToBeWrittenTo() throws Exception {
        server.begin("secret-01", "/work/secret/.git");
        Envelope letter = laptop.send("ann-00001", server, "secret-01", "hello");
        Machine.pass(clock, 20, laptop, server);
        assertEquals(
                Optional.of("no session secret-01 of this project is known on build-server"),
                progress(letter).orElseThrow().refused());
        assertEquals(List.of(), server.bodies("secret-01"));
        assertTrue(hub.bucket().keySet().stream().noneMatch(key -> key.contains("secret")), hub.bucket()::toString);
    }

    @Test
    void aMachineThatIsNotAcceptedIsToldSo() throws Exception {
        server.accept(Set.of(new HostName("workstation")));
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        Machine.pass(clock, 20, laptop, server);
        assertEquals(
                Optional.of("build-server takes no mail from laptop"),
                progress(letter).orElseThrow().refused());
        assertEquals(List.of(), server.bodies("ben-00001"));
        server.accept(Set.of(laptop.host));
        settle();
        assertEquals(List.of("hello"), server.bodies("ben-00001"));
    }

    @Test
    void aFullMailboxHoldsUpItsOwnPairOnlyAndTheSenderIsTold() throws Exception {
        server.begin("cleo-0001");
        Disk disk = server.office.store().disk();
        Path waiting = server.office.store().mailbox(new SessionId("ben-00001")).resolve("new");
        List<Path> much = new ArrayList<>();
        for (int i = 0; i < Mailbox.CAPACITY_OF_ONE; i++) {
            MessageId id = MessageId.create(Optional.of(new SessionId("ann-00001")));
            much.add(waiting.resolve(MessageName.of(i, id, Optional.empty()).toString()));
            disk.createFile(much.get(i), new byte[0], Disk.Sync.UNFORCED);
        }
        Envelope stuck = laptop.send("ann-00001", server, "ben-00001", "stuck");
        laptop.send("ann-00001", server, "ben-00001", "behind it");
        laptop.send("ann-00001", server, "cleo-0001", "hello");
        Machine.pass(clock, 20, laptop, server);
        assertEquals(List.of("hello"), server.bodies("cleo-0001"));
        String reason = progress(stuck).orElseThrow().refused().orElseThrow();
        assertTrue(reason.contains("too much mail of yours"), reason);
        for (Path each : much) {
            disk.deleteFile(each);
        }
        settle();
        assertEquals(List.of("stuck", "behind it"), server.bodies("ben-00001"));
    }

    /** What cannot be read is not taken for nothing: its pair waits until somebody has looked, and nobody else does. */
    @Test
    void aDamagedPairHoldsUpItselfOnly() throws Exception {
        laptop.begin("cleo-0001");
        laptop.send("ann-00001", server, "ben-00001", "first");
        settle();
        Disk disk = server.office.store().disk();
        Path intake = server.office.store().home().resolve("intake");
        Path state = intake.resolve(disk.list(intake).get(0)).resolve("state");
        byte[] good = disk.readFile(state, 4096);
        disk.deleteFile(state);
        disk.createFile(state, new byte[] {1, 2, 3}, Disk.Sync.FORCED);
        laptop.send("ann-00001", server, "ben-00001", "stuck");
        laptop.send("cleo-0001", server, "ben-00001", "hello");
        Machine.pass(clock, 20, laptop, server);
        assertEquals(List.of("first", "hello"), server.bodies("ben-00001"));
        assertTrue(server.office.events().contains("not-taken-in"), server.office.events()::toString);
        disk.deleteFile(state);
        disk.createFile(state, good, Disk.Sync.FORCED);
        settle();
        assertEquals(List.of("stuck"), server.bodies("ben-00001"));
    }

    /** Two agents on two machines that thank each other stop as two on one machine do. */
    @Test
    void nobodyIsRungForAfterManyRepliesInARow() throws Exception {
        Instant before = server.office.rungAt(new SessionId("ben-00001"));
        laptop.mail.outbox().put(server.host, withHops(Delivery.MAX_HOPS_RUNG + 1));
        settle();
        assertEquals(before, server.office.rungAt(new SessionId("ben-00001")));
        laptop.mail.outbox().put(server.host, withHops(Delivery.MAX_HOPS_RUNG));
        settle();
        assertTrue(server.office.rungAt(new SessionId("ben-00001")).isAfter(before));
        assertEquals(2, server.bodies("ben-00001").size());
    }

    private Envelope withHops(int hops) throws IOException {
        Envelope e = laptop.letter("ann-00001", "ben-00001", "thanks");
        return new Envelope(
                e.id(),
                e.sentAt(),
                e.origin(),
                e.from(),
                e.fromName(),
                e.to(),
                e.requestId(),
                e.replyTo(),
                e.sourceMessageId(),
                hops,
                e.body());
    }

    @Test
    void theCardsOfTheOthersAreKeptAndSayNothingOfFilesAndProcesses() throws Exception {
        server.here
                .peers()
                .update(new SessionId("ben-00001"), card -> card.withPurpose(Optional.of("builds"), clock.instant()));
        server.office.says(new SessionId("ben-00001"), "busy");
        Machine.pass(clock, 11, laptop, server);
        Card card = laptop.mail.cards().of(TOKEN).get(0);
        assertEquals(server.host, card.host());
        assertEquals(new SessionId("ben-00001"), card.session());
        assertEquals(Optional.of("builds"), card.purpose());
        assertEquals("BUSY", card.activity().name());
        assertEquals(1, laptop.mail.cards().of(TOKEN).size());
        String text = hub.bucket().toString();
        assertFalse(text.contains("/work"), text);
        assertFalse(text.contains("example.org"), text);
        assertEquals(
                Set.of(
                        "laptop",
                        "build-server",
                        "laptop." + TOKEN + ".ann-00001",
                        "build-server." + TOKEN + ".ben-00001"),
                hub.bucket().keySet());
    }

    private List<String> activities() throws IOException {
        return laptop.mail.cards().of(TOKEN).stream()
                .map(card -> card.activity().name())
                .toList();
    }

    private void endBen() {
        server.office.end("client of ben-00001");
        server.office.end("server of ben-00001");
    }

    /** Whoever waits for it has to learn so. */
    @Test
    void thatASessionHasEndedIsToldForADay() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        endBen();
        Machine.pass(clock, 11, laptop, server);
        assertEquals(List.of("ENDED"), activities());
        hub.wipe();
        Machine.pass(clock, 11, laptop, server);
        assertEquals(List.of("ENDED"), activities(), "a hub that lost it is told again");
        server.relieve();
        Machine.pass(clock, 11, laptop, server);
        assertEquals(List.of("ENDED"), activities(), "another postman knows it from the hub");
        clock.advance(OwnCards.ENDED_IS_TOLD);
        Machine.pass(clock, 11, laptop, server);
        assertEquals(List.of(), activities());
        assertEquals(
                Set.of("laptop", "build-server", "laptop." + TOKEN + ".ann-00001"),
                hub.bucket().keySet());
    }

    /** As at home: its server may have been killed, and it is resumed. */
    @Test
    void whatIsSentToASessionThatHasEndedIsKeptForIt() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        endBen();
        Machine.pass(clock, 11, laptop, server);
        HubOffice office = new HubOffice(laptop.here, () -> Optional.of(laptop.team()));
        Peer ann = laptop.here.peers().find(new SessionId("ann-00001")).orElseThrow();
        Peer ben = assertInstanceOf(Resolution.Found.class, office.peers().resolve("ben-00001", ann))
                .peer();
        assertEquals(Life.GONE, office.peers().presence(ben).life());
        var unused = laptop.send("ann-00001", server, ben.id().value(), "for later");
        Machine.settle(clock, 20, laptop, server);
        assertEquals(List.of("for later"), server.bodies("ben-00001"));
    }

    @Test
    void aSessionThatIsBackHasNotEnded() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        endBen();
        Machine.pass(clock, 11, laptop, server);
        assertEquals(List.of("ENDED"), activities());
        server.begin("ben-00001");
        server.office.says(new SessionId("ben-00001"), "idle");
        Machine.pass(clock, 11, laptop, server);
        assertEquals(List.of("IDLE"), activities());
    }

    /** After /clear a session goes on under another id. */
    @Test
    void anEndThatIsOnlySaidIsToldWhenItIsCertain() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        server.office.says(new SessionId("ben-00001"), "ended");
        server.step();
        laptop.step();
        assertFalse(activities().contains("ENDED"), activities()::toString);
        Machine.pass(clock, 11, laptop, server);
        assertEquals(List.of("ENDED"), activities());
    }

    @Test
    void whoIsNowHereUnderAnotherIdHasNotEnded() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        var unused = server.here
                .peers()
                .move(
                        new SessionId("ben-00001"),
                        server.office.registration(
                                new SessionId("ben-00002"),
                                "codex",
                                Machine.KEY,
                                Optional.of("client of ben-00001"),
                                Optional.of("server of ben-00001")));
        Machine.pass(clock, 11, laptop, server);
        List<Card> cards = laptop.mail.cards().of(TOKEN);
        assertEquals(
                List.of("ben-00002"),
                cards.stream().map(card -> card.session().value()).toList());
        assertFalse(activities().contains("ENDED"));
    }

    @Test
    void aMachineThatFellSilentIsAwayAndComesBack() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        assertEquals(
                List.of(false),
                laptop.mail.cards().hosts().stream().map(Host::isAway).toList());
        hub.cut(server.host);
        Machine.pass(clock, 20, laptop, server);
        List<Host> hosts = laptop.mail.cards().hosts();
        assertEquals(List.of(true), hosts.stream().map(Host::isAway).toList());
        assertEquals(1, laptop.mail.cards().of(TOKEN).size());
        hub.mend(server.host);
        Machine.pass(clock, 11, laptop, server);
        assertEquals(
                List.of(false),
                laptop.mail.cards().hosts().stream().map(Host::isAway).toList());
    }

    /** Mail to them is taken on, as if nothing had been lost; also by a postman that has just begun. */
    @Test
    void aHubThatHasLostItsDataMakesNobodysSessionsEnd() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        List<Card> before = laptop.mail.cards().of(TOKEN);
        assertEquals(1, before.size());
        hub.cut(server.host);
        hub.wipe();
        Machine.pass(clock, 20, laptop, server);
        assertEquals(before, laptop.mail.cards().of(TOKEN));
        laptop.relieve();
        Machine.pass(clock, 20, laptop, server);
        assertEquals(before, laptop.mail.cards().of(TOKEN));
        hub.mend(server.host);
        // The machine has said that it is there, and nothing yet of its sessions.
        hub.as(server.host).put(server.host.value(), "{}".getBytes(UTF_8), Road.ABSENT);
        clock.advance(Postman.ROUND);
        laptop.step();
        assertEquals(1, laptop.mail.cards().hosts().size());
        assertEquals(before, laptop.mail.cards().of(TOKEN));
        server.office.end("client of ben-00001");
        server.office.end("server of ben-00001");
        Machine.pass(clock, 20, laptop, server);
        assertEquals(List.of("ENDED"), activities(), "that it has ended is told by its machine");
    }

    /** What a machine took back is gone at once, which a loss is not. */
    @Test
    void theSessionsOfAMachineThatHasLeftAreGone() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        Road road = hub.as(server.host);
        for (Road.Entry entry : road.entries()) {
            if (entry.key().startsWith(server.host.value())) {
                road.remove(entry.key(), entry.revision());
            }
        }
        Machine.pass(clock, 6, laptop);
        assertEquals(List.of(), laptop.mail.cards().of(TOKEN));
        assertEquals(List.of(), laptop.mail.cards().hosts());
    }

    @Test
    void theSecondMachineOfANameIsRefusedAndTakesNothing() throws Exception {
        settle();
        Machine.pass(clock, 6, laptop, server);
        Machine second = Machine.of("build-server", hub, clock, Machine.files(clock), "another");
        second.begin("ben-00001");
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        for (int i = 0; i < 30; i++) {
            Machine.pass(clock, 1, second, laptop, server);
        }
        assertEquals(List.of(letter.from(laptop.host)), server.read("ben-00001"));
        assertEquals(List.of(), second.bodies("ben-00001"));
        String trouble = second.mail.cards().link().trouble().orElseThrow();
        assertTrue(
                trouble.startsWith("another machine of the team is called build-server: run parley hub leave"),
                trouble);
        assertTrue(server.mail.cards().link().isUp());
    }

    @Test
    void aCopyOfAStoreIsRefusedAndTheMachineItselfIsNot() throws Exception {
        var files = Machine.files(clock);
        Machine original = Machine.of("workstation", hub, clock, files, "one");
        original.begin("cleo-0001");
        Machine.pass(clock, 6, original);
        Machine copy = Machine.of("workstation", hub, clock, files.copy(), "one");
        Machine.pass(clock, 11, original);
        for (int i = 0; i < 30; i++) {
            Machine.pass(clock, 1, copy, original);
        }
        String trouble = copy.mail.cards().link().trouble().orElseThrow();
        assertTrue(trouble.startsWith("a copy of this store is in use on another machine, as workstation"), trouble);
        assertTrue(original.mail.cards().link().isUp());
        // Another process of the same machine needs not wait.
        original.relieve();
        Machine.pass(clock, 1, original);
        assertTrue(original.mail.cards().link().isUp());
        // And the copy may go on once the machine is silent.
        Machine.pass(clock, 20, copy);
        assertTrue(copy.mail.cards().link().isUp());
    }
}
