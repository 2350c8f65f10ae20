package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import dev.parley.lock.RenewableLock;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.session.PostOffices;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import dev.parley.wake.Ladder;
import dev.parley.wake.ResumeLog;
import dev.parley.wake.ResumeRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The last rung of waking: requests for a session that is gone, with a script in the place of its client. */
@Tag("slow")
final class ResumeRungStdioIT {

    private static final String CLAUDE = "0d80d7d3-b870-4f75-a807-43f541f7b15b";
    private static final SessionId ID = new SessionId(CLAUDE);
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final int ROUNDS = Integer.getInteger("parley.resume.kills", 3);

    @TempDir
    private Path root;

    private Path home;
    private Path project;
    private Path bin;
    private PostOffice office;
    private Map<String, String> environment;
    private final List<Agent> agents = new ArrayList<>();

    @BeforeEach
    void setUp() throws Exception {
        home = root.resolve("home");
        project = Files.createDirectories(root.resolve("project")).toRealPath();
        bin = Files.createDirectories(root.resolve("bin"));
        environment = Shell.environment(home);
        environment.put("PATH", bin + ":" + environment.get("PATH"));
        environment.put("XDG_STATE_HOME", root.resolve("state").toString());
        office = PostOffices.open(environment, Trace.NONE);
        Files.createDirectories(root.resolve(".claude/sessions"));
        Path program = Files.writeString(bin.resolve("claude"), client());
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createDirectories(transcript().getParent());
        Files.writeString(transcript(), "{\"type\":\"user\",\"permissionMode\":\"acceptEdits\"}\n");
        register(gone());
    }

    @AfterEach
    void tearDown() throws Exception {
        Files.writeString(root.resolve("over"), "");
        for (Agent agent : agents) {
            agent.close();
        }
        await().atMost(LIMIT).until(() -> running().isEmpty());
    }

    private Path transcript() {
        return root.resolve(".claude/projects/-p/" + CLAUDE + ".jsonl");
    }

    /**
     * A client that registers itself as Claude Code does, takes its mail by the real hook, and writes down what it was started with
     * and by whom.
     */
    private String client() {
        return """
                #!/usr/bin/env bash
                if [[ $1 == agents ]]; then echo '[]'; exit; fi
                cd '%1$s'
                echo "$$ begun" >>starts
                ls other-* >/dev/null 2>&1 && echo "$$ beside another" >>doubled
                : >"other-$$"
                trap 'rm -f "other-$$" ".claude/sessions/$$.json"; echo "$$ ended" >>starts' EXIT
                trap 'echo interrupted >>signals; exit 130' INT
                trap 'echo terminated >>signals; exit 143' TERM
                printf '%%s\\n' "$@" >arguments
                env >environment
                tr '\\0' '\\n' </proc/$PPID/cmdline >starter-arguments
                tr '\\0' '\\n' </proc/$PPID/environ >starter-environment
                IFS= read -r prompt
                echo "$prompt" >prompt
                [[ -e fails ]] && exit 7
                if [[ -e spent ]]; then
                    echo '{"type":"result","subtype":"error_max_budget_usd"}'
                    exit 1
                fi
                stat=$(</proc/$$/stat) boot=$(tr -d - </proc/sys/kernel/random/boot_id)
                rest=(${stat##*) })
                echo "{\\"pid\\":$$,\\"sessionId\\":\\"%2$s\\",\\"procStart\\":\\"${rest[19]}\\",\\"pidDomain\\":\\"linux:$boot:$(readlink /proc/self/ns/pid)\\"}" \
                    >".claude/sessions/$$.json"
                hook() {
                    printf '{"session_id":"%2$s","transcript_path":"%3$s","cwd":"%4$s","hook_event_name":"%%s",%%s}' "$1" "$2" \
                        | CLAUDE_PID=$$ '%5$s' claude-code
                }
                # What a hook gave stands in the transcript, and the model answers it.
                answered=0
                answer() {
                    local given
                    given=$(grep -o '(hand-over [0-9a-z]*)' "$1") || return 0
                    answered=$((answered + 1))
                    printf '{"parentUuid":null,"type":"attachment","attachment":{"type":"hook_additional_context","content":["%%s"]},"uuid":"%%x-%%x"}\n' \
                        "$given" "$$" "$answered" >>'%3$s'
                    printf '{"parentUuid":"%%x-%%x","type":"assistant","uuid":"%%x-%%x-1"}\n' \
                        "$$" "$answered" "$$" "$answered" >>'%3$s'
                }
                while [[ -e stays && ! -e over ]]; do sleep 0.05; done
                if [[ -e limit ]]; then
                    sed "s/NOW/$(date -u +%%FT%%TZ)/" limit >>'%3$s'
                    exit 1
                fi
                hook SessionStart '"source":"resume"' >start
                [[ -e deaf ]] || hook UserPromptSubmit '"prompt":"x"' >given
                if [[ -e breaks ]]; then
                    rm breaks
                    exit 9
                fi
                [[ -e deaf ]] || answer given
                [[ -e deaf ]] || hook Stop '"stop_hook_active":false' >stop
                [[ -e deaf ]] || answer stop
                : >stopped
                while [[ -e lingers && ! -e over ]]; do sleep 0.05; done
                echo '{"type":"result","total_cost_usd":0.0123}'
                hook SessionEnd '"reason":"other"' >end
                """.formatted(
                root, CLAUDE, transcript(), project, Distribution.directory().resolve("hooks/parley-hook"));
    }

