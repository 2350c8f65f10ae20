package dev.parley.supervise;

import dev.parley.session.HomeDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Where logs of what Parley started are. */
final class StateDirectory {

    private StateDirectory() {}

    /** {@code $XDG_STATE_HOME/parley}, or {@code ~/.local/state/parley}. */
    static Path of(Map<String, String> environment) throws IOException {
        String set = environment.getOrDefault("XDG_STATE_HOME", "");
        return set.startsWith("/")
                ? Path.of(set, "parley")
                : HomeDirectory.ofUser(environment).resolve(".local/state/parley");
    }
}
