package dev.parley.setup;

import dev.parley.setup.Journal.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;

/** Changes several files, all of them or none. The journal says beforehand what is about to happen. */
final class Transaction {

    /** So often a client may write at the same moment. */
    private static final int ROUNDS = 3;

    private final Journal journal;
    private final Steps steps;
    private final List<Replacement> done = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    Transaction(Journal journal, Steps steps) {
        this.journal = journal;
        this.steps = steps;
    }

    /** What the journal is to say of a change, once the new bytes are known; empty if what it says stays. */
    interface Note {
        Optional<Entry> of(Change change, String after) throws IOException;
    }

    /** What the user should know. */
    List<String> warnings() {
        return warnings;
    }

    /**
     * Carries the changes out.
     *
     * @throws IOException if one of them cannot be; the message says which and why, and that everything is as it was, or what
     *     is not
     */
    void run(List<Change> changes, Note note) throws IOException {
        Map<String, Entry> before = journal.entries();
        try {
            replace(changes, note);
            for (int round = 1; round < ROUNDS; round++) {
                List<Change> more = overtaken();
                if (more.isEmpty()) {
                    break;
                }
                replace(more, note);
            }
        } catch (IOException | RuntimeException e) {
            throw takenBack(before, e);
        }
        for (Replacement each : done) {
            warnings.addAll(each.warnings());
            each.clean();
        }
    }

    private void replace(List<Change> changes, Note note) throws IOException {
        List<Replacement> fresh = new ArrayList<>();
        Set<Path> directories = new TreeSet<>();
        List<Path> temporary = new ArrayList<>();
        for (Change change : changes) {
            Replacement each = new Replacement(change, journal.directory(), nonce(), steps);
            fresh.add(each);
            temporary.addAll(each.temporary());
            directories.addAll(missing(
                    Objects.requireNonNull(change.file().toAbsolutePath().getParent())));
        }
        journal.announce(temporary, directories);
        steps.done("announced");
        for (Path directory : directories) {
            Replacement.makeDirectory(directory);
            steps.done("made " + directory.getFileName());
        }
        for (Replacement each : fresh) {
            done.add(each);
            each.prepare();
        }
        for (Replacement each : fresh) {
            Path file = each.change().file();
            note.of(each.change(), each.after()).ifPresent(entry -> journal.put(file, entry));
            if (!each.torn().isEmpty()) {
                journal.tear(file, each.torn());
            }
            steps.done("kept " + file.getFileName());
        }
        journal.write();
        steps.done("written down");
        for (Replacement each : fresh) {
            Optional<Content> lost = each.commit();
            if (lost.isPresent()) {
                this.lost.add(new Lost(each, lost.get()));
            }
        }
    }

    private final List<Lost> lost = new ArrayList<>();

    /** What somebody wrote into a file that was being replaced. */
    private record Lost(Replacement by, Content content) {}

    /** What has to be done again, since a client wrote at the same moment: its text with our change. */
    private List<Change> overtaken() throws IOException {
        List<Change> again = new ArrayList<>();
        for (Lost each : lost) {
            Change change = each.by().change();
            try {
                Draft draft = change.again().of(each.content());
                again.add(new Change(ConfigFile.look(change.file()), draft, false, change.again()));
            } catch (NotEditableException e) {
                String kept = journal.keep(Draft.unchanged(each.content()));
                warnings.add(
                        change.file() + " was written by another program in the very moment in which setup replaced"
                                + " it, and what it wrote " + e.getMessage() + "; it is kept in "
                                + journal.backups().resolve(kept));
            }
        }
        lost.clear();
        Set<Path> seen = new LinkedHashSet<>();
        again.forEach(change -> seen.add(change.file()));
        for (Replacement each : List.copyOf(done)) {
            if (seen.add(each.change().file()) && each.isOvertaken() && isLast(each)) {
                ConfigFile now = ConfigFile.look(each.change().file());
                Draft draft = each.change().again().of(now.content());
                if (!draft.isUnchanged()) {
                    again.add(new Change(now, draft, false, each.change().again()));
                }
            }
        }
        return again;
    }

    private boolean isLast(Replacement replacement) {
        return done.stream()
                        .filter(each ->
                                each.change().file().equals(replacement.change().file()))
                        .reduce((first, second) -> second)
                        .orElseThrow()
                == replacement;
    }

    /** The directories that are not there, parents first. */
    private static List<Path> missing(Path directory) {
        List<Path> missing = new ArrayList<>();
        for (Path at = directory; at != null && !Files.exists(at, LinkOption.NOFOLLOW_LINKS); at = at.getParent()) {
            missing.add(at);
        }
        Collections.reverse(missing);
        return missing;
    }

    private static String nonce() {
        byte[] random = new byte[6];
        ThreadLocalRandom.current().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    private IOException takenBack(Map<String, Entry> before, Exception cause) {
        List<String> left = new ArrayList<>();
        List<Replacement> backwards = new ArrayList<>(done);
        Collections.reverse(backwards);
        for (Replacement each : backwards) {
            try {
                each.takeBack();
                each.clean();
            } catch (IOException e) {
                left.add(each.change().file() + " (" + e.getMessage() + ")");
            }
        }
        String what = "nothing was changed";
        try {
            if (left.isEmpty()) {
                journal.resetTo(before);
            } else {
                what = "could not be taken back: " + String.join(", ", left) + "; 'parley setup --undo' tries it again";
            }
        } catch (IOException e) {
            what = "every file is as it was, but the journal cannot be written: " + e.getMessage();
        }
        return new IOException(cause.getMessage() + "; " + what, cause);
    }
}
