package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.lock.Lease;
import dev.parley.lock.Leases;
import dev.parley.office.PostOffice;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** One turn of a session without a terminal. */
public final class HeadlessRun {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** Below the lease, so that nobody displaces who still looks. */
    private static final long SEEN_WITHIN_MILLIS = 7_000;

    private static final long LOOK_MILLIS = 200;

    private final PostOffice office;
    private final Map<String, String> environment;

    /**
     * For the sessions of an office.
     *
     * @param environment of whoever resumes
     */
    public HeadlessRun(PostOffice office, Map<String, String> environment) {
        this.office = office;
        this.environment = Map.copyOf(environment);
    }

    /** Looks again whether the session may be gone on with. */
    public interface Planning {
        /** The plan as it is now. */
        Plan plan() throws IOException, InterruptedException;
    }

    /** Hears of a start. */
    public interface Listener {
        /** The client runs, and what it says goes into this file. */
        void started(Plan plan, Path log);
    }

    /**
     * What came of it.
     *
     * @param plan the last plan, with the verdict that counted
     * @param exit the client's exit code; empty if nothing was started
     */
    public record Outcome(Plan plan, Optional<Integer> exit) {}

    /**
     * Starts the client, if nobody runs the session, and waits for its end. Whoever does the same at the same moment waits until
     * the client can be seen, and then finds that somebody runs it.
     *
     * @param message the prompt, which goes to the client's standard input
     * @throws dev.parley.lock.LockTimeoutException if somebody else begins to resume this session; nothing was started
     */
    public Outcome run(Planning planning, String message, Listener listener) throws IOException, InterruptedException {
        Plan first = planning.plan();
        if (!first.verdict().isFree()) {
            return new Outcome(first, Optional.empty());
        }
        Process process;
        Plan plan;
        try (Lease lease = office.leases()
                .named("resume-" + first.own().value(), Leases.LEASE)
                .acquire(Leases.LEASE)) {
            // Somebody may have been quicker.
            plan = planning.plan();
            if (!plan.verdict().isFree()) {
                return new Outcome(plan, Optional.empty());
            }
            Path log = log(plan);
            lease.ensureHeld();
            process = start(plan, log);
            listener.started(plan, log);
            tell(process, message);
            awaitSeen(planning, process);
        }
        return new Outcome(plan, Optional.of(process.waitFor()));
    }

    private Process start(Plan plan, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(plan.command())
                .directory(Path.of(plan.directory()).toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().putAll(ChildEnvironment.withoutTerminal(environment));
        builder.environment().putAll(plan.set());
        return builder.start();
    }

    private static void tell(Process process, String message) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(message.getBytes(UTF_8));
            in.write('\n');
        } catch (IOException e) {
            // It ended without reading it; its exit code and its log say why.
        }
    }

    /** Until the client has registered the session, others would find nobody. */
    private static void awaitSeen(Planning planning, Process process) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(SEEN_WITHIN_MILLIS);
        while (process.isAlive()
                && System.nanoTime() < end
                && planning.plan().verdict().isFree()) {
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    /** Where the client's words go: for the user alone to read. */
    private Path log(Plan plan) throws IOException {
        Path directory = StateDirectory.of(environment).resolve("resume");
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path log = directory.resolve(plan.peer().name() + "-" + STAMP.format(Instant.now()) + "-"
                + ProcessHandle.current().pid() + ".log");
        Files.newByteChannel(
                        log,
                        java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
                .close();
        return log;
    }
}
