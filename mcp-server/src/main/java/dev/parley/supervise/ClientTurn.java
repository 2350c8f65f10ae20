package dev.parley.supervise;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.client.Clients;
import dev.parley.client.Resumption;
import dev.parley.office.PostOffice;
import dev.parley.process.ProcessIdentity;
import dev.parley.trace.Why;
import dev.parley.transcript.Transcript;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One turn of a session in a client of this machine. Belongs to one thread. */
final class ClientTurn implements HeadlessTurn {

    /** What was told of no end is tried again after so long. */
    static final Duration LIMIT_WITHOUT_END = Duration.ofMinutes(15);

    /** What cannot be told may be told later: whose it is, or a directory that is not mounted. */
    static final Duration UNREADABLE = Duration.ofMinutes(10);

    /** The client's last words are at the end of what it said. */
    private static final int TAIL_BYTES = 256 * 1024;

    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(2);
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PostOffice office;
    private final Map<String, String> environment;
    private final Resumer resumer;
    private final Order order;
    private Optional<Plan> plan = Optional.empty();
    private Optional<Path> log = Optional.empty();
    private OptionalInt exit = OptionalInt.empty();

    /**
     * What is to be done in the turn.
     *
     * @param planning looks at the session again
     * @param prompt goes to the client's standard input
     * @param asked on whose wish
     * @param spending what the client may spend, in dollars, where it has such a limit; empty for no limit
     * @param listener hears when the client begins
     * @param goal whether the turn has done what it was for
     */
    record Order(
            HeadlessRun.Planning planning,
            String prompt,
            ResumeAttempt.Asked asked,
            Optional<Long> spending,
            HeadlessRun.Listener listener,
            Goal goal) {}

    /** What a turn is for. */
    interface Goal {
        /** Whether that is done. */
        boolean isReached() throws IOException;
    }

    ClientTurn(PostOffice office, Map<String, String> environment, Order order) throws IOException {
        this.office = office;
        this.environment = Map.copyOf(environment);
        this.resumer = new Resumer(office, environment);
        this.order = order;
    }

    /** The plan as it was last looked at. */
    Optional<Plan> plan() {
        return plan;
    }

    /** The client's exit code, once it has ended by itself. */
    OptionalInt exit() {
        return exit;
    }

    /** What it says that the turn cost. */
    Optional<String> cost() {
        Optional<Resumption> resumption =
                plan.flatMap(made -> Clients.of(made.peer()).resumption());
        if (log.isEmpty() || resumption.isEmpty()) {
            return Optional.empty();
        }
        return lastWords(log.get()).stream()
                .flatMap(line -> resumption.get().cost(line).stream())
                .findFirst();
    }

