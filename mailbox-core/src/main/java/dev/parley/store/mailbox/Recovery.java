package dev.parley.store.mailbox;

import dev.parley.mailbox.Batch.Seen;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** Returns messages from claims to the waiting ones. */
final class Recovery {

    /**
     * A token without the start of its process (a hook may not know it) names any process that ever has that number. A
     * hand-over is proven within a turn, so after this long the number says nothing any more.
     */
    private static final Duration UNDATED_LIFE = Duration.ofHours(1);

    private final Maildir maildir;
    private final ProcessTable processes;
    private final Store store;

    Recovery(Maildir maildir, ProcessTable processes) {
        this.maildir = maildir;
        this.processes = processes;
        this.store = maildir.store();
    }

    /**
     * Returns, marked, what takers that are not known to live have claimed.
     *
     * @return how many messages
     * @throws IOException if a claim could not be returned; all others have been
     */
    int run() throws IOException {
        int returned = 0;
        Optional<IOException> failure = Optional.empty();
        for (String entry : maildir.claimsIn(maildir.claims())) {
            Optional<ClaimName> claim = ClaimName.parse(entry);
            Path directory = maildir.claims().resolve(entry);
            try {
                if (claim.isPresent() && isAbandoned(claim.get(), directory)) {
                    returned += putBack(maildir, directory, Seen.PERHAPS);
                }
            } catch (IOException e) {
                failure.ifPresent(e::addSuppressed);
                failure = Optional.of(e);
            }
        }
        if (returned > 0) {
            store.trace()
                    .event(
                            Event.HAND_OVER_UNPROVEN,
                            Map.of("session", maildir.session().value(), "messages", returned));
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
        return returned;
    }

    private boolean isAbandoned(ClaimName claim, Path directory) throws IOException {
        ProcessIdentity taker = claim.token().holder();
        if (processes.vitality(taker) != Vitality.ALIVE) {
            return true;
        }
        if (taker.start() != 0) {
            return false;
        }
        Optional<Disk.Stat> stat = store.disk().stat(directory);
        return stat.isPresent()
                && Math.abs(store.clock().millis() - stat.get().modifiedMillis()) > UNDATED_LIFE.toMillis();
    }

    /**
     * Returns every message of a claim, oldest first, and removes the claim. Safe to repeat, and to run twice at once.
     *
     * @return how many messages
     */
    static int putBack(Maildir maildir, Path claim, Seen seen) throws IOException {
        int returned = 0;
        Store store = maildir.store();
        try {
            for (MessageName name : maildir.names(claim)) {
                String back = (seen == Seen.NO ? name : name.marked()).toString();
                try {
                    store.disk()
                            .rename(
                                    claim.resolve(name.toString()),
                                    maildir.waiting().resolve(back));
                } catch (NoSuchFileException e) {
                    // Another recovery has it.
                    continue;
                }
                returned++;
                store.follow(maildir.session(), Part.NEW, back);
            }
        } finally {
            if (returned > 0) {
                store.tellOfMail(maildir.session());
            }
        }
        try {
            store.disk().deleteDirectory(claim);
        } catch (NoSuchFileException e) {
            // Another recovery has removed it, or it was never made.
        } catch (FileSystemException e) {
            // Something stands in it that is no message; 'parley check' finds it.
            store.trace().event(Event.CLAIM_LEFT, Map.of("claim", claim.toString(), "reason", e.toString()));
        }
        return returned;
    }
}
