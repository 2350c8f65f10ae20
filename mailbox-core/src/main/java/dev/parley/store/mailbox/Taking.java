package dev.parley.store.mailbox;

import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Envelope;
import dev.parley.store.Disk;
import dev.parley.store.lock.OwnerToken;
import dev.parley.store.mailbox.ClaimName.Phase;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One claim in the making: a directory that messages are renamed into, and whoever's rename succeeds has the message.
 *
 * <p>The directory is made for the first message, so that looking into an empty mailbox changes nothing.
 */
final class Taking {

    private final Maildir maildir;
    private final Disk disk;
    private final ClaimName claim;
    private final Path directory;
    /** In the order of sending, whatever the order of taking. */
    private final SortedMap<MessageName, Claimed> claimed = new TreeMap<>();

    private boolean made;
    private boolean movedAway;

    Taking(Maildir maildir, OwnerToken token) {
        this.maildir = maildir;
        this.disk = maildir.store().disk();
        this.claim = new ClaimName(Phase.TAKEN, token);
        this.directory = maildir.claims().resolve(claim.toString());
    }

    int size() {
        return claimed.size();
    }

    /** Whether nothing more can be taken, because the session has been re-identified during the taking. */
    boolean isMovedAway() {
        return movedAway;
    }

    /**
     * Tries to take one message.
     *
     * @param bodyBytes how long its body is in UTF-8
     * @return false if another taker was faster; what was taken stays taken
     */
    boolean take(MessageName name, Envelope envelope, int bodyBytes) throws IOException {
        if (!made) {
            disk.makeDirectory(directory);
            made = true;
        }
        Path waiting = maildir.waiting().resolve(name.toString());
        try {
            disk.rename(waiting, directory.resolve(name.toString()));
        } catch (NoSuchFileException e) {
            // Unless another taker was faster, the claim has gone along with its session to another id: so it is full.
            movedAway = disk.stat(waiting).isPresent();
            return false;
        }
        claimed.put(name, new Claimed(envelope, name.redelivered(), bodyBytes));
        return true;
    }

    /**
     * What was taken. That it is taken survives a power cut, so that mail is not handed over twice unmarked; if it cannot
     * be made to, that is traced: the mail itself is safe either way.
     *
     * @param remaining how many messages still wait
     */
    FileBatch batch(int remaining) {
        if (claimed.isEmpty()) {
            discard();
        } else {
            try {
                disk.forceDirectory(directory);
            } catch (IOException e) {
                trace(Event.CLAIM_UNFORCED, e);
            }
        }
        return new FileBatch(maildir, claim, List.copyOf(claimed.values()), remaining);
    }

    /** Removes the directory that was made for nothing; recovery does, if this fails. */
    void discard() {
        if (made) {
            try {
                disk.deleteDirectory(directory);
            } catch (IOException e) {
                trace(Event.CLAIM_LEFT, e);
            }
        }
    }

    private void trace(Event event, IOException e) {
        maildir.store().trace().event(event, Map.of("claim", directory.toString(), "reason", e.toString()));
    }
}
