package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.setup.ClientDoctor;
import dev.parley.setup.Examination;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Starts a server as a client would, in a store of its own, and takes the time until it answers. */
final class DoctorServer {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
            "clientInfo":{"name":"parley-doctor","version":"1"}}}
            """;

    private final Path launcher;
    private final Map<String, String> environment;

    DoctorServer(Path launcher, Map<String, String> environment) {
        this.launcher = launcher;
        this.environment = environment;
    }

    /** Twice: what the first one reads from the disk, the second one finds in memory. */
    List<Examination> examine() {
        try {
            long cold = millisToAnswer();
            long warm = millisToAnswer();
            String seen = "answers initialize after " + cold + " ms, the second time after " + warm + " ms";
            if (warm > ClientDoctor.CODEX_GRACE_MILLIS) {
                return List.of(Examination.warning(
                        "server start",
                        seen + "; Codex waits " + ClientDoctor.CODEX_GRACE_MILLIS
                                + " ms for a server that is not required",
                        "set required = true for it in Codex (parley setup does), or a faster Java with PARLEY_JAVA"));
            }
            return List.of(Examination.ok("server start", seen));
        } catch (IOException e) {
            return List.of(Examination.failure(
                    "server start",
                    String.valueOf(e.getMessage()),
                    "run '" + launcher + " version' and see what it says"));
        }
    }

    private long millisToAnswer() throws IOException {
        Path store = Files.createTempDirectory("parley-doctor-");
        try {
            ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "serve")
                    .directory(store.toFile())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put("PARLEY_HOME", store.resolve("home").toString());
            long begun = System.nanoTime();
            Process server = builder.start();
            try (Writer in = server.outputWriter(UTF_8);
                    BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8))) {
                in.write(INITIALIZE);
                in.flush();
                String answer = firstLine(out);
                if (!answer.contains("\"serverInfo\"")) {
                    throw new IOException("the server does not answer initialize, but: " + answer);
                }
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            } finally {
                end(server);
            }
        } finally {
            remove(store);
        }
    }

    private static String firstLine(BufferedReader out) throws IOException {
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
            try {
                String read = out.readLine();
                return read == null ? "" : read;
            } catch (IOException e) {
                return "";
            }
        });
        try {
            String answer = line.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (answer.isEmpty()) {
                throw new IOException("the server ends without an answer");
            }
            return answer;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the server does not answer within " + LIMIT.toSeconds() + " s", e);
        }
    }

    /** Its input has ended, so it ends by itself. */
    private static void end(Process server) {
        try {
            if (!server.waitFor(3, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        } catch (InterruptedException e) {
            server.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static void remove(Path store) throws IOException {
        try (Stream<Path> all = Files.walk(store)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