    private void flag(String name) throws IOException {
        Files.writeString(root.resolve(name), "");
    }

    private void register(ProcessIdentity process) throws Exception {
        office.peers()
                .register(new Registration(
                        ID,
                        Peer.CLAUDE_CODE,
                        project.toString(),
                        Project.of(project).key(),
                        Optional.of(process),
                        Optional.of(process),
                        Optional.of(ID),
                        Optional.of(transcript().toString()),
                        false,
                        Binding.ofClient(Optional.empty(), Optional.of(root + "/.claude"))));
    }

    private static ProcessIdentity gone() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        ProcessIdentity identity =
                LocalProcessTable.INSTANCE.identify(process.pid()).orElseThrow();
        process.destroyForcibly();
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        return identity;
    }

    private Agent sender(String name, String... settings) throws Exception {
        Agent.Builder builder = Agent.in(home, project);
        environment.forEach(builder::with);
        builder.with("PARLEY_RESUME", "on").with("PARLEY_RESUME_BACK_OFF_MS", "1000");
        builder.with("SENDERS_API_KEY", "secret-key").with("ANTHROPIC_AUTH_TOKEN", "secret-token");
        builder.with("CLAUDE_CODE_MESSAGING_SOCKET", "secret-socket");
        builder.with("https_proxy", "http://user:secret-password@proxy");
        for (int i = 0; i < settings.length; i += 2) {
            builder.with(settings[i], settings[i + 1]);
        }
        Agent agent = builder.start();
        agents.add(agent);
        agent.call("claim_session", "session_id", name + "-0001").ok();
        return agent;
    }

    private static JsonNode request(Agent sender) throws Exception {
        return sender.call("send_message", "target", CLAUDE, "body", "the secret-body", "expects_reply", true)
                .ok()
                .json();
    }

    private List<String> lines(String name) {
        try {
            return Files.readAllLines(root.resolve(name));
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long starts() {
        return lines("starts").stream().filter(line -> line.endsWith("begun")).count();
    }

    /** The clients that run, and whoever waits for them. */
    private List<ProcessHandle> running() {
        return ProcessHandle.allProcesses()
                .filter(process -> {
                    try {
                        String line = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), UTF_8);
                        return (line.contains("resume-waiting")
                                        && environ(process).contains(home.toString()))
                                || line.contains(bin.resolve("claude").toString());
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    private static String environ(ProcessHandle process) throws IOException {
        return Files.readString(Path.of("/proc/" + process.pid() + "/environ"), UTF_8);
    }

    private List<ProcessHandle> resumers() {
        return running().stream()
                .filter(process -> {
                    try {
                        return Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), UTF_8)
                                .contains("resume-waiting");
                    } catch (IOException e) {
                        return false;
                    }
                })
                .toList();
    }

    private void awaitNobodyRuns() {
        await().atMost(LIMIT).until(() -> running().isEmpty());
    }

    private ResumeLog log() throws IOException {
        return new ResumeRecords(office).of(ID);
    }

    private static String bodies(Agent agent) throws Exception {
        return agent.call("read_my_messages").ok().json().toString();
    }

    @Test
    void aRequestHasAGoneSessionResumedForOneTurn() throws Exception {
        Agent sender = sender("asker");
        JsonNode sent = request(sender);
        assertEquals("resume", sent.path("wake_via").asString(""), sent::toString);
        assertEquals("rung", sent.path("state").asString(""));
        assertEquals("when_resumed", sent.path("outlook").asString(""));
        assertTrue(sent.path("resume").isMissingNode(), "nobody else need resume it");
        String message = sent.path("message_id").asString("");
        await().atMost(LIMIT)
                .until(() -> sender.call("message_status", "message_id", message)
                        .ok()
                        .json()
                        .path("state")
                        .asString("")
                        .equals("shown"));
        awaitNobodyRuns();
        JsonNode status =
                sender.call("message_status", "message_id", message).ok().json();
        assertEquals("resume", status.path("via").asString(""), status::toString);
        assertEquals(List.of(Ladder.TEXT), lines("prompt"));
        assertTrue(String.join("\n", lines("given")).contains("the secret-body"), "by the hook");
        assertEquals(1, starts());
        List<String> arguments = lines("arguments");
        assertTrue(
                arguments.containsAll(List.of("--permission-prompts", "none", "--max-budget-usd", "5")),
                arguments::toString);
        for (String file : List.of("arguments", "environment", "starter-arguments", "starter-environment")) {
            List<String> lines = lines(file);
            assertFalse(lines.isEmpty(), file);
            for (String line : lines) {
                assertFalse(line.contains("secret"), () -> file + ": " + line);
            }
        }
        assertTrue(lines("starter-arguments").contains("resume-waiting"), "that is who started it");
        assertFalse(
                lines("environment").stream().anyMatch(line -> line.startsWith("PARLEY_RESUME")),
                "it is no setting of its");
        ResumeLog.Run run = log().runs().get(0);
        assertEquals(message, run.request().orElseThrow().value());
        assertEquals(ResumeLog.Outcome.DONE, run.end().orElseThrow().outcome());
        assertEquals(Optional.of("0.0123 USD in all"), run.end().orElseThrow().costInWords());
        Shell.parley(environment, project, "", "log")
                .exited(0)
                .says(" resumed for " + message + ": did its turn (", "0.0123 USD in all");
        Shell.parley(environment, project, "", "log", "--json")
                .exited(0)
                .says("{\"resume\":{\"session\":\"" + CLAUDE + "\"", "\"cost\":\"0.0123 USD in all\"");
        Shell.parley(environment, project, "", "status", "--all").exited(0).says(" resumed for " + message);
    }

    @Test
    void nothingElseStartsIt() throws Exception {
        Agent sender = sender("asker");
        JsonNode plain = sender.call("send_message", "target", CLAUDE, "body", "hello", "wake", "auto")
                .ok()
                .json();
        assertEquals("skipped_no_target", plain.path("wake_status").asString(""), plain::toString);
        assertFalse(request(sender("default", "PARLEY_RESUME", "")).has("wake_via"), "it is off unless switched on");
        JsonNode quiet = sender.call(
                        "send_message", "target", CLAUDE, "body", "hello", "expects_reply", true, "wake", "off")
                .ok()
                .json();
        assertFalse(quiet.has("wake_via"), quiet::toString);
        Process owner = new ProcessBuilder("sleep", "60").start();
        try {
            register(LocalProcessTable.INSTANCE.identify(owner.pid()).orElseThrow());
            assertFalse(request(sender).path("wake_via").asString("").equals("resume"), "its owner lives");
        } finally {
            owner.destroyForcibly();
        }
        assertEquals(List.of(), running());
        assertEquals(0, starts());
    }

    @Test
    void aQuestionWaitsForWhoIsResumed() throws Exception {
        Agent sender = sender("asker");
        flag("stays");
        JsonNode asked = sender.call("ask_peer", "target", CLAUDE, "body", "are you there?", "timeout_ms", 1500)
                .ok()
                .json();
        assertEquals("resume", asked.path("wake_via").asString(""), asked::toString);
        assertTrue(asked.path("timed_out").asBoolean(), "it was waited for");
        Files.delete(root.resolve("stays"));
        awaitNobodyRuns();
        assertEquals(1, starts());
    }

    @Test
    void twoSendersAtOnceAreOneStart() throws Exception {
        flag("stays");
        Agent one = sender("one");
        Agent two = sender("two");
        request(one);
        request(two);
        await().atMost(LIMIT).until(() -> starts() > 0 && resumers().size() == 1);
        Files.delete(root.resolve("stays"));
        awaitNobodyRuns();
        assertEquals(1, starts());
        assertTrue(office.mailbox(ID).waiting() == 0, "it got both");
    }

    /** Its turn was over, but not its client: who was started for the second request found the name held. */
    @Test
    void aRequestThatComesTooLateForATurnGetsATurnOfItsOwn() throws Exception {
        flag("lingers");
        request(sender("one"));
        await().atMost(LIMIT).until(() -> Files.exists(root.resolve("stopped")));
        Agent two = sender("two");
        two.call("send_message", "target", CLAUDE, "body", "and this", "expects_reply", true)
                .ok();
        flag("over");
        awaitNobodyRuns();
        assertEquals(2, starts());
        assertEquals(0, office.mailbox(ID).waiting());
    }

    /** Who was started for the request found the name held, by a person's. */
    @Test
    void aRequestThatComesTooLateForAPersonsTurnGetsATurnOfItsOwn() throws Exception {
        flag("lingers");
        Map<String, String> on = new TreeMap<>(environment);
        on.put("PARLEY_RESUME", "on");
        CompletableFuture<Shell> byHand = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return Shell.run(Distribution.command("resume", "--headless", CLAUDE), on, project, "", 60);
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                },
                task -> new Thread(task, "by-hand").start());
        await().atMost(LIMIT).until(() -> Files.exists(root.resolve("stopped")));
        sender("two")
                .call("send_message", "target", CLAUDE, "body", "and this", "expects_reply", true)
                .ok();
        assertTrue(resumeWaiting().says("another process sees to it").exit() == 0, "it was left to that");
        flag("over");
        byHand.get(60, TimeUnit.SECONDS).exited(0);
        await().atMost(LIMIT).until(() -> starts() == 2);
        awaitNobodyRuns();
        assertEquals(0, office.mailbox(ID).waiting());
    }

    @Test
    void aClientThatFailsIsTriedThreeTimesAndParkedAndToldOnce() throws Exception {
        flag("fails");
        Agent sender = sender("asker");
        request(sender);
        await().atMost(LIMIT).until(() -> log().parking().isPresent());
        awaitNobodyRuns();
        assertEquals(3, starts());
        String told = bodies(sender);
        assertTrue(told.contains("parked: crash_loop"), told);
        assertTrue(told.contains("claude --resume " + CLAUDE), told);
        JsonNode again = request(sender);
        assertEquals("skipped_parked", again.path("wake_status").asString(""), again::toString);
        assertTrue(again.path("wake_reason").asString("").contains("parked: crash_loop"), again::toString);
        Shell.parley(environment, project, "", "status", "--all", "--json")
                .exited(0)
                .says("\"parked\":\"crash_loop\"");
        assertFalse(bodies(sender).contains("parked"), "each is told once");
        assertEquals(3, starts());
        Files.delete(root.resolve("fails"));
        Shell.parley(environment, project, "", "resume", "--headless", CLAUDE).exited(0);
        request(sender);
        awaitNobodyRuns();
        assertEquals(
                ResumeLog.Outcome.DONE,
                log().runs().get(log().runs().size() - 1).end().orElseThrow().outcome());
    }

    @Test
    void aTurnThatTakesNoMailIsNoSuccess() throws Exception {
        flag("deaf");
        request(sender("asker"));
        await().atMost(LIMIT)
                .until(() -> log().runs().stream()
                        .flatMap(run -> run.end().stream())
                        .anyMatch(end -> end.outcome() == ResumeLog.Outcome.FAILED));
        Files.delete(root.resolve("deaf"));
        awaitNobodyRuns();
        assertEquals(2, starts());
        assertEquals(0, office.mailbox(ID).waiting());
    }

    /** It had its mail, but nobody knows whether its model has. */
    @Test
    void aTurnThatBreaksOffIsMadeAgainWithItsMail() throws Exception {
        flag("breaks");
        request(sender("asker"));
        await().atMost(LIMIT).until(() -> starts() == 2);
        awaitNobodyRuns();
        assertEquals(2, starts());
        assertTrue(String.join("\n", lines("given")).contains("redelivered"), "and it is said that it may be known");
        assertEquals(
                ResumeLog.Outcome.DONE, log().runs().get(1).end().orElseThrow().outcome());
    }

    @Test
    void aLimitParksItUntilTheTimeThatWasNamed() throws Exception {
        Instant until = Instant.now().plus(Duration.ofHours(3)).truncatedTo(ChronoUnit.SECONDS);
        Files.writeString(
                root.resolve("limit"),
                "{\"type\":\"assistant\",\"isApiErrorMessage\":true,\"error\":\"rate_limit\",\"timestamp\":\"NOW\","
                        + "\"apiErrorParams\":{\"rate_limit_info\":{\"resetsAt\":"
                        + until.getEpochSecond() + "}}}\n");
        Agent sender = sender("asker");
        request(sender);
        await().atMost(LIMIT).until(() -> log().parking().isPresent());
        awaitNobodyRuns();
        assertEquals(1, starts());
        ResumeLog.Parking parking = log().parking().orElseThrow();
        assertEquals("rate_limited", parking.reason());
        assertTrue(
                Duration.between(parking.until().orElseThrow(), until).abs().compareTo(Duration.ofSeconds(5)) < 0,
                parking::toString);
        assertTrue(bodies(sender)
                .contains("parked: rate_limited until " + until.toString().substring(0, 15)));
    }

    @Test
    void whatOnlyItsUserGivesIsNotRestored() throws Exception {
        Files.writeString(transcript(), "{\"type\":\"user\",\"permissionMode\":\"bypassPermissions\"}\n");
        Agent sender = sender("asker");
        request(sender);
        await().atMost(LIMIT).until(() -> log().parking().isPresent());
        awaitNobodyRuns();
        assertEquals("permission", log().parking().orElseThrow().reason());
        assertTrue(bodies(sender).contains("parked: permission"));
        assertEquals(0, starts());
    }

    /** Its client still stands in the client's own list: that may be over in a moment, or somebody runs it. */
    @Test
    void whoSeemsToBeRunIsWaitedForAndThenToldOf() throws Exception {
        Path program = bin.resolve("claude");
        Files.writeString(program, Files.readString(program).replace("echo '[]'", "cat '" + root + "/agents'"));
        Files.writeString(root.resolve("agents"), "[{\"pid\":1,\"sessionId\":\"" + CLAUDE + "\"}]");
        Agent sender = sender("asker");
        request(sender);
        await().atMost(LIMIT).until(() -> !resumers().isEmpty());
        awaitNobodyRuns();
        assertEquals(0, starts());
        String told = bodies(sender);
        assertTrue(told.contains("parked: held_elsewhere"), told);
        request(sender);
        await().atMost(LIMIT).until(() -> !resumers().isEmpty());
        Files.writeString(root.resolve("agents"), "[]");
        awaitNobodyRuns();
        assertEquals(1, starts());
    }

    /** Nobody waits for its client any more, but nobody starts a second one either. */
    @Test
    void whoIsKilledLeavesAClientThatTheNextWaitsFor() throws Exception {
        flag("lingers");
        Agent sender = sender("asker");
        request(sender);
        await().atMost(LIMIT).until(() -> Files.exists(root.resolve("stopped")));
        resumers().forEach(ProcessHandle::destroyForcibly);
        await().atMost(LIMIT).until(() -> resumers().isEmpty());
        sender.call("send_message", "target", CLAUDE, "body", "and this", "expects_reply", true, "wake", "off")
                .ok();
        CompletableFuture<Shell> next =
                CompletableFuture.supplyAsync(this::resumeWaiting, task -> new Thread(task, "next").start());
        await().atMost(LIMIT).until(() -> !resumers().isEmpty() || next.isDone());
        assertEquals(1, starts());
        assertFalse(next.isDone(), "it waits");
        flag("over");
        next.get(60, TimeUnit.SECONDS).exited(0).says("its client did its turn");
        awaitNobodyRuns();
        assertEquals(2, starts());
        assertEquals(0, office.mailbox(ID).waiting());
        assertEquals(List.of(), lines("doubled"));
    }

    private Shell resumeWaiting() {
        Map<String, String> on = new TreeMap<>(environment);
        on.put("PARLEY_RESUME", "on");
        try {
            return Shell.run(Distribution.command("resume-waiting", CLAUDE), on, project, "", 60);
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    @Test
    void whatOneTurnMaySpendIsNotSpentThreeTimes() throws Exception {
        flag("spent");
        Agent sender = sender("asker");
        request(sender);
        await().atMost(LIMIT).until(() -> log().parking().isPresent());
        awaitNobodyRuns();
        assertEquals("budget", log().parking().orElseThrow().reason());
        assertEquals(1, starts());
        assertTrue(bodies(sender).contains("parked: budget"));
    }

    @Test
    void aHumanWhoResumesItMeanwhileWins() throws Exception {
        flag("lingers");
        request(sender("asker"));
        await().atMost(LIMIT).until(() -> Files.exists(root.resolve("stopped")));
        Process human = new ProcessBuilder("sleep", "60").start();
        try {
            String entry = Files.readString(registry()).replaceFirst("\"pid\":\\d+", "\"pid\":" + human.pid());
            long start = LocalProcessTable.INSTANCE
                    .identify(human.pid())
                    .orElseThrow()
                    .start();
            Files.writeString(
                    root.resolve(".claude/sessions/" + human.pid() + ".json"),
                    entry.replaceFirst("\"procStart\":\"\\d+\"", "\"procStart\":\"" + start + "\""));
            awaitNobodyRuns();
            assertEquals(List.of("interrupted"), lines("signals"));
            assertTrue(human.isAlive());
            assertEquals(
                    ResumeLog.Outcome.GAVE_WAY,
                    log().runs().get(0).end().orElseThrow().outcome());
        } finally {
            human.destroyForcibly();
        }
    }

    private Path registry() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(".claude/sessions"))) {
            return files.findFirst().orElseThrow();
        }
    }

    /** Whatever it was about to do, the next request is served within a lease, and no two clients ever run beside each other. */
    @Test
    void whoResumesMayBeKilledAtAnyMoment() throws Exception {
        Random random = new Random(14);
        Agent sender = sender("asker");
        RenewableLock lock = SessionClaim.of(office.leases(), ID);
        for (int round = 0; round < ROUNDS; round++) {
            if (round % 10 == 9) {
                // One sender rings another 30 times within ten minutes, and no more.
                sender = sender("asker" + round);
            }
            Files.deleteIfExists(home.resolve("starts"));
            request(sender);
            await().atMost(LIMIT).until(() -> !resumers().isEmpty());
            TimeUnit.MILLISECONDS.sleep(random.nextInt(2500));
            resumers().forEach(ProcessHandle::destroyForcibly);
            await().atMost(LIMIT).until(() -> resumers().isEmpty());
            assertTrue(lock.tryAcquire() instanceof RenewableLock.Taken taken && close(taken), "nobody is stuck");
            await().atMost(LIMIT).until(() -> running().isEmpty());
            Files.deleteIfExists(home.resolve("starts"));
            request(sender);
            // A process that is just becoming another may be missed among those that run.
            await("round " + round).atMost(LIMIT).until(() -> office.mailbox(ID).waiting() == 0);
            awaitNobodyRuns();
        }
        assertEquals(List.of(), lines("doubled"));
        Shell.parley(environment, project, "", "check").exited(0);
    }

    private static boolean close(RenewableLock.Taken taken) throws IOException {
        taken.lease().close();
        return true;
    }
}
