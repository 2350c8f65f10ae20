package dev.parley.store.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks.Edge;
import dev.parley.ledger.Work;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.process.ProcessTable;
import dev.parley.store.Checksummed;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.ledger.Post;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.trace.DamagedException;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every place of a store, damaged in every way: found, cured, and no readable message lost. */
final class StoreCheckTest {

    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");

    @TempDir
    Path temp;

    private final SimulatedProcesses machine = new SimulatedProcesses();
    private Store store;
    private Post post;
    private StoreCheck check;

    @BeforeEach
    void openStore() throws IOException, InterruptedException {
        store = Store.open(temp.resolve("home"), Durability.PROCESS, Trace.NONE);
        ProcessTable self = machine.start(1);
        post = Post.over(store, self);
        check = new StoreCheck(store, self);
        post.peers().register(post.registration(ANN));
        post.peers().register(post.registration(BEN));
    }

    /** Its user put it there. */
    @Test
    void aTraceIsLeftWhereItIs() throws Exception {
        Path trace = store.home().resolve("my-trace.jsonl");
        Files.createFile(trace, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(trace, "{\"at\":\"2026-05-01T10:00:00Z\",\"pid\":1,\"event\":\"swept\"}\n");
        assertEquals(List.of(), check.check());
    }

    /** What it says is read by who uses a hub: it may have been written by a person. */
    @Test
    void theFileOfTheHubIsPartOfAStore() throws Exception {
        Path hub = store.home().resolve("hub");
        Files.createFile(hub, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(hub, "parley hub 1\n");
        assertEquals(List.of(), check.check());
        assertEquals(0, repaired());
        assertTrue(Files.exists(hub));
    }

    @Test
    void whatIsKeptOfStartsIsReadableOrSetAside() throws Exception {
        Path starts = store.home().resolve("starts");
        Files.createFile(starts, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(starts, Checksummed.encode("session ann 1\n"));
        assertEquals(List.of(), check.check());
        Files.writeString(starts, "session ann 3\n");
        assertEquals(1, repaired());
        assertFalse(Files.exists(starts));
    }

    @Test
    void whatIsNotedOfTheEndedIsReadableOrSetAside() throws Exception {
        Path ended = Files.createDirectory(
                store.home().resolve("ended"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path notes = ended.resolve("3810725740.7");
        Files.createFile(notes, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(notes, Checksummed.encode("ann able-acorn 1 - 1\n"));
        assertEquals(List.of(), check.check());
        Files.writeString(notes, "ann able-acorn 1 - 1\n");
        Files.createFile(
                ended.resolve("else"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertEquals(2, repaired());
        assertFalse(Files.exists(notes));
        assertFalse(Files.exists(ended.resolve("else")));
    }

    private Envelope send(String body) throws IOException {
        Envelope letter = Letters.plain(BEN, ANN, body);
        post.delivery().send(letter, Delivery.Ring.YES);
        return letter;
    }

    private Path onlyWaiting() throws IOException {
        try (Stream<Path> files = Files.list(store.mailbox(ANN).resolve("new"))) {
            List<Path> all = files.toList();
            assertEquals(1, all.size(), all::toString);
            return all.get(0);
        }
    }

    private List<String> bodies() throws IOException {
        return post.mailbox(ANN).claim(Budget.READ, id -> false).messages().stream()
                .map(claimed -> claimed.envelope().body())
                .toList();
    }

    /** Puts another file in its place: its other name, if it has one, still names what was there. */
    private static void replace(Path file, String content) throws IOException {
        Files.delete(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(file, content);
    }

    /** Repairs until all is well, and says how many things were wrong. */
    private int repaired() throws IOException, InterruptedException {
        StoreCheck.Repair repair = check.repair();
        assertEquals(List.of(), repair.left());
        assertEquals(List.of(), check.check());
        return repair.cured().size();
    }

    @Test
    void aStoreInUseIsClean() throws IOException {
        send("one");
        assertEquals(List.of(), check.check());
        bodies();
        assertEquals(List.of(), check.check());
    }

    private Envelope request() throws IOException, InterruptedException {
        Envelope letter = Letters.question(BEN, ANN, RequestId.create(), "do it");
        post.asks(BEN)
                .open(new PendingAsk(
                        letter.requestId().orElseThrow(),
                        letter.id(),
                        ANN,
                        store.clock().instant(),
                        Optional.of(store.clock().instant().plus(Duration.ofHours(1)))));
        post.delivery().send(letter, Delivery.Ring.NO);
        for (WorkState next : List.of(WorkState.WORKING, WorkState.BLOCKED)) {
            var unused = post.work(ANN).change(letter.id(), WorkChange.of(Actor.OWNER, next));
        }
        return letter;
    }

    @Test
    void whatIsNotedOfWorkIsClean() throws Exception {
        Envelope letter = request();
        RequestId ticket = letter.requestId().orElseThrow();
        assertTrue(post.work(ANN).claim(letter.id(), new OpenWork.FellDue()));
        assertTrue(post.work(ANN).claim(letter.id(), new OpenWork.TurnEnded(2)));
        for (Edge.Kind kind : Edge.Kind.values()) {
            assertTrue(post.asks(BEN).claim(ticket, Edge.of(kind)));
        }
        Files.createFile(
                store.asks(BEN).resolve(ticket + ",idle=2"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertTrue(post.delivery().withdraw(ANN, letter.id()));
        assertEquals(List.of(), check.check());
        var done = post.work(ANN).change(letter.id(), WorkChange.of(Actor.REQUESTER, WorkState.CANCELED));
        assertTrue(done.orElseThrow().isChanged());
        assertEquals(List.of(), check.check());
        String odd = ticket + ",told=By you";
        Files.createFile(
                store.asks(BEN).resolve(odd),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        assertEquals(1, repaired(), "a note that nobody makes");
    }

    @Test
    void aDamagedStateIsSetAside() throws Exception {
        Envelope letter = request();
        replace(store.ledger(ANN).resolve(letter.id() + ",work=2"), "garbage");
        assertThrows(DamagedException.class, () -> post.work(ANN).find(letter.id()));
        assertEquals(List.of(), post.work(ANN).unfinished());
        assertEquals(1, repaired());
        assertEquals(
                WorkState.WORKING,
                post.work(ANN).find(letter.id()).orElseThrow().state(),
                "the last that is known");
        Path done = store.ledger(ANN).resolve(letter.id() + ",done");
        Files.copy(store.ledger(ANN).resolve(letter.id() + ",work=1"), done);
        Files.setPosixFilePermissions(done, PosixFilePermissions.fromString("rw-------"));
        assertEquals(1, repaired(), "an end that is none");
    }

    /** What is noted of a message survives its record. */
    @Test
    void aDamagedRecordOfARequestIsMadeAgainWithItsState() throws Exception {
        Envelope letter = request();
        Optional<Work> before = post.work(ANN).find(letter.id());
        replace(store.ledger(ANN).resolve(letter.id().value()), "garbage");
        assertEquals(1, repaired());
        assertEquals(before, post.work(ANN).find(letter.id()));
    }

    @Test
    void aDamagedMessageIsMadeAgainFromTheLedger() throws Exception {
        send("precious");
        Path file = onlyWaiting();
        replace(file, "garbage");
        assertEquals(file, check.check().get(0).file());
        assertEquals(1, repaired());
        assertEquals(List.of("precious"), bodies());
        try (Stream<Path> aside = Files.walk(store.home().resolve("set-aside"))) {
            assertTrue(aside.anyMatch(path -> path.endsWith(file.getFileName())));
        }
    }

    @Test
    void aDamagedRecordIsMadeAgainFromTheMessage() throws Exception {
        Envelope letter = send("precious");
        Path file = store.ledger(ANN).resolve(letter.id().value());
        replace(file, "x".repeat(10_000_000));
        assertEquals(1, repaired());
        assertEquals(
                "precious", post.ledger(ANN).find(letter.id()).orElseThrow().body());
    }

    @Test
    void aMessageWhoseContentIsDamagedIsSetAsideUnderBothItsNames() throws Exception {
        Envelope letter = send("lost");
        Path file = onlyWaiting();
        Path record = store.ledger(ANN).resolve(letter.id().value());
        Files.writeString(file, "garbage");
        send("next");
        assertEquals(
                Set.of(file, record),
                check.check().stream().map(FileFinding::file).collect(Collectors.toSet()));
        assertEquals(2, repaired());
        assertEquals(List.of("next"), bodies());
        try (Stream<Path> aside = Files.walk(store.home().resolve("set-aside"))) {
            assertEquals(2, aside.filter(Files::isRegularFile).count());
        }
    }

    @Test
    void aRenamedMessageGetsAProperNameBack() throws Exception {
        send("precious");
        Path file = onlyWaiting();
        Files.move(file, file.resolveSibling("copy of a message"));
        assertEquals(2 - 1, repaired());
        assertEquals(List.of("precious"), bodies());
    }

    @Test
    void circlesAreBroken() throws Exception {
        send("precious");
        Files.writeString(store.movedTo(ANN), "ben\n", UTF_8);
        Files.writeString(store.movedTo(BEN), "ann\n", UTF_8);
        repaired();
        assertEquals(List.of("precious"), bodies());
    }
}
