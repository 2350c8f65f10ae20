package dev.parley.hooks;

import static org.awaitility.Awaitility.await;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.clients.Clients;
import dev.parley.clients.FakeApi;
import dev.parley.clients.PrivateTmux;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.session.PostOffices;
import dev.parley.setup.Places;
import dev.parley.setup.Scope;
import dev.parley.setup.Setup;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import dev.parley.wake.Reach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A real client that {@code parley setup} has set up in a home of its own: its hooks, its server, its rules. Nobody but a
 * stand-in answers for its model. Two that are made below the same directory share the home, the project and the store.
 */
final class HookedClient implements AutoCloseable {

    /** A pattern of what a Claude Code shows that takes a prompt. */
    static final String CLAUDE_READY = "(?m)^❯\u00a0";

    /** A pattern of what a Codex shows that takes a prompt. */
    static final String CODEX_READY = "fake-model default";

    /** A pattern of what a Gemini CLI shows that takes a prompt. */
    static final String GEMINI_READY = "Type your message";

    /** A pattern of what an OpenCode shows that takes its first prompt. */
    static final String OPENCODE_READY = "Ask anything";

    private static final Duration LIMIT = Duration.ofSeconds(30);

    final Path project;
    final FakeApi api;
    final FilePostOffice office;
    final Map<String, String> environment;
    private final String program;
    private final String client;

    /** A directory that has its program and no other client's. */
    private final Path own;

    private final PrivateTmux tmux = new PrivateTmux();

    private HookedClient(Path project, FakeApi api, Map<String, String> environment, String program, String client)
            throws IOException {
        this.project = project;
        this.api = api;
        this.environment = environment;
        this.program = program;
        this.client = client;
        environment.put("PATH", Clients.commands() + ":" + environment.get("PATH"));
        this.own = Files.createTempDirectory(project.resolveSibling("home"), program);
        Files.createSymbolicLink(own.resolve(program), Clients.commands().resolve(program));
        this.office = (FilePostOffice) PostOffices.open(Map.of("HOME", environment.get("HOME")), Trace.NONE);
    }

    static HookedClient claude(Path root, String scenario) throws IOException {
        Path project = Files.createDirectories(root.resolve("project"));
        FakeApi api = FakeApi.anthropic(root, scenario);
        Map<String, String> environment = Clients.claudeHome(root.resolve("home"), project, api, "");
        return new HookedClient(project, api.of("test"), environment, "claude", Peer.CLAUDE_CODE);
    }

    /** One that finds all that it needs in its own files, so that whoever starts it need not know. */
    static HookedClient claudeByItself(Path root, String scenario) throws IOException {
        Path project = Files.createDirectories(root.resolve("project"));
        FakeApi api = FakeApi.anthropic(root, scenario);
        Map<String, String> environment =
                Clients.claudeHome(root.resolve("home"), project, api, """
                , "env": {"ANTHROPIC_BASE_URL": "%s/s/test", "ANTHROPIC_AUTH_TOKEN": "dummy",
                  "DISABLE_AUTOUPDATER": "1", "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1"}
                """.formatted(api.url()));
        return new HookedClient(project, api.of("test"), environment, "claude", Peer.CLAUDE_CODE);
    }

    /** The same. */
    static HookedClient codexByItself(Path root, String scenario) throws IOException {
        HookedClient client = codex(root, scenario);
        Path file = root.resolve("home/.codex/config.toml");
        String text = Files.readString(file);
        Files.writeString(file, text.replace("env_key = \"FAKE_API_KEY\"\n", ""));
        return client;
    }

    static HookedClient codex(Path root, String scenario) throws IOException {
        Path project = Files.createDirectories(root.resolve("project"));
        FakeApi api = FakeApi.models(root, scenario);
        Map<String, String> environment = Clients.codexHome(root.resolve("home"), project, api);
        return new HookedClient(project, api, environment, "codex", Peer.CODEX);
    }

