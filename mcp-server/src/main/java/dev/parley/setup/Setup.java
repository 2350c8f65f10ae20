package dev.parley.setup;

import dev.parley.client.Client;
import dev.parley.lock.Lease;
import dev.parley.lock.LockTimeoutException;
import dev.parley.session.PostOffices;
import dev.parley.session.ResumeSwitch;
import dev.parley.setup.Journal.Entry;
import dev.parley.trace.Trace;
import dev.parley.trace.UnavailableException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Plans and carries out what has to change in the clients' configuration. */
public final class Setup {

    /** The clients that setup knows. */
    public static final List<String> CLIENTS =
            ClientSetups.clients().stream().map(Client::name).toList();

    private static final String UNDO_ALL = "run 'parley setup --undo', or 'parley setup --resume=off'";
    private static final String LOCK = "setup";
    /** Longer than any setup takes; a killed one is displaced at once. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private static final Duration WAIT = Duration.ofSeconds(10);

    /** Beyond this, a text is not shown. */
    private static final long SHOWN = 1 << 20;

    private final List<ClientSetup> clients = new ArrayList<>();
    private final Places places;
    private final Path home;
    private final Steps steps;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> left = new ArrayList<>();
    /** What is of no client. */
    private final List<Edit> further = new ArrayList<>();
    /** What undo finds as it should be: there is nothing to do but to forget it. */
    private final Set<Path> forgotten = new LinkedHashSet<>();

    /**
     * Looks for the clients.
     *
     * @param home the store's directory, where back-ups go; it need not exist as long as nothing is carried out
     * @param only the clients to set up, found or not; empty for all that are found
     * @param trust whether to tell Codex that Parley's hooks are trusted
     */
    public Setup(Places places, Path home, Set<String> only, boolean trust) {
        this(places, home, only, trust, Steps.SILENT);
    }

    Setup(Places places, Path home, Set<String> only, boolean trust, Steps steps) {
        this.places = places;
        this.home = home;
        this.steps = steps;
        for (Client client : ClientSetups.clients()) {
            if (!only.isEmpty() && !only.contains(client.name())) {
                continue;
            }
            // Asks the program for its version, which takes some clients seconds.
            Optional<ClientProgram> program = ClientSetups.program(client, places);
            if (program.isPresent() || !only.isEmpty()) {
                clients.add(ClientSetups.of(client, places, program, trust));
            }
        }
    }

    /** Also says where a request may have a session resumed, or, where it undoes, takes that out again. */
    public void resume(ResumeChoice choice) {
        further.add(choice.edit(home, places.project()));
    }

    /** What there is to say if none of the clients is installed. */
    public static String noneFound() {
        return ClientSetups.clients().stream()
                .flatMap(client -> client.program().stream())
                .map(program -> "'" + program + "'")
                .collect(Collectors.joining(" nor ", "neither ", " is on the PATH"));
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
                .map(client -> new Found(client.client().name(), client.program()))
                .toList();
    }

    /**
     * Waits until no other setup is at work, and brings in order what a killed one has left. From then on nobody else
     * begins, until this is closed.
     *
     * @throws LockTimeoutException if another one is at work all the time
     */
    public Turn begin() throws IOException, InterruptedException {
        Optional<Lease> lease = Optional.empty();
        try {
            lease = Optional.of(
                    PostOffices.at(home, Trace.NONE).leases().named(LOCK, LEASE).acquire(WAIT));
        } catch (UnavailableException e) {
            // What is undone may be just that store. Its journal is used as far as it can be.
            warnings.add(e.getMessage() + "; that no other setup is at work is not known");
        }
        Turn turn = new Turn(lease);
        try {
            Journal.of(home).recover();
        } catch (IOException | RuntimeException e) {
            turn.close();
            throw e;
        }
        return turn;
    }

    /** The time in which no other setup works on the same files. */
    public static final class Turn implements AutoCloseable {

        private final Optional<Lease> lease;

        private Turn(Optional<Lease> lease) {
            this.lease = lease;
        }

        @Override
        public void close() throws IOException {
            if (lease.isPresent()) {
                lease.get().close();
            }
        }
    }

