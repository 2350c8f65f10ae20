package dev.parley.setup;

import dev.parley.setup.Journal.Original;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Plans and carries out what has to change in the clients' configuration. */
public final class Setup {

    /** The clients that setup knows. */
    public static final List<String> CLIENTS = List.of("claude-code", "codex");

    private static final Map<String, String> PROGRAMS = Map.of("claude-code", "claude", "codex", "codex");

    private final List<ClientSetup> clients = new ArrayList<>();
    private final Path home;

    /**
     * Looks for the clients.
     *
     * @param home the store's directory, where back-ups go; it need not exist as long as nothing is carried out
     * @param only the clients to set up, found or not; empty for all that are found
     * @param trust whether to tell Codex that our hooks are trusted
     */
    public Setup(Places places, Path home, Set<String> only, boolean trust) {
        this.home = home;
        for (String client : CLIENTS) {
            Optional<ClientProgram> program =
                    ClientProgram.find(PROGRAMS.getOrDefault(client, client), places.environment());
            if (only.isEmpty() ? program.isPresent() : only.contains(client)) {
                clients.add(
                        client.equals("codex")
                                ? new CodexSetup(places, program, trust)
                                : new ClaudeCodeSetup(places, program));
            }
        }
    }

    /**
     * A client that is set up.
     *
     * @param name its name
     * @param program its program, if it was found
     */
    public record Found(String name, Optional<ClientProgram> program) {}

    /** The clients that are set up. */
    public List<Found> clients() {
        return clients.stream()
                .map(client -> new Found(client.client(), client.program()))
                .toList();
    }

    /**
     * One file that would change.
     *
     * @param file which
     * @param before its text; empty if it does not exist
     * @param after its text then; empty if it is deleted
     * @param deleted whether the file goes
     */
    public record Change(Path file, String before, String after, boolean deleted) {

        /** The difference, in the unified form. */
        public String diff() {
            return Diff.unified(file.toString(), before, after);
        }
    }

    /**
     * What installing would change; empty if all is as it should be. Nothing is changed.
     *
     * @throws IOException if a file cannot be read or is not what its client would accept
     */
    public List<Change> plan() throws IOException {
        return changes(true);
    }

    /** What undoing would change: files that are as setup left them become what they were, of others what is Parley's goes. */
    public List<Change> planUndo() throws IOException {
        return changes(false);
    }

    private List<Change> changes(boolean install) throws IOException {
        Journal journal = Journal.of(home);
        List<Change> changes = new ArrayList<>();
        for (ClientSetup client : clients) {
            for (Edit edit : client.edits()) {
                try {
                    String before = ConfigFile.read(edit.file());
                    Original after = install
                            ? new Original(true, edit.install().apply(before))
                            : original(journal, edit, before);
                    if (!after.text().equals(before) || (!after.existed() && Files.exists(edit.file()))) {
                        changes.add(new Change(edit.file(), before, after.text(), !after.existed()));
                    }
                } catch (NotEditableException e) {
                    throw new IOException(edit.file() + " " + e.getMessage() + "; nothing was changed", e);
                }
            }
        }
        return changes;
    }

    /** What a file would be without setup: exactly what it was, or, where somebody else has changed it since, without us. */
    private static Original original(Journal journal, Edit edit, String current) throws IOException {
        Optional<Original> kept = journal.original(edit.file(), current);
        if (kept.isPresent()) {
            return kept.get();
        }
        String rest = edit.remove().apply(current);
        boolean gone = rest.isEmpty() && (!current.isEmpty() || !Files.exists(edit.file()));
        return new Original(!gone, rest);
    }

    /**
     * Carries out what {@link #plan} said.
     *
     * @throws IOException if a file cannot be written, or has changed since; those before it are changed, and
     *     {@code --undo} takes that back
     */
    public void install(List<Change> changes) throws IOException {
        Journal journal = Journal.of(home);
        for (Change change : changes) {
            // What an earlier setup wrote is not what the user had.
            journal.record(change.file(), original(journal, edit(change.file()), change.before()), change.after());
            replace(change);
        }
    }

    /** Carries out what {@link #planUndo} said. */
    public void undo(List<Change> changes) throws IOException {
        Journal journal = Journal.of(home);
        for (Change change : changes) {
            replace(change);
            journal.forget(change.file());
        }
        for (ClientSetup client : clients) {
            for (Edit edit : client.edits()) {
                journal.forget(edit.file());
            }
        }
    }

    private static void replace(Change change) throws IOException {
        Optional<String> text = change.deleted() ? Optional.empty() : Optional.of(change.after());
        if (!ConfigFile.replace(change.file(), change.before(), text)) {
            throw new IOException(change.file() + " was changed by somebody else just now; run it again");
        }
    }

    private Edit edit(Path file) throws IOException {
        for (ClientSetup client : clients) {
            for (Edit edit : client.edits()) {
                if (edit.file().equals(file)) {
                    return edit;
                }
            }
        }
        throw new IllegalArgumentException(file + " is not part of this plan");
    }

    /** What the user should know after {@link #install}. */
    public List<String> notes() {
        return clients.stream().flatMap(client -> client.notes().stream()).toList();
    }

    /** Where the back-ups are. */
    public Path backups() throws IOException {
        return Journal.of(home).backups();
    }
}
