package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.rpc.LineClient;
import dev.parley.session.PostOffices;
import dev.parley.setup.ClientDoctor;
import dev.parley.setup.Examination;
import dev.parley.setup.TemporaryTree;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** Starts a server as a client would, in a store of its own, and takes the time until it answers. */
final class DoctorServer {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
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
                    "server start", Why.of(e), "run '" + launcher + " version' and see what it says"));
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
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
            Path said = store.resolve("said");
            try (LineClient server = client(server(store).redirectError(said.toFile()))) {
                initialize(server);
                var unused = ask(() -> server.request("tools/list", LineClient.parameters()));
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
            try (LineClient server = client(builder)) {
                initialize(server);
                return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            }
        } finally {
            TemporaryTree.remove(store);
        }
    }

    private static LineClient client(ProcessBuilder server) throws IOException {
        return LineClient.start(server, LineClient.Dialect.STANDARD, LIMIT, PATIENCE);
    }

    /** Standard output is the protocol's alone: a line that is no message is as bad as no answer. */
    private static void initialize(LineClient server) throws IOException {
        String said;
        try {
            JsonNode answer = ask(() -> server.initialize("parley-doctor"));
            said = server.stray().orElse(answer.has("serverInfo") ? "" : answer.toString());
        } catch (IOException e) {
            said = server.stray().orElseThrow(() -> e);
        }
        if (!said.isEmpty()) {
            throw new IOException("the server does not answer initialize, but: " + said);
        }
    }

    private interface Question {
        JsonNode ask() throws IOException, InterruptedException;
    }

    private static JsonNode ask(Question question) throws IOException {
        try {
            return question.ask();
        } catch (IOException e) {
            throw new IOException("the server " + Why.of(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
