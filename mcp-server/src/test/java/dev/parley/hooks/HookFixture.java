package dev.parley.hooks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.HostName;
import dev.parley.address.Ids;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.peer.FilePeerDirectory;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.ThreadPerTask;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A store, a project directory and one session in it, for driving the hook. */
final class HookFixture {

    /** A directory with the only tools that hooks find, where a test says so. */
    static volatile Optional<Path> tools = Optional.empty();

    static final SessionId SENDER = new SessionId("sender-0001");

    final Path home;
    final Path project;
    final SessionId id;
    final Store store;
    final Mailboxes mailboxes;
    final FilePeerDirectory peers;
    final Map<String, String> environment = new HashMap<>();
    String client = "claude-code";

    HookFixture(Path root) throws IOException {
        home = root.resolve("home");
        project = Files.createDirectories(root.resolve("project")).toRealPath();
        id = new SessionId("0d80d7d3-b870-4f75-a807-43f541f7b15b");
        store = Store.open(home, Durability.PROCESS, Trace.NONE);
        mailboxes = new Mailboxes(store, LocalProcessTable.INSTANCE);
        peers = new FilePeerDirectory(store, LocalProcessTable.INSTANCE);
        environment.put("PARLEY_HOME", home.toString());
        environment.put("HOME", root.toString());
        tools.ifPresent(directory -> environment.put("PATH", directory.toString()));
        environment.put("CLAUDE_PID", Long.toString(ProcessHandle.current().pid()));
    }

    /** The session exists, as after its first hook, and has been greeted. */
    HookFixture started() throws IOException, InterruptedException {
        run(input("SessionStart").with("source", "startup"));
        Files.delete(store.session(id).resolve("greeting"));
        return this;
    }

    /** What a server of a session of Claude Code does at its start. */
    Peer register(SessionId session, Path cwd) throws IOException, InterruptedException {
        return peers.register(new Registration(
                session,
                Peer.CLAUDE_CODE,
                cwd.toString(),
                Project.of(cwd).key(),
                Optional.of(LocalProcessTable.INSTANCE.self()),
                Optional.of(LocalProcessTable.INSTANCE.self()),
                Optional.empty(),
                false));
    }

    /** What the client writes down of a conversation, one line each. */
    void transcript(String... lines) throws IOException {
        Files.writeString(project.resolve("transcript.jsonl"), String.join("\n", lines) + "\n");
    }

    /** The number of the only hand-over that is not proven. */
    String handOver() throws IOException {
        String claim = claims().get(0);
        return claim.substring(claim.lastIndexOf('.') + 1);
    }

    /** The same store, as an office. */
    PostOffice office() {
        return new FilePostOffice(store, LocalProcessTable.INSTANCE, Retention.DEFAULT);
    }

    HookInput input(String event) {
        return HookInput.of(event, id.value(), project.toString());
    }

    HookRun run(HookInput input) throws IOException, InterruptedException {
        return HookRun.of(environment, client, input.toString());
    }

    /** So many runs at the same time. */
    List<HookRun> runAtOnce(HookInput input, int times) {
        List<CompletableFuture<HookRun>> runs = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            runs.add(CompletableFuture.supplyAsync(
                    () -> {
                        try {
                            return run(input);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new IllegalStateException(e);
                        }
                    },
                    ThreadPerTask.EXECUTOR));
        }
        return runs.stream().map(CompletableFuture::join).toList();
    }

    HookRun run(String event) throws IOException, InterruptedException {
        return run(input(event));
    }

    Envelope send(String body) throws IOException {
        return send(body, Optional.empty());
    }

    Envelope send(String body, Optional<RequestId> replyTo) throws IOException {
        return send(id, body, replyTo);
    }

    Envelope send(SessionId to, String body, Optional<RequestId> replyTo) throws IOException {
        return deliver(
                MessageId.create(Optional.of(SENDER)),
                Envelope.Origin.PEER,
                Optional.of(SENDER),
                "brave-otter",
                to,
                replyTo,
                body);
    }

    /** Where it says which session runs in its client: this process. */
    Path pointer() {
        return store.clients().resolve(LocalProcessTable.INSTANCE.self().toString());
    }

    /** An id of a message of the sender that these six characters stand for. */
    static MessageId messageId(String sender) {
        return new MessageId("m-" + sender + Ids.random().substring(6));
    }

    /** A message of another sender. */
    Envelope sendAs(String sender, String body) throws IOException {
        return deliver(
                messageId(sender),
                Envelope.Origin.PEER,
                Optional.of(new SessionId(sender + "-0001")),
                sender,
                id,
                Optional.empty(),
                body);
    }

    /** A message that no session sends: a person, or Parley itself. */
    Envelope sendWithoutASession(Envelope.Origin origin, String body) throws IOException {
        return deliver(
                MessageId.create(Optional.empty()),
                origin,
                Optional.empty(),
                origin == Envelope.Origin.OFFICE ? Envelope.OFFICE : "operator",
                id,
                Optional.empty(),
                body);
    }

    /** As it has come from another machine. */
    Envelope sendFrom(HostName host, Envelope.Origin origin, String body) throws IOException {
        Envelope envelope = new Envelope(
                        MessageId.create(Optional.empty()),
                        Instant.parse("2026-05-01T10:00:00Z"),
                        origin,
                        Optional.empty(),
                        origin == Envelope.Origin.OFFICE ? Envelope.OFFICE : Envelope.OPERATOR,
                        id,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        body)
                .from(host);
        mailboxes.of(id).deliver(envelope);
        return envelope;
    }

    private Envelope deliver(
            MessageId message,
            Envelope.Origin origin,
            Optional<SessionId> from,
            String name,
            SessionId to,
            Optional<RequestId> replyTo,
            String body)
            throws IOException {
        Envelope envelope = new Envelope(
                message,
                Instant.parse("2026-05-01T10:00:00Z"),
                origin,
                from,
                name,
                to,
                Optional.empty(),
                replyTo,
                Optional.empty(),
                0,
                body);
        mailboxes.of(to).deliver(envelope);
        return envelope;
    }

    Path mailbox(String part) {
        return store.mailbox(id).resolve(part);
    }

    /** The names of the messages in a part of the mailbox, claims included, in order. */
    List<String> names(String part) throws IOException {
        try (Stream<Path> files = Files.walk(mailbox(part))) {
            return new ArrayList<>(files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList());
        }
    }

    List<String> claims() throws IOException {
        try (Stream<Path> files = Files.list(mailbox("cur"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    String activity() throws IOException {
        return Files.readString(store.activity(id), UTF_8).strip();
    }
}
