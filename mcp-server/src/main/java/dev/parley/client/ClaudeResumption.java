package dev.parley.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.SessionId;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Binding;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Claude Code's. It has no lock on a session: a second process appends to the same transcript. So both of what it tells has to say
 * that nobody runs the session: its registry, with a file for each process, and {@code claude agents --json}.
 */
final class ClaudeResumption implements Resumption {

    private static final Set<String> RESTORED = Set.of("acceptEdits", "plan", "dontAsk", "auto", "default");
    private static final String SAFE = "default";
    private static final String BYPASS = "bypassPermissions";
    private static final int MAX_FILES = 4096;
    private static final int MOST_ANCESTORS = 64;
    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_QUOTED = 160;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Pattern DOMAIN = Pattern.compile("linux:([0-9a-f]{12})[0-9a-f]{20}:pid:\\[(\\d{1,18})]");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String LOOK = "look with 'claude agents', and end the session there or in its terminal";

    @Override
    public Command command(Manner manner, SessionId own, Binding binding) {
        List<String> notes = new ArrayList<>();
        String seen = binding.permissionMode().orElse("");
        String mode = RESTORED.contains(seen) ? seen : SAFE;
        if (seen.isEmpty()) {
            notes.add("its permission mode was never seen: it goes on in mode " + SAFE);
        } else if (!mode.equals(seen)) {
            notes.add("its permission mode " + PlainText.quoted(seen, MAX_QUOTED)
                    + " is not restored: it goes on in mode " + SAFE);
        }
        List<String> arguments = new ArrayList<>();
        if (manner == Manner.HEADLESS) {
            arguments.addAll(List.of("-p", "--output-format", "stream-json", "--verbose"));
            arguments.addAll(List.of("--permission-prompts", "none"));
            notes.add("what would ask for permission is denied");
        }
        arguments.addAll(List.of("--permission-mode", mode, "--resume", own.value()));
        return new Command(arguments, notes);
    }

    @Override
    public Ownership owner(SessionId own, Place place) throws IOException, InterruptedException {
        Ownership registered = registered(own, place.configHome().resolve("sessions"), place.processes());
        if (registered.state() == Ownership.State.SOMEBODY || place.program().isEmpty()) {
            return place.program().isPresent() || registered.state() == Ownership.State.SOMEBODY
                    ? registered
                    : Ownership.unknown(
                            "'claude' is not on the PATH, so 'claude agents' cannot be asked who runs it",
                            "install Claude Code, or put it on the PATH");
        }
        Ownership listed = listed(own, place);
        return listed.state() == Ownership.State.NOBODY ? registered : listed;
    }

    @Override
    public Optional<String> withheld(Binding binding) {
        return binding.permissionMode().filter(BYPASS::equals).map(mode -> "its permission mode was " + mode);
    }

    @Override
    public List<String> spending(long dollars) {
        return List.of("--max-budget-usd", Long.toString(dollars));
    }

    @Override
    public boolean isSpent(JsonNode line) {
        return line.path("type").asString("").equals("result")
                && line.path("subtype").asString("").equals("error_max_budget_usd");
    }

    /** The last line of its output is {@code {"type":"result","total_cost_usd"}}, which counts the session's earlier turns as well. */
    @Override
    public Optional<String> cost(JsonNode line) {
        JsonNode cost = line.path("total_cost_usd");
        return line.path("type").asString("").equals("result") && cost.isNumber()
                ? Optional.of(String.format(Locale.ROOT, "%.4f_USD_in_all", cost.asDouble(0)))
                : Optional.empty();
    }

