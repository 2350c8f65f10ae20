package dev.parley.cli;

import dev.parley.setup.TemporaryTree;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** {@code parley demo}: two real servers, a real client, a question and its answer, and a killed receiver. */
@Command(
        name = "demo",
        description =
                "Shows Parley at work: starts two servers in a temporary store, lets one agent ask and the other answer,"
                        + " kills a receiver, and shows that its mail is still there. Takes a few seconds and touches nothing of yours.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {

    private static final long LIMIT_SECONDS = 30;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    /** For picocli. */
    DemoCommand() {}

    @Override
    public Integer call() throws Exception {
        Path root = Files.createTempDirectory("parley-demo-");
        try {
            Path project = Files.createDirectory(root.resolve("project"));
            play(root.resolve("home"), project);
            return ExitCode.OK;
        } finally {
            TemporaryTree.remove(root);
        }
    }

    private void play(Path home, Path project) throws Exception {
        say("Starting two Parley servers, as two agent sessions would, in " + home.getParent());
        long start = System.nanoTime();
        try (DemoPeer alice = DemoPeer.start("alice", home, project)) {
            DemoPeer bob = DemoPeer.start("bob", home, project);
            try {
                say("  both answer after " + millisSince(start) + "\n");
                introduce(alice, "alice", "plans the release");
                introduce(bob, "bob", "knows the database");
                askAndAnswer(alice, bob);
                bob = surviveKill(alice, bob, home, project);
            } finally {
                bob.close();
            }
        }
        say("\nThat is all of it: no daemon, no network, one directory of small files. Next: parley --help");
    }

    private void introduce(DemoPeer peer, String name, String purpose) {
        peer.call("claim_session", Map.of("session_id", "demo-" + name));
        peer.call("set_my_state", Map.of("name", name, "purpose", purpose));
        say(name + " joins: " + purpose);
    }

    private void askAndAnswer(DemoPeer alice, DemoPeer bob)
            throws InterruptedException, ExecutionException, TimeoutException {
        String question = "Which migration has to run before 2.4 goes out?";
        say("\nalice asks bob and waits:");
        say("  alice> " + question);
        long asked = System.nanoTime();
        CompletableFuture<JsonNode> asking = CompletableFuture.supplyAsync(
                () -> alice.call("ask_peer", Map.of("target", "bob", "body", question, "timeout_ms", 15_000)),
                task -> new Thread(task, "parley-alice").start());
        JsonNode message = firstMessage(bob);
        String id = message.path("id").asString();
        say("  bob reads it " + millisSince(asked) + " later, as message " + id + " from "
                + message.path("from_name").asString());
        String answer = "0042_add_index. It takes about a minute.";
        say("  bob>   " + answer);
        bob.call("reply_to_message", Map.of("message_id", id, "body", answer));
        long replied = System.nanoTime();
        JsonNode result = asking.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        say("  alice has the answer " + millisSince(replied) + " after bob's reply was stored: \""
                + result.path("reply").path("body").asString() + "\" ("
                + result.path("correlation").asString()
                + ")");
    }

    private DemoPeer surviveKill(DemoPeer alice, DemoPeer bob, Path home, Path project) throws InterruptedException {
        say("\nalice writes to bob, whose server is then killed before it reads:");
        String text = "The index is in. You can go on.";
        long start = System.nanoTime();
        JsonNode sent = alice.call("send_message", Map.of("target", "bob", "body", text));
        say("  alice> " + text);
        say("  " + sent.path("state").asString() + " durably in " + millisSince(start) + ", id "
                + sent.path("message_id").asString());
        long pid = bob.call("get_my_session", Map.of())
                .path("entry")
                .path("server_pid")
                .asLong();
        ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
        server.destroyForcibly();
        server.onExit().join();
        say("  kill -9 " + pid + ": bob's server is dead");
        bob.close();
        DemoPeer again = DemoPeer.start("bob", home, project);
        again.call("claim_session", Map.of("session_id", "demo-bob"));
        JsonNode message = firstMessage(again);
        say("  bob is back and reads: \"" + message.path("body").asString() + "\"");
        JsonNode status = alice.call(
                "message_status", Map.of("message_id", sent.path("message_id").asString()));
        say("  alice asks what became of it: " + status.path("state").asString());
        return again;
    }

    private static JsonNode firstMessage(DemoPeer peer) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (System.nanoTime() < deadline) {
            JsonNode read = peer.call("read_my_messages", Map.of());
            if (read.path("count").asInt() > 0) {
                return read.path("messages").get(0);
            }
            Thread.sleep(2);
        }
        throw new IllegalStateException("no message arrived within " + LIMIT_SECONDS + " s");
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }

    private static String millisSince(long start) {
        return String.format(Locale.ROOT, "%.1f ms", (System.nanoTime() - start) / 1e6);
    }
}
