package dev.parley.setup;

import dev.parley.setup.Journal.Entry;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
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
            List<Change> more = overtaken();
            for (int round = 1; round < ROUNDS && !more.isEmpty(); round++) {
                replace(more, note);
                more = overtaken();
            }
            for (Change each : more) {
                giveUp(each);
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
            try {
                note.of(each.change(), each.after()).ifPresent(entry -> journal.put(file, entry));
            } catch (NotEditableException e) {
                throw each.change().refused(e);
            }
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

    /** Keeps what is nowhere else, and says where and why. */
    private void keepForUser(Path file, Content content, String why) throws IOException {
        warnings.add(file + " was written by another program in the very moment in which setup replaced it, and what it"
                + " wrote " + why + "; it is kept in " + journal.keepForUser(content));
    }

    /** Says what a client that goes on writing has left undone. */
    private void giveUp(Change change) throws IOException {
        Content base = change.draft().base();
        if (base.equals(change.before().content())) {
            warnings.add(change.file() + " is replaced by another program again and again, and does not have all that"
                    + " setup changed there; run it again");
        } else {
            keepForUser(change.file(), base, "could not be put back, since it goes on writing");
        }
    }

    /** What has to be done again, since a client wrote at the same moment: its text with Parley's change. */
    private List<Change> overtaken() throws IOException {
        List<Change> again = new ArrayList<>();
        for (Lost each : lost) {
            Change change = each.by().change();
            try {
                Draft draft = change.again().of(each.content());
                again.add(new Change(ConfigFile.look(change.file()), draft, false, change.again()));
            } catch (NotEditableException e) {
                keepForUser(change.file(), each.content(), String.valueOf(e.getMessage()));
            }
        }
        lost.clear();
        // Of a file that was replaced more than once, the last time counts.
        Map<Path, Replacement> last = new LinkedHashMap<>();
        done.forEach(each -> last.put(each.change().file(), each));
        again.forEach(change -> last.remove(change.file()));
        for (Replacement each : last.values()) {
            overtaken(each).ifPresent(again::add);
        }
        return again;
    }

    private static Optional<Change> overtaken(Replacement replacement) throws IOException {
        Change change = replacement.change();
        try {
            if (!replacement.isOvertaken()) {
                return Optional.empty();
            }
            ConfigFile now = ConfigFile.look(change.file());
            Draft draft = change.again().of(now.content());
            return draft.isUnchanged() ? Optional.empty() : Optional.of(new Change(now, draft, false, change.again()));
        } catch (NotEditableException e) {
            throw change.refused(e);
        }
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
                left.add(each.change().file() + " (" + Why.of(e) + ")");
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
            what = "every file is as it was, but the journal cannot be written: " + Why.of(e);
        }
        List<String> said = new ArrayList<>(List.of(Why.of(cause), what));
        said.addAll(warnings);
        return new IOException(String.join("; ", said), cause);
    }
}
