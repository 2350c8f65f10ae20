package dev.parley.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.SessionId;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeOutcome.Accepted;
import dev.parley.peer.WakeOutcome.NotApplicable;
import dev.parley.peer.WakeOutcome.Reason;
import dev.parley.peer.WakeOutcome.Refused;
import dev.parley.peer.WakeOutcome.Unknown;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The second rung: {@code codex queue} puts a fixed text into the queue of an idle Codex session, which takes it as its
 * user's next prompt. Nothing is typed, and a draft in the composer stays.
 *
 * <p>What the command was seen to do, and not to do, is in {@code docs/WAKING.md}: it ends with 0 for a thread that is not
 * loaded, or whose queue its user's Esc has stopped, it fails for a fresh thread without a prompt, and what it queues for a
 * running {@code codex exec} is lost. So all of this is looked at first.
 */
final class CodexQueueWaker implements Waker {

    private static final Duration LIMIT = Duration.ofSeconds(6);
    private static final Pattern THREAD = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final int MAX_OUTPUT = 4096;
    private static final int MAX_QUOTED = 160;
    private static final Pattern ERROR = Pattern.compile("(?i)^(error|fatal|failed|panic)\\b|\\berror:");

    static final String RUNG = "codex-queue";

    static final String LEFT =
            "its Codex shows a new thread that waits for its first prompt: what is queued for this one would run"
                    + " behind it, unseen";

    private final PostOffice office;

    CodexQueueWaker(PostOffice office) {
        this.office = office;
    }

    @Override
    public String rung() {
        return RUNG;
    }

    @Override
    public boolean reaches(String client) {
        return client.equals(Peer.CODEX);
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
        Optional<CodexHost> host = host(request.process(), office.processes());
        if (host.isEmpty()) {
            return new NotApplicable("no living Codex process of this session is known");
        }
        try {
            Optional<Peer> peer = office.peers().find(request.target());
            Optional<String> reason = peer.isEmpty()
                    ? Optional.of("its card is gone")
                    : obstacle(peer.get(), host.get(), office.peers().presence(peer.get()));
            return reason.isPresent()
                    ? new Refused(Reason.FAILED, reason.get())
                    : queue(host.get(), peer.orElseThrow().ownId().orElseThrow(), request);
        } catch (IOException e) {
            return new Refused(Reason.FAILED, "the store failed: " + Why.of(e));
        }
    }

    /** The Codex that a process is. Where its start is not known, the number may be another one's by now. */
    static Optional<CodexHost> host(Optional<ProcessIdentity> process, ProcessTable processes) {
        return process.filter(one -> one.start() != 0 && processes.vitality(one) == Vitality.ALIVE)
                .flatMap(one -> CodexHost.of(one.pid()));
    }

    /** Why what is queued would not be taken; empty if it will be, as far as one can know. */
    static Optional<String> obstacle(Peer peer, CodexHost host, Presence presence) {
        return obstacle(peer, host, presence, host.threads());
    }

    /**
     * The same.
     *
     * @param threads the threads that the host has loaded; empty if that cannot be told
     */
    static Optional<String> obstacle(Peer peer, CodexHost host, Presence presence, Optional<Set<SessionId>> threads) {
        if (host.isExec()) {
            return Optional.of("it is a 'codex exec', which drops what is queued when it ends");
        }
        if (!thread(peer).matches()) {
            return Optional.of("Codex has not told yet which thread it is");
        }
        if (presence.activity() == Activity.HELD) {
            return Optional.of("its user interrupted it, and Codex holds its queue until their next prompt");
        }
        boolean loaded = threads.map(all -> peer.ownId().filter(all::contains).isPresent())
                .orElseGet(() -> presence.life() == Life.LIVE);
        if (!loaded) {
            return Optional.of("Codex has not loaded its thread, and would only keep the text");
        }
        boolean left = threads.isPresent()
                && peer.ownId()
                        .filter(thread -> host.hasGoneOn(thread, threads.get()))
                        .isPresent();
        return left ? Optional.of(LEFT) : Optional.empty();
    }

    private static Matcher thread(Peer peer) {
        return THREAD.matcher(peer.ownId().map(SessionId::value).orElse(""));
    }

    private static WakeOutcome queue(CodexHost host, SessionId thread, WakeRequest request)
            throws InterruptedException {
        ProcessBuilder command = new ProcessBuilder(
                List.of(host.binary().toString(), "queue", "--thread", thread.value(), "--message=" + request.text()));
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
            return new Refused(Reason.FAILED, "codex could not be started: " + Why.of(e));
        }
        try {
            // Its output is a line or two, far below what a pipe holds, so it never waits for a reader.
            if (!child.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Unknown("codex queue did not end within " + limit.toSeconds() + " s");
            }
            String said = new String(child.getInputStream().readNBytes(MAX_OUTPUT), UTF_8).strip();
            return child.exitValue() == 0 ? new Accepted("queued") : new Refused(Reason.FAILED, cause(said));
        } catch (IOException e) {
            return new Unknown("what codex queue said could not be read: " + Why.of(e));
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
}
