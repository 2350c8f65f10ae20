package dev.parley.hooks;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.session.PostOffices;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Requests to the session of a hook, as servers send and change them. */
final class OpenRequests {

    final PostOffice office;
    private final HookFixture hook;

    /** Who asks is known. */
    OpenRequests(HookFixture hook) throws IOException, InterruptedException {
        this.hook = hook;
        this.office = PostOffices.open(
                Map.of("PARLEY_HOME", hook.home.toString(), "PARLEY_DURABILITY", "process"), Trace.NONE);
        register(HookFixture.SENDER);
    }

    private Registration registration(SessionId id) throws IOException {
        return new Registration(
                id,
                Peer.CLAUDE_CODE,
                hook.project.toString(),
                Project.of(hook.project).key(),
                Optional.of(LocalProcessTable.INSTANCE.self()),
                Optional.of(LocalProcessTable.INSTANCE.self()),
                Optional.empty(),
                false);
    }

    private void register(SessionId id) throws IOException, InterruptedException {
        var unused = office.peers().register(registration(id));
    }

    /** Gives a session another id. */
    void move(SessionId from, SessionId to) throws IOException, InterruptedException {
        var unused = office.peers().move(from, registration(to));
    }

    /** A request with its ticket. */
    Envelope ask(String body) throws IOException {
        return ask(HookFixture.SENDER, "brave-otter", body);
    }

    /** The same, of any session; one that is not known gets no ticket. */
    Envelope ask(SessionId from, String name, String body) throws IOException {
        Envelope envelope = envelope(from, name, body);
        if (Files.exists(hook.store.asks(from))) {
            office.asks(from)
                    .open(new PendingAsk(
                            envelope.requestId().orElseThrow(), envelope.id(), envelope.to(), envelope.sentAt()));
        }
        office.delivery().send(envelope, Ring.NO);
        return envelope;
    }

    /** A request that is not sent. */
    Envelope envelope(String body) {
        return envelope(HookFixture.SENDER, "brave-otter", body);
    }

    private Envelope envelope(SessionId from, String name, String body) {
        return new Envelope(
                MessageId.create(Optional.of(from)),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                Envelope.Origin.PEER,
                Optional.of(from),
                name,
                hook.id,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                body);
    }

    /** What its owner says of a request. */
    boolean change(Envelope request, WorkState next) throws IOException, InterruptedException {
        return office.work(hook.id)
                .change(request.id(), WorkChange.of(next.mover().orElseThrow(), next))
                .orElseThrow()
                .isChanged();
    }

    /** The names of what hooks have told who asked. */
    List<String> signals() throws IOException {
        return signals(HookFixture.SENDER);
    }

    List<String> signals(SessionId asker) throws IOException {
        try (Stream<Path> files = Files.list(hook.store.asks(asker))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains(",idle="))
                    .sorted()
                    .toList();
        }
    }

    /** The file that tells who asked. */
    Path signal(Envelope request, int revision) {
        return hook.store
                .asks(request.from().orElseThrow())
                .resolve(request.requestId().orElseThrow() + ",idle=" + revision);
    }
}
