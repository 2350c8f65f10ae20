package dev.parley.bench;

import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Two sessions of one candidate that write to each other in a scratch store of their own. Belongs to one thread. */
final class Pair implements AutoCloseable {

    private static final Set<String> MESSAGING = Set.of("send_message", "read_my_messages");
    static final String CLAIM = "claim_session";
    private static final double NANOS_PER_MILLI = 1e6;

    private final Candidate candidate;
    private final Scratch scratch;
    private final Map<String, String> environment;
    private final Duration limit;
    private final Session sender;
    private final Session receiver;
    private final Set<String> tools;
    private final String address;
    private final Floors floors;

    private Pair(Candidate candidate, Scratch scratch, Map<String, String> user, Duration limit)
            throws BenchException, IOException, InterruptedException {
        this.candidate = candidate;
        this.scratch = scratch;
        this.environment = scratch.environment(user);
        this.limit = limit;
        this.floors = new Floors(scratch.beside());
        this.sender = Session.start(candidate, scratch.project(), environment, limit);
        Session second = null;
        try {
            sender.initialize();
            this.tools = sender.tools();
            if (!hasMessages()) {
                this.receiver = sender;
                this.address = "";
                return;
            }
            claim(sender, tools);
            second = Session.start(candidate, scratch.project(), environment, limit);
            this.receiver = second;
            second.initialize();
            this.address = claim(second, tools);
        } catch (BenchException | InterruptedException | RuntimeException e) {
            sender.close();
            if (second != null) {
                second.close();
            }
            throw e;
        }
    }

    /** Starts both; only one of them, to no end, if the candidate has not the tools for messages. */
    static Pair open(Candidate candidate, Map<String, String> user, Duration limit, Runnable ifInterrupted)
            throws BenchException, IOException, InterruptedException {
        Scratch scratch = Scratch.make(ifInterrupted);
        boolean opened = false;
        try {
            Pair pair = new Pair(candidate, scratch, user, limit);
            opened = true;
            return pair;
        } finally {
            if (!opened) {
                scratch.close();
            }
        }
    }

    /**
     * Gives a session an address, before its first call of anything else: some servers do nothing for one that has none.
     *
     * @param tools what its server offers; of one without a tool for it, the session says itself what its address is
     */
    static String claim(Session session, Set<String> tools) throws BenchException, InterruptedException {
        if (tools.contains(CLAIM)) {
            // As the ids of the clients look: some servers take no other.
            String id = UUID.randomUUID().toString();
            session.call(CLAIM, Map.of("session_id", id));
            return id;
        }
        return session.call("get_my_session", Map.of())
                .path("entry")
                .path("client_session_id")
                .asString("");
    }

    /** Whether the candidate has tools to send and to read. */
    boolean hasMessages() {
        return tools.containsAll(MESSAGING);
    }

    /** Whether it has a tool. */
    boolean has(String tool) {
        return tools.contains(tool);
    }

    Candidate candidate() {
        return candidate;
    }

    Floors floors() {
        return floors;
    }

    /** Milliseconds of one send. */
    double send(int bytes) throws BenchException, InterruptedException {
        String body = "x".repeat(bytes);
        long start = System.nanoTime();
        sender.call("send_message", Map.of("target", address, "body", body));
        return millisSince(start);
    }

    /**
     * Milliseconds of reading until nothing is left, and how many messages came.
     *
     * @param first milliseconds of the first call
     */
    record Drained(double millis, double first, int messages) {}

    Drained drain() throws BenchException, InterruptedException {
        long start = System.nanoTime();
        double first = 0;
        int messages = 0;
        while (millisSince(start) < limit.toMillis()) {
            int count = messages(receiver.call("read_my_messages", Map.of())).size();
            first = first == 0 ? millisSince(start) : first;
            if (count == 0) {
                return new Drained(millisSince(start), first, messages);
            }
            messages += count;
        }
        throw new BenchException(
                candidate.label() + " did not come to an end of its mail within " + limit.toSeconds() + " s");
    }

    /** The messages in an answer: a list of them, alone or by its usual name. */
    private static List<JsonNode> messages(JsonNode answer) {
        JsonNode list = answer.isArray() ? answer : answer.path("messages");
        List<JsonNode> messages = new ArrayList<>();
        list.forEach(messages::add);
        return messages;
    }

    /** Milliseconds from the return of the reply to the return of the question; negative if the asker was faster. */
    double ask() throws BenchException, InterruptedException {
        Callable<Long> question = () -> {
            sender.call("ask_peer", Map.of("target", address, "body", "what?", "timeout_ms", limit.toMillis()));
            return System.nanoTime();
        };
        FutureTask<Long> asking = new FutureTask<>(question);
        Thread asker = new Thread(asking, "parley-bench-ask");
        asker.setDaemon(true);
        asker.start();
        String id = received(asking);
        receiver.call("reply_to_message", Map.of("message_id", id, "body", "this"));
        long replied = System.nanoTime();
        try {
            return (asking.get(limit.toMillis(), TimeUnit.MILLISECONDS) - replied) / NANOS_PER_MILLI;
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException(candidate.label() + " did not hand the answer to the asker: " + Why.of(e));
        }
    }

    private String received(FutureTask<Long> asking) throws BenchException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            List<JsonNode> read = messages(receiver.call("read_my_messages", Map.of()));
            if (!read.isEmpty()) {
                JsonNode id = read.get(0).path("id");
                return id.isMissingNode() ? read.get(0).path("message_id").asString("") : id.asString("");
            }
            if (asking.isDone()) {
                throw refused(asking);
            }
            // A client reads now and then; a loop without a pause would measure itself.
            Thread.sleep(2);
        }
        throw new BenchException(candidate.label() + " did not deliver a question within " + limit.toSeconds() + " s");
    }

    /** That a question was answered before it was delivered: with an error, most likely. */
    private BenchException refused(FutureTask<Long> asking) throws InterruptedException {
        try {
            var unused = asking.get();
            return new BenchException(candidate.label() + " returned from a question before it was delivered");
        } catch (ExecutionException e) {
            return e.getCause() instanceof BenchException told
                    ? told
                    : new BenchException(candidate.label() + " cannot ask: " + e.getCause());
        }
    }

    /** Milliseconds of one run of the candidate's hook. */
    double hook(Path hook) throws BenchException, IOException, InterruptedException {
        Path program = hook.toAbsolutePath();
        String event = "{\"session_id\":\"" + address + "\",\"transcript_path\":\"/dev/null\",\"cwd\":\""
                + scratch.project() + "\",\"hook_event_name\":\"PostToolUse\",\"tool_name\":\"Bash\"}";
        Map<String, String> hookEnvironment = new HashMap<>(environment);
        hookEnvironment.put("CLAUDE_PID", Long.toString(ProcessHandle.current().pid()));
        long start = System.nanoTime();
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", "'" + program + "' claude-code")
                .directory(scratch.project().toFile());
        builder.redirectErrorStream(true).environment().clear();
        builder.environment().putAll(hookEnvironment);
        Process run = builder.start();
        try (var in = run.getOutputStream()) {
            in.write(event.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        run.getInputStream().readAllBytes();
        int code = run.waitFor();
        double millis = millisSince(start);
        if (code != 0) {
            throw new BenchException("the hook " + program + " ended with code " + code);
        }
        return millis;
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    @Override
    public void close() throws IOException {
        sender.close();
        receiver.close();
        if (Files.exists(scratch.project())) {
            scratch.close();
        }
    }
}
