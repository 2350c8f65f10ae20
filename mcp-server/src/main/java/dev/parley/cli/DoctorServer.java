package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.session.PostOffices;
import dev.parley.setup.ClientDoctor;
import dev.parley.setup.Examination;
import dev.parley.setup.TemporaryTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Starts a server as a client would, in a store of its own, and takes the time until it answers. */
final class DoctorServer {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String INITIALIZE = """
            {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},\
            "clientInfo":{"name":"parley-doctor","version":"1"}}}
            """;

    private static final String INITIALIZED = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
    private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tools/list\"}\n";
    private static final Pattern SKIPPED = Pattern.compile("plug-in (.* is skipped.*)");

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
            List<Examination> found = new ArrayList<>(plugins());
            String seen = "answers initialize after " + cold + " ms, the second time after " + warm + " ms";
            if (warm > ClientDoctor.CODEX_GRACE_MILLIS) {
                found.add(Examination.warning(
                        "server start",
                        seen + "; Codex waits " + ClientDoctor.CODEX_GRACE_MILLIS
                                + " ms for a server that is not required",
                        "set required = true for it in Codex (parley setup does), or a faster Java with PARLEY_JAVA"));
            } else {
                found.add(Examination.ok("server start", seen));
            }
            return found;
        } catch (IOException e) {
            return List.of(Examination.failure(
                    "server start",
                    String.valueOf(e.getMessage()),
                    "run '" + launcher + " version' and see what it says"));
        }
    }

    /** What a server says of the plug-ins of the user's own: copies of them, in a store of its own. */
    private List<Examination> plugins() throws IOException {
        Path folder = PostOffices.home(environment).resolve("plugins");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        Path store = Files.createTempDirectory("parley-doctor-");
        try {
            Path copies = Files.createDirectories(store.resolve("home/plugins"));
            Files.setPosixFilePermissions(copies, Files.getPosixFilePermissions(folder));
            Files.setPosixFilePermissions(store.resolve("home"), PosixFilePermissions.fromString("rwx------"));
            int jars = 0;
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.jar")) {
                for (Path jar : all) {
                    if (Files.isRegularFile(jar)) {
                        Files.copy(jar, copies.resolve(jar.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
                        jars++;
                    }
                }
            }
            Path said = store.resolve("said");
            ProcessBuilder builder = server(store).redirectError(said.toFile());
            Process server = builder.start();
            try (Writer in = server.outputWriter(UTF_8);
                    BufferedReader out = new BufferedReader(new InputStreamReader(server.getInputStream(), UTF_8))) {
                in.write(INITIALIZE + INITIALIZED + LIST);
                in.flush();
                for (String line = firstLine(out); !line.contains("\"id\":2"); ) {
                    line = firstLine(out);
                }
            } finally {
                end(server);
            }
            List<Examination> found = new ArrayList<>();
            for (String line : Files.readAllLines(said, UTF_8)) {
                Matcher skipped = SKIPPED.matcher(line);
                if (skipped.find()) {
                    found.add(Examination.failure(
                            "plug-in",
                            skipped.group(1).replace(copies.toString(), folder.toString()),
                            "repair it, or remove it from " + folder));
                }
            }
            if (found.isEmpty() && jars > 0) {
                found.add(Examination.ok("plug-ins", jars + " in " + folder + ", all taken"));
            }
            return found;
        } finally {
            TemporaryTree.remove(store);
        }
    }

    private ProcessBuilder server(Path store) {
        ProcessBuilder builder = new ProcessBuilder(launcher.toString(), "serve").directory(store.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("PARLEY_HOME", store.resolve("home").toString());
        return builder;
    }

    private long millisToAnswer() throws IOException {
        Path store = Files.createTempDirectory("parley-doctor-");
        try {
            ProcessBuilder builder = server(store).redirectError(ProcessBuilder.Redirect.DISCARD);
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
            TemporaryTree.remove(store);
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
}
