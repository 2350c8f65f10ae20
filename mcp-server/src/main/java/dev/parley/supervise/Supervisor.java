package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.client.CommandForm;
import dev.parley.lock.RenewableLease;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.supervise.SupervisionLog.Step;
import dev.parley.supervise.SupervisionLog.What;
import dev.parley.supervise.Verdict.Ruling;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import dev.parley.trace.Why;
import dev.parley.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Stands beside one client in a terminal. It never starts a process of the user's and never writes to the terminal: the shell does,
 * which asks what follows whenever the client has ended. Belongs to one thread, but for {@link #stop}.
 */
final class Supervisor {

    /** How long the shell may take from the moment in which the claim was last seen to be held until the client starts. */
    static final Duration TO_START = Duration.ofSeconds(4);

    /** How long a limit is waited for whose end is not told. */
    static final Duration UNKNOWN_LIMIT = Duration.ofMinutes(15);

    /** Longer than any limit lasts: a time beyond it is none. */
    static final Duration LONGEST_LIMIT = Duration.ofDays(8);

    /** A session whose client has ended is told of a moment later in its transcript than the client's own clock says. */
    private static final Duration LIMIT_GRACE = Duration.ofSeconds(5);

    /** What a client had started ends behind it: so long it may still be seen to run its session. */
    static final Duration LAST_SEEN = Duration.ofSeconds(3);

    /** The exit code of a client that was not started because another has its session. */
    private static final int REFUSED = 3;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("EEE HH:mm", Locale.ROOT);

    /** What it is about. */
    record Task(RunDirectory directory, ProcessIdentity shell, Path workingDirectory, List<String> words) {

        Task {
            words = List.copyOf(words);
        }
    }

    private final Task task;
    private final CommandForm form;
    private final Sessions sessions;
    private final Processes processes;
    private final Stopping.Patience patience;
    private final Clocks clocks;
    private final Trace trace;
    private final RestartLimit restarts = new RestartLimit();

    private int number = 1;
    private Optional<ProcessIdentity> client = Optional.empty();
    private Instant since;
    private final Set<ProcessIdentity> hosts = new HashSet<>();
    private Optional<Peer> peer = Optional.empty();
    private @Nullable Hold hold;
    /** Whether the store knows that it is looked after. */
    private boolean isNoted;

    private @Nullable Stopping stopping;
    private @Nullable Instant parkedUntil;
    private long parkedCode;
    private @Nullable Duration seenToRun;
    private String trouble = "";
    private volatile boolean isToStop;

    Supervisor(
            Task task,
            CommandForm form,
            Sessions sessions,
            Processes processes,
            Stopping.Patience patience,
            Clocks clocks,
            Trace trace) {
        this.task = task;
        this.form = form;
        this.sessions = sessions;
        this.processes = processes;
        this.patience = patience;
        this.clocks = clocks;
        this.trace = trace;
        this.since = clocks.now();
    }

    /**
     * Lets the client be started, unless its command line names a session that somebody else looks after, or that lives.
     *
     * @return whether it is to be looked after from now on
     */
    boolean begin() throws IOException, InterruptedException {
        Optional<SessionId> named = form.isConversation(task.words()) ? form.session(task.words()) : Optional.empty();
        if (named.isPresent()) {
            peer = sessions.named(named.get());
            Verdict verdict = sessions.standing(named.get(), peer, task.workingDirectory())
                    .verdict();
            // Of what cannot be told, the user knows more: it is his own command line.
            if (verdict.ruling() == Ruling.HELD_ELSEWHERE) {
                return refuse(title(named.get()) + " runs already, " + PlainText.line(verdict.reason())
                        + ": a second client would write into the same conversation. Go on there, or end it first");
            }
            hold = new Hold(named.get(), sessions.claim(named.get()));
            if (!hold.await()) {
                return refuse(title(named.get()) + " is looked after by " + hold.holder()
                        + ": two would resume it twice. Go on there, or end that first");
            }
        }
        task.directory().start(new Answer.Start(form.supervised(task.words())));
        return true;
    }

    private boolean refuse(String text) throws IOException {
        task.directory().start(new Answer.End(text, REFUSED));
        return false;
    }

    /** Asks it to end the client. Safe from any thread. */
    void stop() {
        isToStop = true;
    }

    /** Whether something is under way that is better looked at soon. */
    boolean isBusy() {
        return stopping != null || seenToRun != null || isToStop;
    }

    /**
     * Looks at everything once, and does what is due.
     *
     * @return whether there is more to do
     */
    boolean step() throws InterruptedException {
        if (!task.directory().exists() || !processes.lives(task.shell())) {
            return endWhatIsLeft();
        }
        try {
            if (hold != null) {
                hold.keep();
            }
            return parkedUntil == null ? look() : lookAtLimit();
        } catch (IOException e) {
            // Looked at again soon; what it was is told when the client has ended and nothing could be done for it.
            trouble = PlainText.line(Why.of(e));
            return goOnInTrouble();
        }
    }

    /** A client that has ended is not kept waiting for a store that cannot be used. */
    private boolean goOnInTrouble() throws InterruptedException {
        try {
            OptionalLong ended = task.directory().ended(number);
            if (ended.isEmpty() || parkedUntil != null) {
                return true;
            }
            return giveUp(ended.getAsLong(), trouble);
        } catch (IOException e) {
            trouble = PlainText.line(Why.of(e));
            return true;
        }
    }

    private boolean look() throws IOException, InterruptedException {
        noteClient();
        OptionalLong ended = task.directory().ended(number);
        if (ended.isPresent()) {
            return follow((int) ended.getAsLong());
        }
        if (isToStop) {
            isGone();
        } else {
            noteSession();
        }
        return true;
    }

    private void noteClient() throws IOException {
        if (client.isEmpty()) {
            OptionalLong pid = task.directory().client(number);
            if (pid.isPresent()) {
                client = processes.identify(pid.getAsLong());
                client.ifPresent(hosts::add);
            }
        }
    }

    /** Its session is known by the process of its client, or by one below: some are started by a wrapper. */
    private void noteSession() throws IOException, InterruptedException {
        if (client.isEmpty() || !form.isConversation(task.words())) {
            return;
        }
        List<ProcessIdentity> candidates = new ArrayList<>(hosts);
        if (peer.flatMap(Peer::process).filter(hosts::contains).isEmpty()) {
            candidates.addAll(processes.below(client.get()));
        }
        Optional<Sessions.Found> found = sessions.in(candidates);
        if (found.isPresent()) {
            peer = Optional.of(found.get().peer());
            hosts.add(found.get().host());
            Optional<SessionId> own = found.get().peer().ownId();
            if (own.isPresent() && (hold == null || !hold.own().equals(own.get()))) {
                if (hold != null) {
                    hold.release();
                }
                hold = new Hold(own.get(), sessions.claim(own.get()));
                hold.keep();
                isNoted = false;
            }
            if (!isNoted && Objects.requireNonNull(hold).isHeld()) {
                isNoted = true;
                note(What.BEGAN, Optional.empty(), Optional.empty());
            }
        }
    }

    /** What cannot be noted is told by the trace: the session is looked after all the same. */
    private void note(What what, Optional<Integer> code, Optional<Instant> until) throws InterruptedException {
        if (peer.isEmpty()) {
            return;
        }
        String session = peer.get().id().value();
        trace.event(
                Event.SUPERVISION,
                Map.of(
                        "session", session,
                        "what", what.word(),
                        "exit_code", code.map(String::valueOf).orElse(""),
                        "until", until.map(Instant::toString).orElse("")));
        Optional<RenewableLease> lease = hold == null ? Optional.empty() : hold.lease();
        if (lease.isEmpty()) {
            return;
        }
        try {
            sessions.note(lease.get(), peer.get(), new Step(clocks.now(), what, processes.self(), code, until));
        } catch (IOException e) {
            trace.event(
                    Event.SUPERVISION_NOT_NOTED, Map.of("session", session, "what", what.word(), "reason", Why.of(e)));
        }
    }

    /** What follows a client that has ended. */
    private boolean follow(int code) throws IOException, InterruptedException {
        if (isToStop || Ending.of(code) != Ending.CRASHED || !form.isConversation(task.words())) {
            return end(code, "");
        }
        if (hold == null) {
            noteSession();
        }
        if (hold == null) {
            return giveUp(code, "no hook and no server of Parley has told which session it was");
        }
        if (hold.isDisplaced()) {
            return giveUp(code, title(hold.own()) + " is looked after by " + hold.holder() + " now");
        }
        if (peer.isPresent() && sessions.hasSaidEnd(peer.get(), since)) {
            return end(code, "");
        }
        // A wrapper may have been killed, and what it had started not.
        if (!isGone()) {
            return true;
        }
        stopping = null;
        Optional<Transcript.Limit> limit = peer.isPresent() ? sessions.limit(peer.get()) : Optional.empty();
        if (limit.filter(this::isOfThisClient).isPresent()) {
            return park(code, limit.get());
        }
        return goOn(code, "its client " + Ending.inWords(code));
    }

    /** Says how the session's next client is started, or why there is none, once that can be told. */
    private boolean goOn(int code, String why) throws IOException, InterruptedException {
        Optional<Answer> next = resume(code, why);
        if (next.isEmpty()) {
            return true;
        }
        seenToRun = null;
        if (next.get() instanceof Answer.Resume) {
            note(What.RESUMED, Optional.of(code), Optional.empty());
        } else {
            note(What.GIVEN_UP, Optional.of(code), Optional.empty());
        }
        return say(next.get());
    }

    private boolean giveUp(long code, String why) throws IOException, InterruptedException {
        note(What.GIVEN_UP, Optional.of((int) code), Optional.empty());
        return say(new Answer.End(notResumed(code, why), (int) code));
    }

    /** One that the session has met before this client is not what ended it. */
    private boolean isOfThisClient(Transcript.Limit limit) {
        boolean isOver =
                limit.until().filter(until -> !until.isAfter(clocks.now())).isPresent();
        return !isOver && limit.at().filter(at -> !at.isBefore(since)).isPresent();
    }

    private boolean park(int code, Transcript.Limit limit) throws IOException, InterruptedException {
        Hold held = Objects.requireNonNull(hold);
        Instant now = clocks.now();
        Optional<Instant> told = limit.until().filter(at -> at.isBefore(now.plus(LONGEST_LIMIT)));
        Instant until = told.map(at -> at.plus(LIMIT_GRACE)).orElse(now.plus(UNKNOWN_LIMIT));
        Answer answer = new Answer.Park(title(held.own()) + " ended on a limit of its provider, "
                + (told.isPresent() ? "which ends " : "whose end is not told: tried again ")
                + TIME.format(until.atZone(ZoneId.systemDefault())) + ". It is resumed then; Ctrl-C ends the wait");
        note(What.PARKED, Optional.of(code), Optional.of(until));
        task.directory().answer(number, answer);
        parkedUntil = until;
        parkedCode = code;
        return true;
    }

    private boolean lookAtLimit() throws IOException, InterruptedException {
        if (isToStop || !clocks.now().isBefore(Objects.requireNonNull(parkedUntil))) {
            int code = (int) parkedCode;
            return isToStop ? end(code, "") : goOn(code, "its provider's limit has ended");
        }
        return true;
    }

    /** The start of the session's next client, or why there is none; empty if it is worth another look. */
    private Optional<Answer> resume(int code, String why) throws IOException, InterruptedException {
        Hold held = Objects.requireNonNull(hold);
        Sessions.Standing standing = sessions.standing(held.own(), peer, task.workingDirectory());
        Verdict verdict = standing.verdict();
        if (verdict.ruling() == Ruling.HELD_ELSEWHERE && isWorthAnotherLook()) {
            return Optional.empty();
        }
        if (!verdict.isFree()) {
            return notResumed(
                    held,
                    code,
                    (verdict.ruling() == Ruling.HELD_ELSEWHERE ? " goes on elsewhere: " : " cannot be gone on with: ")
                            + PlainText.line(verdict.reason())
                            + (verdict.remedy().isEmpty() ? "" : "; " + PlainText.line(verdict.remedy())));
        }
        if (!restarts.admit(clocks.elapsed())) {
            return notResumed(
                    held,
                    code,
                    " was started again " + RestartLimit.MOST + " times in " + RestartLimit.WITHIN.toMinutes()
                            + " minutes");
        }
        // The time comes first: what the shell is allowed ends before the claim does.
        Instant goodUntil = clocks.now().plus(TO_START);
        if (!held.allows(TO_START.plusSeconds(2))) {
            return notResumed(held, code, " is looked after by " + held.holder());
        }
        CommandForm.Resuming next = form.resuming(task.words(), held.own(), standing.binding());
        String without = next.leftOut().isEmpty()
                ? ""
                : ", without " + next.leftOut().stream().map(PlainText::line).collect(Collectors.joining(" "));
        return Optional.of(new Answer.Resume(
                title(held.own()) + " is resumed: " + why + " (start " + restarts.counted() + " of " + RestartLimit.MOST
                        + " in " + RestartLimit.WITHIN.toMinutes() + " minutes" + without + ")",
                peer.map(Peer::cwd).map(Path::of).orElse(task.workingDirectory()),
                next.words(),
                goodUntil));
    }

    private Optional<Answer> notResumed(Hold held, int code, String why) {
        return Optional.of(new Answer.End(notResumed(code, title(held.own()) + why), code));
    }

    /** Its server ends with its client, a moment later. */
    private boolean isWorthAnotherLook() {
        Duration now = clocks.elapsed();
        if (seenToRun == null) {
            seenToRun = now;
        }
        return now.minus(seenToRun).compareTo(LAST_SEEN) < 0;
    }

    private String title(SessionId own) {
        return "session "
                + peer.map(Peer::name)
                        .filter(name -> !name.isEmpty())
                        .map(name -> name + " (" + own + ")")
                        .orElse(own.value());
    }

    private static String notResumed(long code, String why) {
        return "the client " + Ending.inWords((int) code) + " and is not resumed: " + why;
    }

    private boolean end(long code, String text) throws IOException, InterruptedException {
        note(What.ENDED, Optional.of((int) code), Optional.empty());
        return say(new Answer.End(text, (int) code));
    }

    /** Says what follows. Whoever is told that nothing does finds the session's name free. */
    private boolean say(Answer answer) throws IOException {
        boolean goesOn = answer instanceof Answer.Resume;
        if (!goesOn) {
            release();
        }
        if (parkedUntil != null) {
            task.directory().next(number, answer);
            parkedUntil = null;
        } else {
            task.directory().answer(number, answer);
        }
        if (goesOn) {
            number++;
            client = Optional.empty();
            hosts.clear();
            since = clocks.now();
        }
        return goesOn;
    }

    /** The shell has gone. What it started would go on without a terminal, unless another looks after it by now. */
    private boolean endWhatIsLeft() throws InterruptedException {
        try {
            noteClient();
            if (hold != null) {
                hold.keep();
            }
            if ((hold == null || !hold.isDisplaced()) && !isGone()) {
                return true;
            }
            release();
            task.directory().remove();
        } catch (IOException e) {
            // Whether it is another's cannot be told: then it is left alone. The claim ends with this process.
            trouble = PlainText.line(Why.of(e));
        }
        return false;
    }

    /** Goes on with ending this client's processes; whether none of them is left. */
    private boolean isGone() {
        Set<ProcessIdentity> left = hosts.stream().filter(processes::lives).collect(Collectors.toSet());
        if (left.isEmpty()) {
            return true;
        }
        if (stopping == null) {
            stopping = new Stopping(processes, patience, left, clocks.elapsed());
        }
        return stopping.step(clocks.elapsed());
    }

    private void release() throws IOException {
        if (hold != null) {
            hold.release();
        }
    }
}