    static HookedClient gemini(Path root, String scenario) throws IOException {
        Path project = Files.createDirectories(root.resolve("project"));
        FakeApi api = FakeApi.models(root, scenario);
        Map<String, String> environment = Clients.geminiHome(root.resolve("home"), project, api);
        return new HookedClient(project, api, environment, "gemini", Peer.GEMINI_CLI);
    }

    static HookedClient openCode(Path root, String scenario) throws IOException {
        Path project = Files.createDirectories(root.resolve("project"));
        FakeApi api = FakeApi.models(root, scenario);
        Map<String, String> environment = Clients.openCodeHome(root.resolve("home"), api);
        return new HookedClient(project, api, environment, "opencode", Peer.OPENCODE);
    }

    /** The same client in the same home, whose model follows another script of the scenario. */
    HookedClient another(String script) throws IOException {
        Map<String, String> other = new TreeMap<>(environment);
        other.put("ANTHROPIC_BASE_URL", api.url() + "/s/" + script);
        return new HookedClient(project, api.of(script), other, program, client);
    }

    /** Puts Parley in, as the user would, into every client that has its files in this home. */
    HookedClient setUp() throws IOException {
        Places places = new Places(
                new dev.parley.setup.Distribution(Distribution.directory()), environment, Scope.USER, project);
        Path home = Path.of(environment.get("HOME"));
        Set<String> here = dev.parley.client.Clients.known().stream()
                .filter(each -> Files.exists(
                        home.resolve(each.configuration().orElseThrow().inHome())))
                .map(dev.parley.client.Client::name)
                .collect(Collectors.toSet());
        Setup setup = new Setup(places, office.store().home(), here, true);
        setup.install(setup.plan());
        return this;
    }

    /** Runs {@code parley}, as the user of this home. */
    Shell parley(String... arguments) throws IOException, InterruptedException {
        Map<String, String> user = new TreeMap<>(environment);
        user.put("PATH", own + ":" + System.getenv("PATH"));
        user.put("PARLEY_JAVA", Distribution.java().toString());
        user.put("XDG_CACHE_HOME", Distribution.cache().toString());
        return Shell.run(Distribution.command(arguments), user, project, "");
    }

    /** What {@code parley doctor} says of this client, by what it looked at: {@code ok}, {@code warning} or {@code failure}. */
    Map<String, String> examined() throws IOException, InterruptedException {
        Map<String, String> levels = new TreeMap<>();
        for (JsonNode check : JsonMapper.builder()
                .build()
                .readTree(parley("doctor", "--json").out())
                .path("checks")) {
            String name = check.path("check").asString();
            if (name.startsWith(client + " ")) {
                levels.put(name, check.path("level").asString());
            }
        }
        return levels;
    }

    /** Starts it in a terminal. */
    TmuxPane open(String ready, String... arguments) {
        return open(130, 40, ready, arguments);
    }

