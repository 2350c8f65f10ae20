package dev.parley.study;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A store in a temporary directory with some sessions in one project. */
record Town(Path root, FilePostOffice office, int sessions) implements AutoCloseable {

    static final String PROJECT = "/project";
    private static final String BODY = "x".repeat(1024);
    private static final int KEPT = 1_000_000;

    static Town found(Durability durability, int sessions) throws IOException, InterruptedException {
        Path root = Files.createTempDirectory("parley-study-").toRealPath();
        Store store = Store.open(root.resolve("store"), durability, Trace.NONE);
        FilePostOffice office =
                new FilePostOffice(store, LocalProcessTable.INSTANCE, new Retention(KEPT, PendingAsk.LIFE));
        for (int i = 0; i < sessions; i++) {
            office.peers().register(registration(i, office));
        }
        return new Town(root, office, sessions);
    }

    private static Registration registration(int number, FilePostOffice office) {
        return new Registration(
                session(number),
                "study",
                PROJECT,
                PROJECT,
                Optional.empty(),
                Optional.of(office.processes().self()),
                Optional.empty(),
                true);
    }

    static SessionId session(int number) {
        return new SessionId("study-" + number);
    }

    Peer peer(int number) throws IOException {
        return office.peers().find(session(number)).orElseThrow();
    }

    Mailbox mailbox(int number) {
        return office.mailbox(session(number));
    }

    Envelope letter(int from, int to) {
        return new Envelope(
                MessageId.create(Optional.of(session(from))),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                Envelope.Origin.PEER,
                Optional.of(session(from)),
                "study",
                session(to),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                BODY);
    }

    /** Takes all mail of a session. */
    void drain(int number) throws IOException {
        List<Batch.Claimed> taken;
        do {
            Batch batch = mailbox(number).claim(Budget.READ, Set.<RequestId>of()::contains);
            batch.confirm();
            taken = batch.messages();
        } while (!taken.isEmpty());
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
