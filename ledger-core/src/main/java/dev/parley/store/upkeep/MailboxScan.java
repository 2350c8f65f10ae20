package dev.parley.store.upkeep;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Finding.Severity;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.CorruptFileException;
import dev.parley.store.Disk.Kind;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.mailbox.ClaimName;
import dev.parley.store.mailbox.EnvelopeCodec;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.mailbox.MessageName;
import dev.parley.store.upkeep.Scan.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Looks through {@code mailbox/}: names, content, claims of the dead, messages that are there twice or not recorded. */
final class MailboxScan {

    private final Scan scan;
    private final Store store;
    private final SessionId session;
    private final Copies copies;
    private final Path root;
    private final Path waiting;

    MailboxScan(Scan scan, Store store, SessionId session, Copies copies) {
        this.scan = scan;
        this.store = store;
        this.session = session;
        this.copies = copies;
        this.root = store.session(session);
        this.waiting = Part.NEW.in(root);
    }

    void run() throws IOException {
        for (Entry entry : scan.entries(waiting)) {
            message(waiting, entry).ifPresent(id -> copies.addUnproven(id, entry.path()));
        }
        for (Entry claim : scan.directories(Part.CUR.in(root))) {
            Optional<ClaimName> name = ClaimName.parse(claim.name());
            if (name.isEmpty()) {
                foreignClaim(claim);
            } else {
                claim(claim, name.get());
            }
        }
        for (Entry claim : scan.directories(Part.SHOWN.in(root))) {
            if (ClaimName.parse(claim.name()).isEmpty()) {
                scan.setAside(Severity.WARNING, claim.path(), "is no claim");
            }
            for (Entry entry : scan.entries(claim.path())) {
                message(claim.path(), entry).ifPresent(id -> copies.addShown(id, entry.path()));
            }
        }
        for (Entry entry : scan.entries(Part.CORRUPT.in(root))) {
            alreadySetAside(entry);
        }
        for (Entry entry : scan.files(Part.TMP.in(root))) {
            if (StoreSweep.isOld(store, entry.stat())) {
                scan.litter(entry.path(), "was begun and never finished");
            }
        }
        copies.unproven().forEach(this::compare);
    }

    /** The id of a message that is as it should be; reports any other. */
    private Optional<String> message(Path directory, Entry entry) throws IOException {
        Path file = entry.path();
        Optional<MessageName> name = MessageName.parse(entry.name());
        if (entry.stat().kind() != Kind.FILE && name.isPresent()) {
            damaged(directory, file, name.get(), "it is no file");
            return Optional.empty();
        }
        if (!scan.isA(Kind.FILE, entry)) {
            return Optional.empty();
        }
        try {
            Optional<byte[]> content = scan.read(file, EnvelopeCodec.MAX_FILE_BYTES);
            if (content.isEmpty()) {
                return Optional.empty();
            }
            Envelope envelope = EnvelopeCodec.decode(file, content.get());
            if (name.filter(n -> n.names(envelope)).isEmpty()) {
                misnamed(file, envelope);
                return Optional.empty();
            }
            return Optional.of(envelope.id().value());
        } catch (CorruptFileException e) {
            if (name.isEmpty()) {
                scan.setAside(Severity.WARNING, file, "is no message");
            } else {
                damaged(directory, file, name.get(), e.what());
            }
            return Optional.empty();
        }
    }

    private void damaged(Path directory, Path file, MessageName name, String why) {
        scan.add(
                Severity.ERROR,
                file,
                "a message that cannot be read: " + why,
                "run 'parley check --repair': it is set aside, and made again if the ledger has it",
                aside -> {
                    aside.move(file);
                    if (!copies.isInMailbox(name.messageId().value())) {
                        copies.restoreMessage(name, directory);
                    }
                });
    }

    private void misnamed(Path file, Envelope envelope) {
        scan.add(
                Severity.ERROR,
                file,
                "holds the whole message " + envelope.id() + ", which its name does not say",
                "run 'parley check --repair': it goes back to the waiting mail, marked as redelivered",
                aside -> {
                    if (copies.isInMailbox(envelope.id().value())) {
                        aside.move(file);
                    } else {
                        store.disk()
                                .rename(
                                        file,
                                        waiting.resolve(MessageName.redelivering(envelope)
                                                .toString()));
                        store.tellOfMail(session);
                        store.disk().forceDirectory(waiting);
                    }
                });
    }

    private void foreignClaim(Entry claim) {
        scan.add(
                Severity.ERROR,
                claim.path(),
                "is no claim, so what it holds is never given back",
                "run 'parley check --repair': messages in it go back, marked as redelivered, the rest is set aside",
                aside -> {
                    giveBack(claim.path());
                    aside.move(claim.path());
                });
    }

    private void giveBack(Path directory) throws IOException {
        for (Entry entry : scan.entries(directory)) {
            Optional<MessageName> name = MessageName.parse(entry.name());
            if (name.isPresent() && entry.stat().kind() == Kind.FILE) {
                store.disk()
                        .rename(
                                entry.path(),
                                waiting.resolve(name.get().marked().toString()));
            }
        }
        store.tellOfMail(session);
        store.disk().forceDirectory(waiting);
    }

    private void claim(Entry claim, ClaimName name) throws IOException {
        List<Entry> entries = scan.entries(claim.path());
        for (Entry entry : entries) {
            message(claim.path(), entry).ifPresent(id -> copies.addUnproven(id, entry.path()));
        }
        if (scan.processes().vitality(name.token().holder()) != Vitality.ALIVE) {
            scan.add(
                    Severity.WARNING,
                    claim.path(),
                    "holds " + entries.size()
                            + " messages that a process took that has ended, without proof that they were" + " shown",
                    "they are handed over again, marked, when the session next starts; 'parley check --repair' lets them wait"
                            + " already",
                    aside -> new Mailboxes(store, scan.processes()).of(session).recover());
        }
    }

    private void alreadySetAside(Entry entry) {
        Optional<MessageName> name = MessageName.parse(entry.name());
        scan.add(
                Severity.WARNING,
                entry.path(),
                "could not be read when its turn came, and was put here",
                "run 'parley check --repair': it is set aside, and waits again if the ledger has the message",
                aside -> {
                    aside.move(entry.path());
                    if (name.isPresent()
                            && !copies.isInMailbox(name.get().messageId().value())) {
                        copies.restoreMessage(name.get(), waiting);
                    }
                });
    }

    /** A message that will be seen should be there once, and be found by its id. */
    private void compare(String id, List<Path> files) {
        // Files come from new before cur: what is handed over already stays.
        for (Path extra : files.subList(0, files.size() - 1)) {
            scan.setAside(Severity.ERROR, extra, "the same message is also at " + files.get(files.size() - 1));
        }
        if (!copies.isRecorded(id)) {
            scan.add(
                    Severity.WARNING,
                    files.get(0),
                    "is not in the ledger, so it cannot be answered by its id",
                    "run 'parley check --repair' to record it",
                    aside -> copies.restoreRecord(id));
        }
    }

    /** How many messages a session's directory holds that wait or were handed over without proof. */
    static int unproven(Scan scan, Path session) throws IOException {
        int count = messages(scan, Part.NEW.in(session));
        Path claims = Part.CUR.in(session);
        for (String claim : scan.names(claims)) {
            count += messages(scan, claims.resolve(claim));
        }
        return count;
    }

    private static int messages(Scan scan, Path directory) throws IOException {
        return (int) scan.names(directory).stream()
                .filter(name -> MessageName.parse(name).isPresent())
                .count();
    }
}
