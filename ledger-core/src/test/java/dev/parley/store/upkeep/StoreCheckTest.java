package dev.parley.store.upkeep;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.process.ProcessTable;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.ledger.Post;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
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