    /**
     * What installing would change; empty if all is as it should be. Nothing is changed.
     *
     * @throws IOException if a file cannot be read or is not what its client would accept
     */
    public List<Change> plan() throws IOException {
        List<Change> changes = new ArrayList<>();
        for (Edit edit : edits()) {
            try {
                ConfigFile now = ConfigFile.look(edit.file());
                Draft draft = edit.install().apply(now.content());
                if (!draft.isUnchanged()) {
                    changes.add(new Change(now, draft, false, edit.install()::apply));
                }
            } catch (NotEditableException e) {
                throw refused(edit, e);
            }
        }
        return changes;
    }

    private List<Edit> edits() {
        return Stream.concat(clients.stream().flatMap(client -> client.edits().stream()), further.stream())
                .toList();
    }

    private static IOException refused(Edit edit, NotEditableException e) {
        return new IOException(edit.file() + " " + e.getMessage() + "; nothing was changed", e);
    }

    /**
     * What undoing would change: files that are as setup left them become what they were; in others, what setup put in goes,
     * and what it replaced comes back.
     */
    public List<Change> planUndo() throws IOException {
        Journal journal = Journal.of(home);
        List<Change> changes = new ArrayList<>();
        left.clear();
        forgotten.clear();
        Set<Path> covered = new LinkedHashSet<>();
        for (Edit edit : edits()) {
            covered.add(edit.file());
            try {
                undo(edit, journal).ifPresent(changes::add);
            } catch (NotEditableException e) {
                throw refused(edit, e);
            }
        }
        journal.entries().forEach((file, entry) -> {
            if (!covered.contains(Path.of(file))) {
                left.add(file + ": "
                        + (file.equals(home.resolve(ResumeSwitch.FILE).toString()) ? UNDO_ALL : howToUndo(entry)));
            }
        });
        // A client's hooks go last: as long as they are there, it is known which of its marks of trust are Parley's.
        Collections.reverse(changes);
        return changes;
    }

    private Optional<Change> undo(Edit edit, Journal journal) throws IOException {
        Optional<Entry> entry = journal.entry(edit.file());
        boolean nowhere = Files.isSymbolicLink(edit.file()) && !Files.exists(edit.file());
        if (entry.isEmpty() && (nowhere || journal.isKnown())) {
            return Optional.empty();
        }
        ConfigFile now = ConfigFile.look(edit.file());
        Content was = journal.original(edit.file());
        Optional<Content> original = entry.map(known -> was);
        if (entry.isPresent()) {
            forgotten.add(edit.file());
            Entry then = entry.get();
            if (then.existed() == now.exists()
                    && (!then.existed() || then.before().equals(now.fingerprint()))) {
                return Optional.empty();
            }
            if (now.exists() && then.after().equals(now.fingerprint())) {
                Draft back = new Draft(was, List.of(new Draft.Kept(0, was.size())), shown(now.content()), shown(was));
                return Optional.of(new Change(
                        now, back, !then.existed(), current -> edit.remove().apply(current, original)));
            }
        }
        Draft draft = edit.remove().apply(now.content(), original);
        boolean isNew = entry.map(then -> !then.existed()).orElse(false);
        boolean gone = now.exists()
                && (draft.isEmpty() || (isNew && draft.isNothing()))
                && now.content().size() > 0;
        if (draft.isUnchanged() && !gone) {
            return Optional.empty();
        }
        return Optional.of(new Change(now, draft, gone, current -> edit.remove().apply(current, original)));
    }

    private static String shown(Content content) throws IOException {
        return content.size() <= SHOWN ? content.text() : "... (" + content.size() + " bytes)\n";
    }

    private String howToUndo(Entry entry) {
        String client = entry.client().isEmpty() ? "" : " --client " + entry.client();
        if (!entry.project().isEmpty()) {
            return "run 'parley setup --undo --scope project" + client + "' in " + entry.project();
        }
        boolean other = clients.stream().noneMatch(each -> each.client().name().equals(entry.client()));
        if (other && !client.isEmpty()) {
            return "run 'parley setup --undo" + client + "'";
        }
        return "run 'parley setup --undo' with the HOME, CLAUDE_CONFIG_DIR or CODEX_HOME that it was set up with";
    }

