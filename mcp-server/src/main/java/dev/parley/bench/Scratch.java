package dev.parley.bench;

import dev.parley.setup.TemporaryTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A home and a project of their own for the servers that are measured; gone when it is closed, or when this process is
 * interrupted.
 */
final class Scratch implements AutoCloseable {

    /** What a server needs of the user's environment to start as it would for a client. */
    private static final List<String> PASSED_ON = List.of(
            "PATH", "LANG", "JAVA_HOME", "TMPDIR", "PARLEY_JAVA", "PARLEY_JVM_OPTS", "PARLEY_DURABILITY", "NODE_PATH");

    private static final int ATTEMPTS = 20;

    private final Path root;
    private final Runnable before;
    private final Thread ifInterrupted = new Thread(this::abandon, "parley-bench-abandon");

    private Scratch(Path root, Runnable before) {
        this.root = root;
        this.before = before;
        Runtime.getRuntime().addShutdownHook(ifInterrupted);
    }

    /** Those who still write to it end first; what cannot be removed then is left to the system's own tidying. */
    private void abandon() {
        before.run();
        ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
        try {
            remove();
        } catch (IOException e) {
            // Nobody reads the output any more.
        }
    }

    /**
     * Makes it.
     *
     * @param before called before the servers are ended because this process is interrupted
     */
    static Scratch make(Runnable before) throws IOException {
        // The real path: a server says where it works, and would say another one than is expected.
        Path root = Files.createTempDirectory("parley-bench-").toRealPath();
        Files.createDirectories(root.resolve("home"));
        Files.createDirectories(root.resolve("project/.git"));
        return new Scratch(root, before);
    }

    Path project() {
        return root.resolve("project");
    }

    Path store() {
        return root.resolve("home/.parley");
    }

    /** A directory for what is measured beside the servers, on the same file system. */
    Path beside() throws IOException {
        return Files.createDirectories(root.resolve("beside"));
    }

    /**
     * What the servers see.
     *
     * @param user the user's own environment
     */
    Map<String, String> environment(Map<String, String> user) {
        Map<String, String> environment = new HashMap<>();
        PASSED_ON.forEach(name -> {
            if (user.containsKey(name)) {
                environment.put(name, user.get(name));
            }
        });
        environment.put("HOME", root.resolve("home").toString());
        environment.put("PARLEY_HOME", store().toString());
        // The class archive of this Parley is there already, as it is when a client starts it.
        String cache = user.getOrDefault("XDG_CACHE_HOME", user.getOrDefault("HOME", "") + "/.cache");
        environment.put("XDG_CACHE_HOME", cache);
        return environment;
    }

    @Override
    public void close() throws IOException {
        try {
            Runtime.getRuntime().removeShutdownHook(ifInterrupted);
        } catch (IllegalStateException e) {
            // It runs already, and one of the two finds nothing more to do.
        }
        remove();
    }

    /** Removes everything; a server that ends at this moment may still be writing, so it is tried again. */
    private void remove() throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                TemporaryTree.remove(root);
                return;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                Thread.onSpinWait();
            }
        }
    }
}
