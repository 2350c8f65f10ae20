package dev.parley.store.upkeep;

import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Finding.Severity;
import dev.parley.remote.Pair;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Store;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.remote.FileIntake;
import dev.parley.store.remote.FileOutbox;
import dev.parley.store.remote.IntakeState;
import dev.parley.store.remote.OutboxHead;
import dev.parley.store.remote.OutboxName;
import dev.parley.store.remote.PairUpkeep;
import dev.parley.store.remote.RemoteNote;
import dev.parley.store.upkeep.Scan.Entry;
import dev.parley.trace.DamagedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks through what is on its way to other machines and has come from them. A message that waits is never set aside as long as it
 * can be read.
 */
final class RemoteScan {

    /** What a person does who has no copy. */
    private static final String WITHOUT_COPY =
            "; if there is none, move this directory out of the store: what waits in it" + " has to be written again";

    private final Scan scan;
    private final Store store;
    private final Set<MessageId> inOutbox = new HashSet<>();
    private int waiting;

    RemoteScan(Scan scan, Store store) {
        this.scan = scan;
        this.store = store;
    }

    void run() throws IOException {
        outbox();
        for (Entry entry : scan.entries(store.home().resolve(FileIntake.DIRECTORY))) {
            if (!FileIntake.isName(entry.name())) {
                scan.setAside(Severity.WARNING, entry.path(), "is not named after two sessions and an epoch");
            } else if (scan.isA(Kind.DIRECTORY, entry)) {
                intake(entry);
            }
        }
        for (String directory : RemoteNote.DIRECTORIES) {
            notes(directory);
        }
    }

    private void outbox() throws IOException {
        Path outbox = store.home().resolve(FileOutbox.DIRECTORY);
        for (Entry entry : scan.entries(outbox)) {
            if (entry.name().equals(FileOutbox.RUNG)) {
                if (scan.isA(Kind.DIRECTORY, entry)) {
                    rung(entry);
                }
            } else if (FileOutbox.isKey(entry.name())) {
                if (scan.isA(Kind.DIRECTORY, entry)) {
                    pair(entry);
                }
            } else {
                note(FileOutbox.DIRECTORY, entry);
            }
        }
        if (waiting > 0 && scan.isAbsent(store.home().resolve("hub"))) {
            scan.addWithoutCure(
                    Severity.WARNING,
                    outbox,
                    "holds " + waiting + " messages to other machines, and this one has joined no team",
                    "'parley hub status' says whom they are for; they go out when this machine joins the team again");
        }
    }

    private void rung(Entry rung) throws IOException {
        for (Entry entry : scan.files(rung.path())) {
            if (!FileOutbox.isKey(entry.name())) {
                scan.setAside(Severity.WARNING, entry.path(), "is not named after two sessions");
            }
        }
    }

    private void pair(Entry pair) throws IOException {
        // Listed before the head is read: what leaves in between is settled by what that says.
        List<OutboxName> names = new ArrayList<>();
        List<Entry> others = new ArrayList<>();
        for (Entry entry : scan.entries(pair.path())) {
            Optional<OutboxName> name = OutboxName.parse(entry.name());
            if (name.isPresent()) {
                names.add(name.get());
                inOutbox.add(name.get().message());
            } else if (!entry.name().equals(FileOutbox.HEAD)) {
                others.add(entry);
            } else if (!scan.isA(Kind.FILE, entry)) {
                return;
            }
        }
        names.sort(null);
        Path file = pair.path().resolve(FileOutbox.HEAD);
        Optional<OutboxHead> head = Optional.empty();
        try {
            Optional<byte[]> content = scan.read(file, OutboxHead.MAX_BYTES);
            if (content.isPresent()) {
                head = Optional.of(OutboxHead.decode(file, content.get()));
                requireSame(file, head.get().pair().key().equals(pair.name()));
            } else if (!names.isEmpty() && scan.isAbsent(file)) {
                headless(file, names.size(), "is not there");
            }
        } catch (DamagedException e) {
            headless(file, names.size(), "cannot be read: " + e.what());
            head = Optional.empty();
        }
        Optional<Entry> nameless = Optional.empty();
        for (Entry other : others) {
            if (nameless.isEmpty() && head.isPresent() && isOf(head.get(), other)) {
                nameless = Optional.of(other);
            } else {
                scan.setAside(Severity.WARNING, other.path(), "is no message that waits");
            }
        }
        if (head.isEmpty()) {
            waiting += names.size();
        } else {
            messages(pair.path(), head.get(), names, nameless);
        }
    }

