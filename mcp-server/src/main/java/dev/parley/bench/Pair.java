package dev.parley.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/** Two sessions of one candidate that write to each other in a scratch store of their own. Belongs to one thread. */
final class Pair implements AutoCloseable {

    private static final Set<String> MESSAGING =
            Set.of("claim_session", "send_message", "read_my_messages", "reply_to_message", "ask_peer");
    private static final String RECEIVER = "bench-receiver";
    private static final double NANOS_PER_MILLI = 1e6;

    private final Candidate candidate;
    private final Scratch scratch;
    private final Map<String, String> environment;
    private final Duration limit;
    private final Session sender;
    private final Session receiver;
    private final Floors floors;

    private Pair(Candidate candidate, Scratch scratch, Map<String, String> user, Duration limit)
            throws BenchException, IOException, InterruptedException {
        this.candidate = candidate;
        this.scratch = scratch;
        this.environment = scratch.environment(user);
        this.limit = limit;
        this.floors = new Floors(scratch.beside());
        this.sender = open("bench-sender");
        this.receiver = open(RECEIVER);
    }

    /** Starts both; empty if the candidate has not the tools for messages. */
    static Optional<Pair> open(Candidate candidate, Map<String, String> user, Duration limit)
            throws BenchException, IOException, InterruptedException {
        Scratch scratch = Scratch.make();
        boolean opened = false;
        try {
            if (!hasMessaging(candidate, scratch, user, limit)) {
                return Optional.empty();
            }
            Pair pair = new Pair(candidate, scratch, user, limit);
            opened = true;
            return Optional.of(pair);
        } finally {
            if (!opened) {
                scratch.close();
            }
        }
    }

    private static boolean hasMessaging(Candidate candidate, Scratch scratch, Map<String, String> user, Duration limit)
            throws BenchException, InterruptedException {
        try (Session session = Session.start(candidate, scratch.project(), scratch.environment(user), limit)) {
            session.initialize();
            Set<String> tools = new HashSet<>();
            session.request("tools/list", Session.nothing())
                    .path("tools")
                    .forEach(tool -> tools.add(tool.path("name").asString("")));
            return tools.containsAll(MESSAGING);
        }
    }

    private Session open(String id) throws BenchException, InterruptedException {
        Session session = Session.start(candidate, scratch.project(), environment, limit);
        session.initialize();
        session.call("claim_session", Map.of("session_id", id));
        return session;
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
        sender.call("send_message", Map.of("target", RECEIVER, "body", body));
        return millisSince(start);
    }

    /** Milliseconds of reading until nothing is left, and how many messages came. */
    record Drained(double millis, int messages) {}

    Drained drain() throws BenchException, InterruptedException {
        long start = System.nanoTime();
        int messages = 0;
        while (true) {
            int count =
                    receiver.call("read_my_messages", Map.of()).path("count").asInt(0);
            if (count == 0) {
                return new Drained(millisSince(start), messages);
            }
            messages += count;
        }
    }

    /** Milliseconds from the return of the reply to the return of the question; negative if the asker was faster. */
    double ask() throws BenchException, InterruptedException {
        Callable<Long> question = () -> {
            sender.call("ask_peer", Map.of("target", RECEIVER, "body", "what?", "timeout_ms", limit.toMillis()));
            return System.nanoTime();
        };
        FutureTask<Long> asking = new FutureTask<>(question);
        Thread asker = new Thread(asking, "parley-bench-ask");
        asker.setDaemon(true);
        asker.start();
        String id = received();
        receiver.call("reply_to_message", Map.of("message_id", id, "body", "this"));
        long replied = System.nanoTime();
        try {
            return (asking.get(limit.toMillis(), TimeUnit.MILLISECONDS) - replied) / NANOS_PER_MILLI;
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException(candidate.label() + " did not hand the answer to the asker: " + e.getMessage());
        }
    }

    private String received() throws BenchException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode read = receiver.call("read_my_messages", Map.of());
            if (read.path("count").asInt(0) > 0) {
                return read.path("messages").path(0).path("id").asString("");
            }
            // A client reads now and then; a loop without a pause would measure itself.
            Thread.sleep(2);
        }
        throw new BenchException(candidate.label() + " did not deliver a question within " + limit.toSeconds() + " s");
    }

    /** Milliseconds of one run of the candidate's hook. */
    double hook(Path hook) throws BenchException, IOException, InterruptedException {
        Path program = hook.toAbsolutePath();
        String event = "{\"session_id\":\"" + RECEIVER + "\",\"transcript_path\":\"/dev/null\",\"cwd\":\""
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
