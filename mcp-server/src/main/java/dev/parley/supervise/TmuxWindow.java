package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.trace.Why;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/** A new window of the user's tmux. */
final class TmuxWindow {

    private static final int MAX_OUTPUT = 4096;
    private static final long LIMIT_SECONDS = 10;

    private TmuxWindow() {}

    /** The command that opens it. The window's environment is that of tmux, so what has to go is taken out there. */
    static List<String> command(Plan plan) {
        List<String> command = new ArrayList<>(List.of(
                "tmux",
                "new-window",
                "-d",
                "-P",
                "-F",
                "#{session_name}:#{window_index}",
                "-n",
                plan.peer().name(),
                "-c",
                plan.directory()));
        new TreeMap<>(plan.set()).forEach((name, value) -> command.addAll(List.of("-e", name + "=" + value)));
        command.addAll(List.of("--", "env"));
        new TreeSet<>(plan.removed()).forEach(name -> command.addAll(List.of("-u", name)));
        command.addAll(plan.command());
        return command;
    }

    /**
     * Opens it in the background.
     *
     * @param environment says which tmux
     * @return where it is, as tmux names it
     * @throws IOException if there is no tmux, or it did not open one
     */
    static String open(Plan plan, Map<String, String> environment) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(plan)).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("tmux cannot be started: " + Why.of(e), e);
        }
        process.getOutputStream().close();
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("tmux did not answer within " + LIMIT_SECONDS + " s");
        }
        String said = new String(process.getInputStream().readNBytes(MAX_OUTPUT), UTF_8).strip();
        if (process.exitValue() != 0) {
            throw new IOException("tmux opened no window: " + said + "; start one with 'tmux new-session -d'");
        }
        return said;
    }
}
