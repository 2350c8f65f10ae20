package dev.parley.store.mailbox;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.lock.OwnerToken;
import dev.parley.store.mailbox.ClaimName.Phase;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Takes a waiting message back: one rename into a directory of its own in {@code shown}, where nobody is given anything from. A
 * taker renames it, too, so whoever is first has it.
 */
final class Withdrawal {

    private static final int MAX_MOVES = 16;

    private final Store store;
    private final Disk disk;
    private final SessionId owner;
    private final ClaimName claim;

    Withdrawal(Store store, SessionId owner, OwnerToken token) {
        this.store = store;
        this.disk = store.disk();
        this.owner = owner;
        this.claim = new ClaimName(Phase.WITHDRAWN, token);
    }

    /** Whether the message was taken back. */
    boolean run(MessageId messageId) throws IOException {
        for (int moves = 0; moves < MAX_MOVES; moves++) {
            Maildir maildir = Maildir.of(store, owner);
            Optional<MessageName> name = maildir.unordered(maildir.waiting()).stream()
                    .filter(waiting -> waiting.messageId().equals(messageId))
                    .findFirst();
            if (name.isPresent() && name.get().redelivered()) {
                return false;
            }
            if (name.isPresent() && take(maildir, name.get())) {
                return true;
            }
            // Somebody has taken it, or it has gone along to another id.
            if (store.currentOf(owner).equals(maildir.session())) {
                return false;
            }
        }
        throw new IOException(store.session(owner) + " moves faster than a message of it can be taken back; try again");
    }

    private boolean take(Maildir maildir, MessageName name) throws IOException {
        Path directory = maildir.shown().resolve(claim.toString());
        try {
            disk.makeDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            // It has gone along to this id; the token makes it this call's own.
        }
        try {
            disk.rename(maildir.waiting().resolve(name.toString()), directory.resolve(name.toString()));
        } catch (NoSuchFileException e) {
            discard(directory);
            return false;
        } catch (IOException e) {
            discard(directory);
            throw e;
        }
        disk.forceDirectory(directory);
        disk.forceDirectory(maildir.shown());
        disk.forceDirectory(maildir.waiting());
        SessionId now = store.follow(maildir.session(), Part.SHOWN, claim.toString());
        if (!now.equals(maildir.session())) {
            disk.forceDirectory(store.part(now, Part.SHOWN));
        }
        prune(now);
        return true;
    }

    private void prune(SessionId session) {
        try {
            ShownClaims.prune(new Maildir(store, session));
        } catch (IOException e) {
            // It is taken back; tidying up is the next one's to repeat.
            store.trace().event(Event.SHOWN_NOT_PRUNED, Map.of("session", session.value(), "reason", e.toString()));
        }
    }

    /** It was made for nothing; the pruning of what was shown removes it, if this fails. */
    private void discard(Path directory) {
        try {
            disk.deleteDirectory(directory);
        } catch (IOException e) {
            store.trace().event(Event.CLAIM_LEFT, Map.of("claim", directory.toString(), "reason", e.toString()));
        }
    }
}