    /** The lines that can be read, newest first. */
    private static List<JsonNode> lastWords(Path log) {
        List<JsonNode> words = new ArrayList<>();
        try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
            long from = Math.max(0, file.length() - TAIL_BYTES);
            byte[] tail = new byte[(int) (file.length() - from)];
            file.seek(from);
            file.readFully(tail);
            for (String line : new String(tail, UTF_8).lines().toList()) {
                node(line).ifPresent(node -> words.add(0, node));
            }
        } catch (IOException e) {
            // What it cost is not known then.
            return List.of();
        }
        return words;
    }

    private static Optional<JsonNode> node(String line) {
        try {
            return Optional.of(JSON.readTree(line));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<Refusal> refusal() throws IOException, InterruptedException {
        Plan now;
        try {
            now = order.planning().plan();
        } catch (IOException e) {
            if (order.asked() == ResumeAttempt.Asked.BY_HAND) {
                throw e;
            }
            // Nobody looks at this process's errors: it is told to those who asked.
            return Optional.of(new Refusal(ParkReason.UNREADABLE, Optional.of(UNREADABLE), reason(e)));
        }
        plan = Optional.of(now);
        Verdict verdict = now.verdict();
        String detail = verdict.reason();
        Optional<Refusal> refusal = switch (verdict.ruling()) {
            case FREE -> Optional.empty();
            case HELD_ELSEWHERE -> Optional.of(new Refusal(ParkReason.HELD_ELSEWHERE, Optional.empty(), detail));
            case UNKNOWN_SESSION -> Optional.of(new Refusal(ParkReason.UNKNOWN_SESSION, Optional.empty(), detail));
            case OWNER_UNKNOWN, NOT_HERE ->
                Optional.of(new Refusal(ParkReason.UNREADABLE, Optional.of(UNREADABLE), detail));
        };
        return refusal.isPresent() || order.asked() == ResumeAttempt.Asked.BY_HAND
                ? refusal
                : now.withheld()
                        .map(what -> new Refusal(
                                ParkReason.PERMISSION,
                                Optional.empty(),
                                what + ", which only its user gives it again"));
    }

    /** The exception of a refused access has no words of its own. */
    static String reason(IOException e) {
        return e instanceof AccessDeniedException denied ? "permission denied: " + denied.getFile() : Why.of(e);
    }

    @Override
    public Running start() throws IOException {
        Plan now = plan.orElseThrow();
        Path file = new HeadlessLogs(environment)
                .create(now.peer().name(), office.clock().instant());
        log = Optional.of(file);
        ProcessBuilder builder = new ProcessBuilder(HeldBack.command(command(now)))
                .directory(Path.of(now.directory()).toFile())
                .redirectErrorStream(true)
                .redirectOutput(Redirect.appendTo(file.toFile()));
        builder.environment().clear();
        builder.environment().putAll(resumer.environment(now.manner(), now.set()));
        Process process = builder.start();
        Optional<ProcessIdentity> client = office.processes().identify(process.pid());
        if (client.isEmpty()) {
            process.destroyForcibly();
            throw new IOException("its process cannot be told from others, so it was ended");
        }
        return new Client(process, client.get(), now, file);
    }

    private List<String> command(Plan now) {
        List<String> command = new ArrayList<>(now.command());
        order.spending()
                .flatMap(dollars -> Clients.of(now.peer()).resumption().map(resumption -> resumption.spending(dollars)))
                .ifPresent(limit -> command.addAll(1, limit));
        return command;
    }

    /** The client. */
    private final class Client implements Running {

        private static final Duration STEP = Duration.ofMillis(50);

        private final Process process;
        private final ProcessIdentity client;
        private final Plan plan;
        private final Path log;
        private final Instant begun;

        Client(Process process, ProcessIdentity client, Plan plan, Path log) {
            this.process = process;
            this.client = client;
            this.plan = plan;
            this.log = log;
            this.begun = office.clock().instant();
        }

        @Override
        public ProcessIdentity client() {
            return client;
        }

        @Override
        public void release() throws IOException {
            OutputStream in = process.getOutputStream();
            HeldBack.release(in);
            order.listener().started(plan, log);
            try (in) {
                in.write(order.prompt().getBytes(UTF_8));
                in.write('\n');
            } catch (IOException e) {
                // It has begun, and ended without reading it; its exit code and its log say why.
                return;
            }
        }

        @Override
        public Optional<Ending> await(Duration limit) throws InterruptedException {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            exit = OptionalInt.of(process.exitValue());
            return Optional.of(ending());
        }

        private Ending ending() {
            try {
                Optional<Transcript.Limit> limit = limit();
                if (limit.isPresent()) {
                    return hopeless(limit.get());
                }
                if (isSpent()) {
                    return new Hopeless(new Refusal(
                            ParkReason.BUDGET,
                            Optional.empty(),
                            "it has spent what one turn may, and was not done; what it said is in " + log));
                }
                if (process.exitValue() != 0) {
                    return new Failed("its client ended with " + process.exitValue() + "; what it said is in " + log);
                }
                return order.goal().isReached()
                        ? new Done()
                        : new Failed("its client did a turn and took no mail; what it said is in " + log);
            } catch (IOException e) {
                return new Failed("what came of it cannot be told: " + Why.of(e));
            }
        }

        /** A time beyond the longest limit is none. */
        private Ending hopeless(Transcript.Limit limit) {
            Instant now = office.clock().instant();
            Optional<Instant> told = limit.until().filter(end -> !end.isAfter(now.plus(StartBudget.LONGEST)));
            return new Hopeless(new Refusal(
                    ParkReason.RATE_LIMITED,
                    Optional.of(told.map(end -> Duration.between(now, end)).orElse(LIMIT_WITHOUT_END)),
                    "its provider's limit is reached"
                            + told.map(end -> " until " + end).orElse("")));
        }

        private boolean isSpent() {
            return Clients.of(plan.peer())
                    .resumption()
                    .filter(resumption -> lastWords(log).stream().anyMatch(resumption::isSpent))
                    .isPresent();
        }

        /** What was reached before this turn is none of it, and what has ended by now keeps nobody from another try. */
        private Optional<Transcript.Limit> limit() throws IOException {
            Optional<Transcript> transcript =
                    Transcript.of(plan.peer(), resumer.environment(plan.manner(), plan.set()));
            Optional<Transcript.Limit> limit =
                    transcript.isPresent() ? transcript.get().limit() : Optional.empty();
            Instant now = office.clock().instant();
            return limit.filter(reached -> reached.at()
                            .filter(at -> at.isBefore(begun.minus(CLOCKS_DIFFER)))
                            .isEmpty())
                    .filter(reached ->
                            reached.until().filter(end -> !end.isAfter(now)).isEmpty());
        }

        @Override
        public boolean hasRival() throws IOException {
            return resumer.hasRival(plan, client);
        }

        @Override
        public void stop() throws InterruptedException {
            Processes processes = new LocalProcesses(office.processes());
            Set<ProcessIdentity> targets = new java.util.HashSet<>(processes.below(client));
            targets.add(client);
            Clocks clocks = Clocks.ofMachine();
            Stopping stopping = new Stopping(processes, Stopping.patience(environment), targets, clocks.elapsed());
            while (!stopping.step(clocks.elapsed())) {
                // Reaps it, so that it counts as ended.
                var unused = process.waitFor(STEP.toMillis(), TimeUnit.MILLISECONDS);
                if (!process.isAlive()) {
                    TimeUnit.MILLISECONDS.sleep(STEP.toMillis());
                }
            }
            process.waitFor();
        }
    }
}
