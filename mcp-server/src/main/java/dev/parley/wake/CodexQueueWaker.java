package dev.parley.wake;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.lock.ProcessIdentity;
import dev.parley.lock.ProcessTable;
import dev.parley.lock.ProcessTable.Vitality;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Peer;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import dev.parley.peer.WakeOutcome.Unknown;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.session.UserEnvironment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * The second rung: {@code codex queue} puts our fixed text into the queue of an idle Codex session, which takes it as its
 * user's next prompt. Nothing is typed, and a draft in the composer stays.
 *
 * <p>What the command was seen to do, and not to do, is in {@code docs/CLIENTS.md}: it ends with 0 for a thread that has
 * ended, it fails for a fresh thread without a prompt, and what it queues for a running {@code codex exec} is lost. So the
 * session's process has to live, must not be an {@code exec}, and a success means that the queue holds the text, no more.
 */
final class CodexQueueWaker implements Waker {

    private static final Duration LIMIT = Duration.ofSeconds(6);
    private static final int MAX_OUTPUT = 4096;
    private static final int MAX_QUOTED = 160;
    private static final Pattern ERROR = Pattern.compile("(?i)^(error|fatal|failed|panic)\\b|\\berror:");

    private final ProcessTable processes;

    CodexQueueWaker(ProcessTable processes) {
        this.processes = processes;
    }

    @Override
    public String rung() {
        return "codex-queue";
    }

    @Override
    public int order() {
        return 200;
    }

    @Override
    public WakeOutcome wake(WakeRequest request) throws InterruptedException {
        if (!request.client().equals(Peer.CODEX)) {
            return new NotApplicable("only Codex has this queue");
        }
        Optional<ProcessIdentity> process = request.process();
        // Where its start is not known, the number may be another Codex's by now.
        if (process.isEmpty() || process.get().start() == 0 || processes.vitality(process.get()) != Vitality.ALIVE) {
            return new NotApplicable("no living Codex process of this session is known");
        }
        Optional<HostProcess> host = HostProcess.of(process.get().pid());
        if (host.isEmpty()) {
            return new NotApplicable("its process cannot be looked at");
        }
        if (host.get().isExec()) {
            return new NotApplicable("it is a 'codex exec', which drops what is queued when it ends");
        }
        return queue(host.get(), request);
    }

    private static WakeOutcome queue(HostProcess host, WakeRequest request) throws InterruptedException {
        ProcessBuilder command = new ProcessBuilder(List.of(
                host.binary().toString(),
                "queue",
                "--thread",
                request.target().value(),
                "--message=" + request.text()));
        command.redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        // It may start a daemon, whose commands are the user's.
        UserEnvironment.restore(command.environment());
        command.environment().putAll(host.home());
        Duration limit = request.limit().compareTo(LIMIT) < 0 ? request.limit() : LIMIT;
        Process child;
        try {
            child = command.start();
        } catch (IOException e) {
            return new Refused(Reason.FAILED, "codex could not be started: " + e.getMessage());
        }
        try {
            // Its output is a line or two, far below what a pipe holds, so it never waits for us to read.
            if (!child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Unknown("codex queue did not end within " + limit.toSeconds() + " s");
            }
            String said = new String(child.getInputStream().readNBytes(MAX_OUTPUT), UTF_8).strip();
            return child.exitValue() == 0 ? new Accepted("queued") : new Refused(Reason.FAILED, cause(said));
        } catch (IOException e) {
            return new Unknown("what codex queue said could not be read: " + e.getMessage());
        } finally {
            child.destroyForcibly();
        }
    }

    /** The line that tells why it failed: the last that speaks of an error, else the last. Warnings come first. */
    static String cause(String said) {
        List<String> lines =
                said.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
        String cause = "no reason given";
        boolean error = false;
        for (String line : lines) {
            boolean speaksOfIt = ERROR.matcher(line).find();
            if (speaksOfIt || !error) {
                cause = line;
                error |= speaksOfIt;
            }
        }
        return PlainText.quoted(cause, MAX_QUOTED);
    }

    /**
     * The Codex process that hosts a session, as the system tells of it: never what a card claims.
     *
     * @param binary the native program
     * @param arguments its command line
     * @param home the variables that say where its files are
     */
    record HostProcess(Path binary, List<String> arguments, Map<String, String> home) {

        private static final Path PROC = Path.of("/proc");

        /** What there is to know of a process; empty if it is not Codex, or the system tells nothing (no /proc). */
        static Optional<HostProcess> of(long pid) {
            Path entry = PROC.resolve(Long.toString(pid));
            try {
                Path binary = Files.readSymbolicLink(entry.resolve("exe"));
                List<String> arguments = strings(entry.resolve("cmdline"));
                Path name = binary.getFileName();
                if (name == null || !name.toString().equals("codex")) {
                    return Optional.empty();
                }
                Map<String, String> home = new java.util.HashMap<>();
                for (String variable : strings(entry.resolve("environ"))) {
                    int equals = variable.indexOf('=');
                    String key = equals < 0 ? "" : variable.substring(0, equals);
                    if (key.equals("HOME") || key.equals("CODEX_HOME")) {
                        home.put(key, variable.substring(equals + 1));
                    }
                }
                return Optional.of(new HostProcess(binary, arguments, home));
            } catch (IOException | RuntimeException e) {
                return Optional.empty();
            }
        }

        private static List<String> strings(Path file) throws IOException {
            return List.of(Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1)
                    .split("\0"));
        }

        boolean isExec() {
            return arguments.stream().skip(1).anyMatch(argument -> argument.equals("exec") || argument.equals("e"));
        }
    }
}
