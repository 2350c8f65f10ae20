package dev.parley.wake;

import dev.parley.address.SessionId;
import dev.parley.session.Setting;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Starts {@code parley resume-waiting} apart from this server: in a session of its own where there is {@code setsid}, so that it
 * outlives the server and its client, and with nothing of the sender's but ids. Its environment is a list of what is
 * the user's and the machine's: what the sender's client has as keys, tokens, or its own session is not on it.
 */
final class DetachedResume implements ResumeRung.Starter {

    /** The command, which is for this class alone. */
    static final String COMMAND = "resume-waiting";

    private static final String BASE = "parley.base";
    private static final String APART =
            "if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; else exec \"$@\"; fi";
    private static final Path NOWHERE = Path.of("/dev/null");

    /** The user's and the machine's. */
    private static final Set<String> KEPT = Set.of(
            "HOME",
            "PATH",
            "USER",
            "LOGNAME",
            "SHELL",
            "TZ",
            "LANG",
            "LANGUAGE",
            "TMPDIR",
            "JAVA_HOME",
            "CLAUDE_CONFIG_DIR",
            "CODEX_HOME",
            "SSL_CERT_FILE",
            "SSL_CERT_DIR",
            "NODE_EXTRA_CA_CERTS",
            "NO_PROXY",
            "no_proxy");

    private static final List<String> KEPT_KINDS = List.of("LC_", "XDG_", "PARLEY_KEPT_LC_");

    /** Where to reach the world from here, unless that holds a password. */
    private static final Set<String> PROXIES =
            Set.of("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy");

    private final Map<String, String> environment;

    DetachedResume(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public void start(SessionId session) throws IOException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", APART, "parley"));
        command.addAll(launcher());
        command.addAll(List.of(COMMAND, session.value()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(Redirect.from(NOWHERE.toFile()))
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(kept(environment));
        builder.start();
    }

    /** The environment of what is started. */
    static Map<String, String> kept(Map<String, String> environment) {
        Map<String, String> kept = new TreeMap<>();
        environment.forEach((name, value) -> {
            boolean isSetting = Stream.of(Setting.values())
                    .anyMatch(setting -> setting.variable().equals(name));
            boolean isProxy = PROXIES.contains(name) && !value.contains("@");
            if (isSetting
                    || isProxy
                    || KEPT.contains(name)
                    || KEPT_KINDS.stream().anyMatch(name::startsWith)) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    /** This Parley: by its launcher, or as this process was started. */
    private static List<String> launcher() throws IOException {
        String base = System.getProperty(BASE, "");
        Path launcher = Path.of(base, "bin", "parley");
        if (!base.isEmpty() && Files.isExecutable(launcher)) {
            return List.of(launcher.toString());
        }
        String java = ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> new IOException("how this server was started cannot be told"));
        return List.of(java, "-cp", System.getProperty("java.class.path", ""), "dev.parley.cli.Main");
    }
}
