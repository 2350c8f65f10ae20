package dev.parley.store.upkeep;

import dev.parley.office.Finding.Severity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One pass over a store: what it has found so far, with the cure of each thing. It changes nothing.
 *
 * <p>The store is in use meanwhile, so what vanishes while it is looked at is no finding.
 */
final class Scan {

    static final String BY_REPAIR = "run 'parley check --repair' to set it aside";
    static final String BY_GC = "'parley gc' removes it";

    /** Puts one problem right. */
    @FunctionalInterface
    interface Cure {
        void apply(SetAside aside) throws IOException, InterruptedException;
    }

    /** A finding and, if there is one, its cure. */
    record Problem(FileFinding finding, Optional<Cure> cure) {}

    /** A name in a directory. */
    record Entry(Path path, String name, Disk.Stat stat) {}

    private final Store store;
    private final ProcessTable processes;
    private final List<Problem> problems = new ArrayList<>();

    Scan(Store store, ProcessTable processes) {
        this.store = store;
        this.processes = processes;
    }

    Store store() {
        return store;
    }

    ProcessTable processes() {
        return processes;
    }

    List<Problem> problems() {
        return problems;
    }

    void add(Severity severity, Path file, String what, String remedy, Cure cure) {
        problems.add(new Problem(new FileFinding(severity, file, what, remedy), Optional.of(cure)));
    }

    void addWithoutCure(Severity severity, Path file, String what, String remedy) {
        problems.add(new Problem(new FileFinding(severity, file, what, remedy), Optional.empty()));
    }

    /** Something that stands where it should not, and goes out of the way. */
    void setAside(Severity severity, Path file, String what) {
        add(severity, file, what, BY_REPAIR, aside -> aside.move(file));
    }

    /** A left-over that is swept when it is old enough. */
    void litter(Path file, String what) {
        addWithoutCure(Severity.LITTER, file, what, BY_GC);
    }

    /** The names in a directory, sorted; none if it is absent, or it or something above it is no directory. */
    List<String> names(Path directory) throws IOException {
        if (!store.hasDirectory(directory)) {
            return List.of();
        }
        try {
            return store.disk().list(directory).stream().sorted().toList();
        } catch (NoSuchFileException | NotDirectoryException e) {
            // It has gone meanwhile.
            return List.of();
        }
    }

    /** The same with a look at each, which costs one step more per name; what has gone meanwhile is left out. */
    List<Entry> entries(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (String name : names(directory)) {
            Path path = directory.resolve(name);
            store.disk().stat(path).ifPresent(stat -> entries.add(new Entry(path, name, stat)));
        }
        return entries;
    }

    /** Whether nothing has this name; what cannot be told, because something above it is no directory, counts as a no. */
    boolean isAbsent(Path path) {
        try {
            return store.disk().isAbsent(path);
        } catch (IOException e) {
            store.trace().event(Event.NOT_LOOKED_AT, Map.of("file", path.toString(), "reason", e.toString()));
            return false;
        }
    }

    /** The entries of a directory that are files; whatever else stands there is reported. */
    List<Entry> files(Path directory) throws IOException {
        return ofKind(directory, Kind.FILE);
    }

    /** The entries of a directory that are directories; whatever else stands there is reported. */
    List<Entry> directories(Path directory) throws IOException {
        return ofKind(directory, Kind.DIRECTORY);
    }

    private List<Entry> ofKind(Path directory, Kind kind) throws IOException {
        List<Entry> right = new ArrayList<>();
        for (Entry entry : entries(directory)) {
            if (isA(kind, entry)) {
                right.add(entry);
            }
        }
        return right;
    }

    /**
     * Whether an entry is what it should be; reports it otherwise. Also reports a mode that lets others in, or keeps the owner
     * out.
     */
    boolean isA(Kind kind, Entry entry) throws IOException {
        if (entry.stat().kind() != kind) {
            String should = kind == Kind.FILE ? "a file" : "a directory";
            setAside(
                    Severity.ERROR,
                    entry.path(),
                    "is " + noun(entry.stat().kind()) + " where " + should + " should be");
            return false;
        }
        checkMode(entry.path());
        return true;
    }

    void checkMode(Path path) throws IOException {
        try {
            if (!store.disk().isOwnerOnly(path)) {
                add(
                        Severity.WARNING,
                        path,
                        "its mode is not that of a file of the store: others may read it, or its owner may not",
                        "run 'parley check --repair' to set its mode",
                        aside -> store.disk().makeOwnerOnly(path));
            }
        } catch (NoSuchFileException e) {
            // It has gone meanwhile.
        }
    }

    private static String noun(Kind kind) {
        return switch (kind) {
            case FILE -> "a file";
            case DIRECTORY -> "a directory";
            case OTHER -> "a link, a pipe or a device";
        };
    }

    /** The content of a file; empty if it has gone, or cannot be read, which is reported. */
    Optional<byte[]> read(Path file, int maxBytes) throws IOException {
        try {
            return Optional.of(store.disk().readFile(file, maxBytes));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            addWithoutCure(
                    Severity.ERROR,
                    file,
                    "cannot be read: permission denied",
                    "run 'parley check --repair' to set its mode");
            return Optional.empty();
        }
    }

    /** The entries by name. */
    Map<String, Entry> byName(Path directory) throws IOException {
        Map<String, Entry> named = new TreeMap<>();
        entries(directory).forEach(entry -> named.put(entry.name(), entry));
        return named;
    }
}