    /** Starts it in a terminal of this size. */
    TmuxPane open(int width, int height, String ready, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Clients.commands().resolve(program).toString()));
        command.addAll(List.of(arguments));
        TmuxPane pane = tmux.open(width, height, project, environment, command);
        pane.awaitText(ready);
        return pane;
    }

    /** Starts it in a terminal under supervision. */
    TmuxPane openSupervised(String ready, String... arguments) {
        List<String> command = new ArrayList<>(Distribution.command("run", "--"));
        command.add(Clients.commands().resolve(program).toString());
        command.addAll(List.of(arguments));
        TmuxPane pane = tmux.open(130, 40, project, environment, command);
        pane.awaitText(ready);
        return pane;
    }

    /** Runs it without a terminal, to its end. */
    String run(String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(Clients.commands().resolve(program).toString()));
        command.addAll(List.of(arguments));
        Path out = project.resolveSibling("out");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        if (!process.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it does not end: " + Files.readString(out));
        }
        return Files.readString(out);
    }

    /** The session of this client that hooks have registered and that no other has taken over, once there is one. */
    SessionId session() {
        return found(() -> {
            try (Stream<Path> sessions = Files.list(office.store().sessions())) {
                return sessions.filter(path -> Files.exists(path.resolve("activity")))
                        .filter(path -> Files.notExists(path.resolve("moved_to")))
                        .map(path -> new SessionId(path.getFileName().toString()))
                        .filter(id -> peer(id).filter(peer -> peer.client().equals(client))
                                .isPresent())
                        .findFirst();
            }
        });
    }

    /** The session that Claude Code's hooks say runs in a pane, once they do. */
    SessionId session(TmuxPane pane) {
        Path file = office.store()
                .clients()
                .resolve(LocalProcessTable.INSTANCE
                        .identify(pane.process())
                        .orElseThrow()
                        .toString());
        return found(() -> Files.exists(file)
                ? Optional.of(new SessionId(Files.readString(file).strip()))
                : Optional.empty());
    }

    private Optional<Peer> peer(SessionId id) {
        try {
            return office.peers().find(id);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A peer of this name in the same project, with a real server; whoever asks for it closes it. */
    Agent peer(String name) throws IOException, InterruptedException, ExecutionException, TimeoutException {
        return peer(name, "PARLEY_WAKE", "on");
    }

    /** The same, with a setting. */
    Agent peer(String name, String variable, String value)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Agent agent =
                Agent.in(office.store().home(), project).with(variable, value).start();
        agent.call("claim_session", "session_id", name + "-0001").ok();
        agent.call("set_my_state", "name", name).ok();
        return agent;
    }

    /** Sends as a peer's server does: the message, then the bell. */
    Envelope send(SessionId to, String body) throws IOException {
        Envelope envelope = new Envelope(
                MessageId.create(Optional.of(HookFixture.SENDER)),
                Instant.now(),
                Envelope.Origin.PEER,
                Optional.of(HookFixture.SENDER),
                "brave-otter",
                to,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                body);
        office.mailbox(to).deliver(envelope);
        office.store().disk().touch(office.store().doorbell(to));
        return envelope;
    }

    /** The first request whose conversation holds a text, once there is one. */
    String conversationWith(String text) {
        try {
            return found(() -> api.conversations().stream()
                    .filter(conversation -> conversation.contains(text))
                    .findFirst());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "'" + text + "' has entered no request; the last ones are\n"
                            + String.join("\n-----\n", ends(api.conversations())),
                    e);
        }
    }

    private static List<String> ends(List<String> conversations) {
        return conversations.stream()
                .skip(Math.max(0, conversations.size() - 3))
                .map(conversation -> conversation.substring(Math.max(0, conversation.length() - 1500)))
                .toList();
    }

    /** Has a first prompt answered in a pane: with it a session of Codex begins. */
    SessionId greeted(TmuxPane pane) {
        pane.submit("hello");
        SessionId id = session();
        conversationWith("hello");
        awaitActivity(id, Presence.Activity.IDLE);
        return id;
    }

    void awaitActivity(SessionId id, Presence.Activity wanted) {
        await().atMost(LIMIT)
                .until(() -> peer(id).filter(peer -> activity(peer) == wanted).isPresent());
    }

    /** Waits until its process has ended. */
    void awaitGone(SessionId id) {
        await().atMost(LIMIT)
                .until(() -> office.peers().presence(peer(id).orElseThrow()).life() == Presence.Life.GONE);
    }

    private Presence.Activity activity(Peer peer) {
        try {
            return office.peers().presence(peer).activity();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What peers are told of how it can be reached. */
    List<String> reachableBy(SessionId id) throws IOException {
        Peer peer = peer(id).orElseThrow();
        return Reach.of(peer, office.peers().presence(peer), LocalProcessTable.INSTANCE);
    }

    void awaitShown(Envelope envelope) {
        awaitShown(envelope.to(), envelope);
    }

    void awaitShown(SessionId owner, Envelope envelope) {
        await().atMost(LIMIT)
                .until(() -> office.mailbox(owner)
                        .locate(envelope.id())
                        .filter(position -> position.place() == Position.Place.SHOWN)
                        .isPresent());
    }

    private static <T> T found(Callable<Optional<T>> search) {
        return await().atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(search, Optional::isPresent)
                .orElseThrow();
    }

    @Override
    public void close() {
        tmux.close();
        api.close();
    }
}
