package dev.parley.store.upkeep;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.SessionId;
import dev.parley.lock.GuardedValue;
import dev.parley.office.Finding.Severity;
import dev.parley.store.Checksummed;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.peer.CardCodec;
import dev.parley.store.upkeep.Scan.Entry;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Looks through one session's directory. */
final class SessionScan {

    private static final String MAILBOX = Part.MAILBOX.fileName();
    private static final String CARD = Part.CARD.fileName();
    private static final String MOVED_TO = Part.MOVED_TO.fileName();
    private static final Set<String> OF_MAILBOX = names(Part::isOfMailbox);
    private static final Set<String> FILES = names(part -> !part.isDirectory());
    private static final Set<String> DIRECTORIES = names(part -> part.isDirectory() && !part.isOfMailbox());
    private static final Set<String> ACTIVITIES = Set.of("busy", "asks", "idle", "held", "ended");

    /** A file about to be put in place by a hook, or a card that was replaced because it could not be read. */
    static final Pattern LEFT =
            Pattern.compile("(session\\.json|moved_to)\\.h\\d+\\.tmp|session\\.json\\.corrupt-[0-9a-z]{16}");

    private final Scan scan;
    private final Store store;
    private final SessionId session;
    private final Path root;

    SessionScan(Scan scan, Store store, SessionId session) {
        this.scan = scan;
        this.store = store;
        this.session = session;
        this.root = store.session(session);
    }

    private static Set<String> names(Predicate<Part> which) {
        return Arrays.stream(Part.values()).filter(which).map(Part::fileName).collect(Collectors.toUnmodifiableSet());
    }

    void run() throws IOException {
        Map<String, Entry> entries = scan.byName(root);
        if (entries.isEmpty()) {
            scan.litter(root, "an empty directory: a registration that was cut short");
            return;
        }
        if (!entries.containsKey(MAILBOX) && !entries.containsKey(CARD)) {
            scan.setAside(Severity.WARNING, root, "is no session: it has neither mailbox nor card");
            return;
        }
        for (Entry entry : entries.values()) {
            entry(entry);
        }
        parts(entries.containsKey(CARD));
        if (entries.containsKey(CARD)) {
            card(entries.get(CARD));
        } else if (MailboxScan.unproven(scan, root) > 0 && !entries.containsKey(MOVED_TO)) {
            scan.addWithoutCure(
                    Severity.WARNING,
                    root,
                    "has mail but no card, so nobody can find it",
                    "start that session again, or delete the directory");
        }
        activity();
        values();
        Copies copies = new Copies(store, session);
        new LedgerScan(scan, store, session, copies).run();
        new MailboxScan(scan, store, session, copies).run();
        new AsksScan(scan, store, session).run();
    }

    private void entry(Entry entry) throws IOException {
        if (FILES.contains(entry.name())) {
            scan.isA(Kind.FILE, entry);
        } else if (DIRECTORIES.contains(entry.name())) {
            scan.isA(Kind.DIRECTORY, entry);
        } else if (LEFT.matcher(entry.name()).matches()) {
            scan.litter(entry.path(), "is not in use");
        } else {
            scan.setAside(Severity.WARNING, entry.path(), "is no part of a session");
        }
    }

    /** Every session with a card has all of its directories: they are made first. */
    private void parts(boolean registered) throws IOException {
        for (Entry entry : scan.entries(Part.MAILBOX.in(root))) {
            if (!OF_MAILBOX.contains(entry.name())) {
                scan.setAside(Severity.WARNING, entry.path(), "is no part of a mailbox");
            } else {
                scan.isA(Kind.DIRECTORY, entry);
            }
        }
        for (Part part : Part.made()) {
            Path path = part.in(root);
            if (registered && isMissing(path)) {
                scan.add(
                        Severity.ERROR,
                        path,
                        "is missing",
                        "start that session again, or run 'parley check --repair' to make it",
                        aside -> store.makeSession(session));
            }
        }
    }

    private boolean isMissing(Path path) throws IOException {
        try {
            return store.disk().stat(path).isEmpty();
        } catch (IOException e) {
            // Something above it is no directory, which is reported of that.
            return false;
        }
    }

    private void card(Entry entry) throws IOException {
        if (entry.stat().kind() != Kind.FILE) {
            return;
        }
        try {
            Optional<byte[]> content = scan.read(entry.path(), CardCodec.MAX_BYTES);
            if (content.isPresent()) {
                CardCodec.decode(entry.path(), content.get(), session);
            }
        } catch (CorruptFileException e) {
            scan.setAside(
                    Severity.ERROR,
                    entry.path(),
                    "a card that cannot be read, so nobody finds the session until it starts again: " + e.what());
        }
    }

    /** What these say only makes wakes and starts rarer, so without them nothing is lost. */
    private void values() throws IOException {
        value(Part.WAKES.in(root));
        value(Part.RESUMES.in(root));
    }

    private void value(Path file) throws IOException {
        try {
            Optional<byte[]> content = scan.read(file, GuardedValue.MAX_BYTES);
            if (content.isPresent()) {
                Checksummed.decode(file, content.get());
            }
        } catch (CorruptFileException e) {
            scan.setAside(Severity.WARNING, file, "cannot be read: " + e.what());
        } catch (FileSystemException e) {
            // It is no file, which has been reported.
            store.trace().event(Event.WAKES_UNREADABLE, Map.of("session", session.value(), "reason", e.toString()));
        }
    }

    private void activity() throws IOException {
        Path file = store.activity(session);
        try {
            Optional<byte[]> content = scan.read(file, 256);
            String word = new String(content.orElse(new byte[0]), US_ASCII).strip();
            if (content.isPresent() && !ACTIVITIES.contains(word)) {
                scan.setAside(Severity.WARNING, file, "says nothing of what its session does");
            }
        } catch (CorruptFileException e) {
            scan.setAside(Severity.WARNING, file, "says nothing of what its session does");
        } catch (FileSystemException e) {
            // It is no file, which has been reported.
            store.trace().event(Event.ACTIVITY_UNREADABLE, Map.of("session", session.value(), "reason", e.toString()));
        }
    }
}