    /** Whether that is a whole message of this pair. */
    private boolean isOf(OutboxHead head, Entry entry) throws IOException {
        if (entry.stat().kind() != Kind.FILE) {
            return false;
        }
        try {
            Optional<byte[]> content = scan.read(entry.path(), EnvelopeCodec.MAX_FILE_BYTES);
            return content.isPresent()
                    && Pair.of(head.pair().host(), EnvelopeCodec.decode(entry.path(), content.get()))
                            .equals(head.pair());
        } catch (CorruptFileException e) {
            return false;
        }
    }

    /** A message that lost its number gets the one that is missing, or the next. */
    private void renumbered(Path directory, Path file, long number) throws IOException {
        Optional<byte[]> content = scan.read(file, EnvelopeCodec.MAX_FILE_BYTES);
        if (content.isPresent()) {
            OutboxName name = new OutboxName(
                    number, EnvelopeCodec.decode(file, content.get()).id());
            scan.add(
                    Severity.ERROR,
                    file,
                    "holds a whole message to another machine, and its name does not say in which order it is sent; it waits",
                    "run 'parley check --repair': it gets the name " + name,
                    aside -> new PairUpkeep(store, new Locks(store, scan.processes())).renumber(directory, file, name));
        }
    }

    private static void requireSame(Path file, boolean isSame) throws CorruptFileException {
        if (!isSame) {
            throw new CorruptFileException(file, 0, "it is not of the two sessions that its directory is named after");
        }
    }

    private void headless(Path head, int messages, String what) {
        scan.addWithoutCure(
                Severity.ERROR,
                head,
                what + ", so nobody knows for which machine the " + messages + " messages beside it are; they wait",
                "put it back from a copy" + WITHOUT_COPY);
    }

    private void messages(Path directory, OutboxHead head, List<OutboxName> names, Optional<Entry> nameless)
            throws IOException {
        List<OutboxName> left =
                names.stream().filter(name -> name.number() > head.settled()).toList();
        waiting += left.size();
        Optional<Entry> without = nameless;
        long expected = head.settled() + 1;
        for (int i = 0; i < left.size(); i++) {
            OutboxName name = left.get(i);
            if (name.number() != expected && without.isPresent()) {
                renumbered(directory, without.get().path(), expected);
                without = Optional.empty();
            } else if (name.number() != expected) {
                scan.addWithoutCure(
                        Severity.ERROR,
                        directory,
                        "has no message of number " + expected + ", for which " + (left.size() - i)
                                + " later ones wait",
                        "put it back from a copy" + WITHOUT_COPY);
            }
            expected = name.number() + 1;
            message(directory, head, name, left.size() - i - 1, name.number() == head.settled() + 1);
        }
        if (without.isPresent()) {
            renumbered(directory, without.get().path(), expected);
        }
    }

    private void message(Path directory, OutboxHead head, OutboxName name, int behind, boolean isFirst)
            throws IOException {
        Path file = directory.resolve(name.toString());
        Optional<Entry> entry = store.disk().stat(file).map(stat -> new Entry(file, name.toString(), stat));
        if (entry.isEmpty()) {
            return;
        }
        if (entry.get().stat().kind() != Kind.FILE) {
            unreadable(directory, name, behind, isFirst, "it is no file");
            return;
        }
        scan.checkMode(file);
        try {
            Optional<byte[]> content = scan.read(file, EnvelopeCodec.MAX_FILE_BYTES);
            if (content.isPresent()) {
                Envelope envelope = EnvelopeCodec.decode(file, content.get());
                requireSame(file, Pair.of(head.pair().host(), envelope).equals(head.pair()));
                if (!envelope.id().equals(name.message())) {
                    throw new CorruptFileException(file, 0, "it holds message " + envelope.id());
                }
            }
        } catch (CorruptFileException e) {
            unreadable(directory, name, behind, isFirst, e.what());
        }
    }

    private void unreadable(Path directory, OutboxName name, int behind, boolean isFirst, String why) {
        Path file = directory.resolve(name.toString());
        String what = "a message to another machine that cannot be read: " + why + "; it cannot be sent, and " + behind
                + " later ones of the same two sessions wait behind it";
        if (!isFirst) {
            scan.addWithoutCure(
                    Severity.ERROR,
                    file,
                    what,
                    "put it back from a copy; once those before it have left, 'parley check --repair' passes it over");
            return;
        }
        scan.add(
                Severity.ERROR,
                file,
                what,
                "put it back from a copy; without one run 'parley check --repair', which sets it aside and lets the others go",
                aside -> {
                    // In this order: once it is passed over nobody looks for it.
                    new PairUpkeep(store, new Locks(store, scan.processes())).passOver(directory, name);
                    aside.move(file);
                });
    }

