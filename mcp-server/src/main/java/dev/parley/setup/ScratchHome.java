package dev.parley.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A home directory for asking a client something without its noticing the user's; gone when it is closed. */
record ScratchHome(Path path) implements AutoCloseable {

    static ScratchHome make() throws IOException {
        return new ScratchHome(Files.createTempDirectory("parley-setup-"));
    }

    /** Starts a program in it, with an otherwise unchanged environment. */
    void apply(ProcessBuilder builder, Map<String, String> environment) {
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().put("HOME", path.toString());
        builder.environment().put("CODEX_HOME", path.toString());
        builder.environment().put("CLAUDE_CONFIG_DIR", path.toString());
        // Else Claude Code may update itself while it is asked.
        builder.environment().put("DISABLE_AUTOUPDATER", "1");
        builder.directory(path.toFile());
    }

    /** Best effort: the client may still write to it. */
    @Override
    public void close() {
        try {
            TemporaryTree.remove(path);
        } catch (IOException e) {
            path.toFile().deleteOnExit();
        }
    }
}