    /** What {@link #planUndo} does not reach, and how it is undone. */
    public List<String> left() {
        return List.copyOf(left);
    }

    /**
     * Carries out what {@link #plan} said.
     *
     * @throws IOException if a file cannot be written, or has changed since; then nothing is changed, or all is taken back
     */
    public void install(List<Change> changes) throws IOException {
        if (changes.isEmpty()) {
            return;
        }
        Journal journal = Journal.of(home);
        journal.open();
        Transaction transaction = new Transaction(journal, steps);
        transaction.run(changes, (change, after) -> Optional.of(entry(journal, change, after)));
        journal.settle();
        steps.done("settled");
        warnings.addAll(transaction.warnings());
    }

    /** What the journal is to say: what an earlier setup wrote is not what the user had. */
    private Entry entry(Journal journal, Change change, String after) throws IOException {
        ConfigFile now = change.before();
        Optional<Entry> known = journal.entry(now.file());
        Owned owned = edit(now.file());
        String client = owned.client().map(its -> its.client().name()).orElse("");
        String project = places.scope() == Scope.PROJECT ? places.project().toString() : "";
        if (known.isPresent()) {
            Entry was = known.get();
            boolean asSetUp = now.exists() && was.after().equals(now.fingerprint());
            boolean asBefore = was.existed() == now.exists()
                    && (!was.existed() || was.before().equals(now.fingerprint()));
            // Else it is made from what somebody wrote while it was being replaced.
            boolean fromIt = change.draft().base().equals(now.content());
            if (fromIt && (asSetUp || asBefore)) {
                return new Entry(was.existed(), was.before(), after, client, project);
            }
            Draft before =
                    owned.edit().remove().apply(change.draft().base(), Optional.of(journal.original(now.file())));
            boolean existed = now.exists() && (was.existed() || !before.isNothing());
            String kept = existed ? journal.keep(before) : ConfigFile.fingerprint(Content.empty());
            return new Entry(existed, kept, after, client, project);
        }
        if (now.exists() && !journal.keep(Draft.unchanged(now.content())).equals(now.fingerprint())) {
            throw new IOException(now.file() + " was changed by somebody else just now; run it again");
        }
        return new Entry(now.exists(), now.fingerprint(), after, client, project);
    }

    /** Carries out what {@link #planUndo} said; all of it, or nothing. */
    public void undo(List<Change> changes) throws IOException {
        boolean isNew = !Files.exists(home);
        Journal journal = Journal.of(home);
        Transaction transaction = new Transaction(journal, steps);
        if (!changes.isEmpty()) {
            transaction.run(changes, (change, after) -> Optional.empty());
        }
        Set<Path> files = new LinkedHashSet<>(forgotten);
        changes.forEach(change -> files.add(change.file()));
        journal.forget(files);
        if (isNew) {
            removeIfEmpty(home);
        }
        steps.done("forgotten");
        warnings.addAll(transaction.warnings());
    }

    private static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException e) {
            // It holds what is kept for the user.
            return;
        }
    }

    /** Whose edit it is. */
    private record Owned(Optional<ClientSetup> client, Edit edit) {}

    private Owned edit(Path file) {
        Stream<Owned> ofClients = clients.stream()
                .flatMap(client -> client.edits().stream().map(edit -> new Owned(Optional.of(client), edit)));
        return Stream.concat(ofClients, further.stream().map(edit -> new Owned(Optional.empty(), edit)))
                .filter(owned -> owned.edit().file().equals(file))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(file + " is not part of this plan"));
    }

    /** What the user should know after {@link #install}. */
    public List<String> notes() {
        return clients.stream().flatMap(client -> client.notes().stream()).toList();
    }

    /** What did not go as it should, though everything was carried out. */
    public List<String> warnings() {
        return List.copyOf(warnings);
    }

    /** Where the back-ups are. */
    public Path backups() throws IOException {
        return Journal.of(home).backups();
    }
}