    /** It lets its user resume what runs without a terminal, and both write into one transcript: its registry shows both. */
    @Override
    public boolean hasRival(SessionId own, ProcessIdentity ours, Place place) throws IOException {
        Path registry = place.configHome().resolve("sessions");
        int files = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(registry, "*.json")) {
            for (Path file : entries) {
                if (files++ >= MAX_FILES) {
                    throw new IOException(registry + " holds more than " + MAX_FILES + " files");
                }
                Optional<Ownership> said = said(own, file, place.processes(), pid -> isBelow(pid, ours.pid()));
                if (said.filter(one -> one.state() == Ownership.State.SOMEBODY).isPresent()) {
                    return true;
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return false;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return false;
    }

    /** Whether a process is another, or was started by it. */
    private static boolean isBelow(long pid, long other) {
        Optional<ProcessHandle> each = ProcessHandle.of(pid);
        for (int i = 0; each.isPresent() && i < MOST_ANCESTORS; i++) {
            if (each.get().pid() == other) {
                return true;
            }
            each = each.get().parent();
        }
        return false;
    }

    /** What its registry says: a file for each process, which that removes when it ends. */
    static Ownership registered(SessionId own, Path registry, ProcessTable processes) throws IOException {
        Optional<Ownership> unclear = Optional.empty();
        int files = 0;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(registry, "*.json")) {
            for (Path file : entries) {
                if (files++ >= MAX_FILES) {
                    return Ownership.unknown(registry + " holds more than " + MAX_FILES + " files", LOOK);
                }
                Optional<Ownership> said = said(own, file, processes, pid -> false);
                if (said.filter(one -> one.state() == Ownership.State.SOMEBODY).isPresent()) {
                    return said.get();
                }
                unclear = unclear.or(() -> said);
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            return Ownership.unknown("there is no " + registry + ", where Claude Code says who runs what", LOOK);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return unclear.orElseGet(() -> Ownership.nobody("no living process in " + registry + " has it"));
    }

    /** What one file says of a session; empty if nothing. */
    private static Optional<Ownership> said(SessionId own, Path file, ProcessTable processes, LongPredicate isNobody)
            throws IOException {
        JsonNode entry;
        try (InputStream in = Files.newInputStream(file)) {
            entry = JSON.readTree(in.readNBytes(MAX_BYTES));
        } catch (NoSuchFileException e) {
            // Its process has just ended.
            return Optional.empty();
        } catch (JacksonException e) {
            return Optional.of(Ownership.unknown(file + " cannot be understood, so whose it is cannot be told", LOOK));
        }
        if (!own.value().equals(entry.path("sessionId").asString(""))) {
            return Optional.empty();
        }
        long pid = entry.path("pid").asLong(0);
        if (isNobody.test(pid)) {
            return Optional.empty();
        }
        return switch (vitality(pid, entry, processes)) {
            case DEAD -> Optional.empty();
            case ALIVE -> Optional.of(Ownership.somebody("process " + pid + " runs it (" + file + ")", LOOK));
            case UNKNOWN ->
                Optional.of(Ownership.unknown(
                        file + " names process " + pid
                                + ", which is of another container or machine, or not told apart",
                        LOOK));
        };
    }

    private static Vitality vitality(long pid, JsonNode entry, ProcessTable processes) {
        Matcher domain = DOMAIN.matcher(entry.path("pidDomain").asString(""));
        long start = ProcessIdentity.number(entry.path("procStart").asString(""));
        if (pid < 1 || start < 1 || !domain.matches()) {
            return Vitality.UNKNOWN;
        }
        return processes.vitality(new ProcessIdentity(pid, start, domain.group(1) + "n" + domain.group(2)));
    }

    private static Ownership listed(SessionId own, Place place) throws IOException, InterruptedException {
        String remedy = "run 'claude agents --json' and see";
        ShortRun.Result result;
        try {
            result = ShortRun.of(
                    List.of(place.program().orElseThrow().toString(), "agents", "--json"), place.environment(), LIMIT);
        } catch (IOException e) {
            return Ownership.unknown("'claude agents --json' did not answer: " + Why.of(e), remedy);
        }
        if (result.status() != 0) {
            return Ownership.unknown(
                    "'claude agents --json' failed with " + result.status() + ": "
                            + PlainText.quoted(result.out().strip(), MAX_QUOTED),
                    remedy);
        }
        return judged(own, result.out());
    }

    /** What {@code claude agents --json} says: an array with an object for each living session. */
    static Ownership judged(SessionId own, String output) {
        JsonNode agents;
        try {
            agents = JSON.readTree(output.getBytes(UTF_8));
        } catch (JacksonException e) {
            agents = JSON.missingNode();
        }
        if (!agents.isArray()) {
            return Ownership.unknown(
                    "what 'claude agents --json' says cannot be understood", "run 'claude agents --json' and see");
        }
        for (JsonNode agent : agents) {
            if (own.value().equals(agent.path("sessionId").asString(""))) {
                return Ownership.somebody(
                        "'claude agents' lists it, in process "
                                + agent.path("pid").asString("?"),
                        LOOK);
            }
        }
        return Ownership.nobody("'claude agents' does not list it");
    }
}
