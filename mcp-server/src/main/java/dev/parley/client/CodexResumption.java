package dev.parley.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.parley.address.SessionId;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Binding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Codex'. Whoever has loaded a thread holds a lock on a file named after it, and Codex itself refuses a second one. It resolves
 * the sandbox anew when it resumes, so that is always given.
 */
final class CodexResumption implements Resumption {

    /** The sandboxes that a session is given back. */
    static final Set<String> SANDBOXES = Set.of("read-only", "workspace-write");
    /** Where none is. */
    static final String SAFE_SANDBOX = "read-only";

    private static final Set<String> APPROVALS = Set.of("untrusted", "on-request");
    private static final String SAFE_APPROVAL = "on-request";
    private static final String FULL = "danger-full-access";
    private static final String NEVER = "never";
    private static final int MAX_QUOTED = 160;
    private static final Path PROC_LOCKS = Path.of("/proc/locks");
    private static final String LOOK =
            "close the terminal that shows it; a thread stays loaded in the daemon for a minute after that";

    @Override
    public Command command(Manner manner, SessionId own, Binding binding) {
        List<String> notes = new ArrayList<>();
        String sandbox = restored("sandbox", binding.sandbox().orElse(""), SANDBOXES, SAFE_SANDBOX, notes);
        if (manner == Manner.HEADLESS) {
            notes.add("what would ask for permission is denied");
            return new Command(
                    List.of(
                            "exec",
                            "resume",
                            "--json",
                            "--skip-git-repo-check",
                            "-c",
                            "sandbox_mode=\"" + sandbox + "\"",
                            own.value(),
                            "-"),
                    notes);
        }
        String approval = restored("approval", binding.permissionMode().orElse(""), APPROVALS, SAFE_APPROVAL, notes);
        return new Command(List.of("resume", "-s", sandbox, "-a", approval, own.value()), notes);
    }

    /** A hook's word alone says nothing: of whatever runs without a terminal it is the one of a bypass. */
    @Override
    public Optional<String> withheld(Binding binding) {
        return binding.sandbox()
                .filter(FULL::equals)
                .map(sandbox -> "its sandbox was " + sandbox)
                .or(() ->
                        binding.permissionMode().filter(NEVER::equals).map(mode -> "its approval policy was " + mode));
    }

    /** Without a terminal its approval policy is always {@code never}, which nobody chose. */
    @Override
    public Binding chosen(Binding unattended) {
        return Binding.ofTurns(Optional.empty(), unattended.sandbox(), unattended.model());
    }

    /** A turn ends with {@code {"type":"turn.completed","usage":{"input_tokens","output_tokens"}}}; what that costs it does not say. */
    @Override
    public Optional<String> cost(JsonNode line) {
        JsonNode usage = line.path("usage");
        return line.path("type").asString("").equals("turn.completed") && usage.isObject()
                ? Optional.of(usage.path("input_tokens").asLong(0) + "+"
                        + usage.path("output_tokens").asLong(0) + "_tokens")
                : Optional.empty();
    }

    private static String restored(String what, String seen, Set<String> restored, String safe, List<String> notes) {
        if (restored.contains(seen)) {
            return seen;
        }
        notes.add(
                seen.isEmpty()
                        ? "its " + what + " was never seen: it goes on with " + safe
                        : "its " + what + " " + PlainText.quoted(seen, MAX_QUOTED)
                                + " is not restored: it goes on with " + safe);
        return safe;
    }

    @Override
    public Ownership owner(SessionId own, Place place) throws IOException {
        return owner(own, place.configHome().resolve("thread-writer-locks"), PROC_LOCKS);
    }

    /**
     * Who holds a thread's lock. The lock itself is not touched.
     *
     * @param directory where the locks are
     * @param table as proc(5) describes {@code /proc/locks}
     */
    static Ownership owner(SessionId own, Path directory, Path table) throws IOException {
        if (!Files.isDirectory(directory)) {
            return Ownership.unknown(
                    "there is no " + directory + ", where Codex since 0.147 says who has loaded which thread",
                    "see that no Codex shows it, and resume it by hand: codex resume " + own);
        }
        Path lock = directory.resolve(own + ".lock");
        String inode;
        try {
            inode = Files.getAttribute(lock, "unix:ino").toString();
        } catch (NoSuchFileException e) {
            return Ownership.nobody("there is no lock " + lock);
        } catch (UnsupportedOperationException e) {
            return Ownership.unknown("this system does not tell who holds " + lock, LOOK);
        }
        List<String> lines;
        try (Stream<String> stream = Files.lines(table, ISO_8859_1)) {
            lines = stream.toList();
        } catch (IOException | UncheckedIOException e) {
            return Ownership.unknown("who holds " + lock + " cannot be told: " + table + " cannot be read", LOOK);
        }
        for (String line : lines) {
            Matcher held = CodexHost.HELD.matcher(line);
            if (held.matches() && held.group(2).equals(inode)) {
                return Ownership.somebody("process " + held.group(1) + " holds its lock " + lock, LOOK);
            }
        }
        return Ownership.nobody("nobody holds its lock " + lock);
    }
}
