package dev.parley.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.Finding.Severity;
import dev.parley.peer.Registration;
import dev.parley.session.PostOffices;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One store, as the test's own process sees it.
 *
 * @param home where it is
 * @param office its parts
 */
record Lab(Path home, FilePostOffice office) {

    /** A store, made if it is absent. */
    static Lab open(Path home) throws IOException {
        return new Lab(home, (FilePostOffice) PostOffices.open(Map.of("PARLEY_HOME", home.toString()), Trace.NONE));
    }

    /** Makes a session known, as its server would. */
    SessionId register(String id) throws IOException, InterruptedException {
        SessionId session = new SessionId(id);
        office.peers()
                .register(new Registration(
                        session,
                        "parley-test",
                        home.toString(),
                        home.toString(),
                        Optional.empty(),
                        Optional.of(office.processes().self()),
                        Optional.empty(),
                        true));
        return session;
    }

    /** A message with nothing but a sender, a receiver and a body. */
    static Envelope letter(SessionId from, SessionId to, String body) {
        return new Envelope(
                MessageId.create(Optional.of(from)),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                Origin.PEER,
                Optional.of(from),
                from.value(),
                to,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                body);
    }

    /** Reads a mailbox until it is empty, telling what it was given as a {@link Victim} does. */
    void drain(SessionId owner, Consumer<String> listener) throws IOException {
        Mailbox mailbox = office.mailbox(owner);
        mailbox.recover();
        while (mailbox.waiting() > 0) {
            Batch batch = mailbox.claim(Budget.READ, request -> false);
            batch.messages()
                    .forEach(claimed -> listener.accept((claimed.redelivered() ? "again " : "first ")
                            + claimed.envelope().body()));
            batch.written();
            batch.confirm();
        }
    }

    /** The whole store holds nothing that cannot be read, delivered or looked up. */
    void assertSound() throws IOException {
        assertEquals(
                "",
                new StoreCheck(office.store(), office.processes())
                        .check().stream()
                                .filter(finding -> finding.severity() == Severity.ERROR)
                                .map(finding -> finding.file() + ": " + finding.what() + "\n")
                                .reduce("", String::concat));
    }
}