    private void intake(Entry directory) throws IOException {
        Path file = directory.path().resolve(FileIntake.STATE);
        List<Entry> entries = scan.entries(directory.path());
        Optional<IntakeState> state = Optional.empty();
        boolean isKnown = true;
        try {
            Optional<byte[]> content = Optional.empty();
            for (Entry entry : entries) {
                if (entry.name().equals(FileIntake.STATE)) {
                    isKnown = scan.isA(Kind.FILE, entry);
                    content = isKnown ? scan.read(file, IntakeState.MAX_BYTES) : content;
                }
            }
            if (content.isPresent()) {
                state = Optional.of(IntakeState.decode(file, content.get()));
                requireSame(
                        file,
                        directory
                                .name()
                                .equals(state.get().pair().key() + "-"
                                        + state.get().epoch()));
            }
        } catch (DamagedException e) {
            isKnown = false;
            numberless(file, "cannot be read: " + e.what());
        }
        for (Entry entry : entries) {
            if (IntakeState.isStage(entry.name())) {
                if (isKnown) {
                    stage(
                            file,
                            entry,
                            state.filter(it -> it.stages().contains(entry.name()))
                                    .isPresent());
                }
            } else if (!entry.name().equals(FileIntake.STATE)) {
                scan.setAside(Severity.WARNING, entry.path(), "is nothing that comes in");
            }
        }
    }

    private void numberless(Path state, String what) {
        scan.add(
                Severity.ERROR,
                state,
                what + ", so no mail of these two sessions comes in",
                "run 'parley check --repair': it is set aside, and the sender's machine sends again what has not come",
                aside -> aside.move(state));
    }

    private void stage(Path state, Entry stage, boolean isNamed) throws IOException {
        if (!isNamed) {
            if (StoreSweep.isOld(store, stage.stat())) {
                scan.litter(stage.path(), "was begun and never finished");
            }
            return;
        }
        String why = "it is no file";
        if (stage.stat().kind() == Kind.FILE) {
            scan.checkMode(stage.path());
            try {
                Optional<byte[]> content = scan.read(stage.path(), EnvelopeCodec.MAX_FILE_BYTES);
                if (content.isPresent()) {
                    EnvelopeCodec.decode(stage.path(), content.get());
                }
                return;
            } catch (CorruptFileException e) {
                why = e.what();
            }
        }
        scan.add(
                Severity.ERROR,
                stage.path(),
                "a message of another machine that cannot be read: " + why
                        + "; nobody was told that it has come, and later" + " ones wait behind it",
                "run 'parley check --repair': it is set aside, and the sender's machine sends it again",
                aside -> {
                    // In this order: what no state names is litter.
                    aside.move(state);
                    aside.move(stage.path());
                });
    }

    private void notes(String directory) throws IOException {
        Set<MessageId> sent = new HashSet<>();
        List<Entry> told = new ArrayList<>();
        for (Entry entry : scan.entries(store.home().resolve(directory))) {
            RemoteNote.sentAs(entry.name()).ifPresent(sent::add);
            if (RemoteNote.progressOf(entry.name()).isPresent()) {
                told.add(entry);
            }
            note(directory, entry);
        }
        for (Entry entry : told) {
            RemoteNote.progressOf(entry.name())
                    .filter(message -> !sent.contains(message) && !inOutbox.contains(message))
                    .filter(message -> StoreSweep.isOld(store, entry.stat()))
                    .ifPresent(message -> scan.litter(entry.path(), "tells of a message that is no longer kept"));
        }
    }

    private void note(String directory, Entry entry) throws IOException {
        if (RemoteNote.isBegun(entry.name())) {
            if (StoreSweep.isOld(store, entry.stat())) {
                scan.litter(entry.path(), "was begun and never finished");
            }
            return;
        }
        Optional<RemoteNote> note = RemoteNote.of(directory, entry.name());
        if (note.isEmpty()) {
            scan.setAside(Severity.WARNING, entry.path(), "is not named as what is in '" + directory + "' can be");
        } else if (scan.isA(Kind.FILE, entry)) {
            try {
                Optional<byte[]> content = scan.read(entry.path(), note.get().maxBytes());
                content.flatMap(bytes -> note.get().flaw(entry.path(), bytes))
                        .ifPresent(why -> flawed(entry, note.get(), why));
            } catch (CorruptFileException e) {
                flawed(entry, note.get(), e.what());
            }
        }
    }

    private void flawed(Entry entry, RemoteNote note, String why) {
        scan.setAside(Severity.WARNING, entry.path(), "cannot be read: " + why + "; " + note.loss());
    }
}
