package dev.parley.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.address.Ids;
import dev.parley.trace.UnavailableException;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file {@code format}: which version of the layout this directory has. */
final class StoreFormat {

    static final int VERSION = 1;

    private static final String WHOLE = "parley " + VERSION + "\n";
    private static final int MAX_BYTES = 64;
    private static final Pattern CONTENT = Pattern.compile("parley ([1-9]\\d{0,8})\n?");
    /** The file itself, and what becomes it. */
    private static final Pattern FORMAT = Pattern.compile("format(\\.[0-9a-z]{1,16}\\.tmp)?");
    /** What may stand in a home that has no {@code format} yet: a start that died half way, or a user who prepared it. */
    private static final Set<String> MAY_COME_FIRST =
            Set.of("clients", "sessions", "projects", "locks", "plugins", "setup");

    private StoreFormat() {}

    /** Checks the version, or writes it into a new store, and makes the fixed directories. */
    static void ensure(Store store) throws IOException {
        Path file = store.home().resolve("format");
        Disk disk = store.disk();
        Optional<String> content = version(store, file);
        if (content.isEmpty()) {
            refuseForeign(store);
            // Another process may have been making the same store, and be done by now.
            content = version(store, file);
        }
        if (content.isPresent()) {
            check(store, content.get());
            makeFixedDirectories(store);
            return;
        }
        makeFixedDirectories(store);
        Path fresh = store.home().resolve("format." + Ids.random() + ".tmp");
        disk.createFile(fresh, WHOLE.getBytes(US_ASCII), Disk.Sync.FORCED);
        // Several processes may come here at once: each replaces the file by one that says the same.
        disk.rename(fresh, file);
        disk.forceDirectory(store.home());
    }

    /** What the file says; empty if it has yet to be written. */
    private static Optional<String> version(Store store, Path file) throws IOException {
        return content(store, file).filter(text -> !isBegun(text) || holdsSessions(store));
    }

    /** On a full disk the file could stay empty: beside the bare beginnings of a store there is nothing to guess wrong. */
    private static boolean holdsSessions(Store store) {
        try {
            return !store.disk().list(store.sessions()).isEmpty();
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** What the file says; empty if there is none. */
    private static Optional<String> content(Store store, Path file) throws IOException {
        try {
            return Optional.of(new String(store.disk().readFile(file, MAX_BYTES), US_ASCII));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CorruptFileException e) {
            throw notAVersion(store);
        } catch (IOException e) {
            if (store.disk()
                    .stat(file)
                    .filter(stat -> stat.kind() == Disk.Kind.FILE)
                    .isEmpty()) {
                throw notAVersion(store);
            }
            throw new UnavailableException(
                    file + " cannot be read: " + Why.of(e) + "; check that it is a file and readable", e);
        }
    }

    /** What a full disk left of it, where it was not looked at before it was put in place. */
    private static boolean isBegun(String content) {
        return !CONTENT.matcher(content).matches() && WHOLE.startsWith(content);
    }

    /** Which layout it is cannot be guessed, so no repair can put this right. */
    private static UnavailableException notAVersion(Store store) {
        Path file = store.home().resolve("format");
        return new UnavailableException(
                file
                        + " does not name a version of Parley's store; if this is a Parley store, restore the file with the"
                        + " one line 'parley " + VERSION + "'",
                new CorruptFileException(file, 0, "names no version"));
    }

    private static void check(Store store, String content) throws UnavailableException {
        Matcher matcher = CONTENT.matcher(content);
        if (!matcher.matches()) {
            throw notAVersion(store);
        }
        int version = Integer.parseInt(matcher.group(1));
        if (version > VERSION) {
            throw new UnavailableException(store.home() + " was written by a newer Parley (format " + version
                    + ", this one knows " + VERSION + "); update this Parley, or set PARLEY_HOME to another directory");
        }
    }

    private static void refuseForeign(Store store) throws IOException {
        List<String> foreign = store.disk().list(store.home()).stream()
                .filter(name -> !MAY_COME_FIRST.contains(name)
                        && !FORMAT.matcher(name).matches()
                        && !Traces.isTrace(store.home().resolve(name)))
                .sorted()
                .limit(3)
                .toList();
        if (!foreign.isEmpty()) {
            throw new UnavailableException(store.home() + " is not a Parley store (it holds "
                    + String.join(", ", foreign) + "); set PARLEY_HOME to a directory of its own");
        }
    }

    private static void makeFixedDirectories(Store store) throws IOException {
        boolean made = store.makeIfMissing(store.clients());
        made |= store.makeIfMissing(store.sessions());
        made |= store.makeIfMissing(store.locks());
        if (made) {
            store.disk().forceDirectory(store.home());
        }
    }
}
