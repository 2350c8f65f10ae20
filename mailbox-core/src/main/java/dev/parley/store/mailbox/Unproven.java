package dev.parley.store.mailbox;

import dev.parley.address.MessageId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Lists the messages that are not proven shown, while takers and senders go on.
 *
 * <p>The directories are listed in the order in which a message moves, so it cannot slip from one not yet listed to one
 * listed already. It can when it is given back, or when its claim is renamed while it is looked into: then two looks
 * differ. So this looks until two looks one after the other are the same, and tells of all that any look has seen.
 */
final class Unproven {

    private static final int LOOKS = 16;

    private final Maildir maildir;
    private final Set<MessageId> ids = new HashSet<>();

    Unproven(Maildir maildir) {
        this.maildir = maildir;
    }

    Set<MessageId> ids() throws IOException {
        Optional<Set<String>> last = Optional.empty();
        for (int look = 0; look < LOOKS; look++) {
            Optional<Set<String>> now = look();
            if (now.isPresent() && now.equals(last)) {
                // What has left these places for "shown" must not be back in them after a power cut.
                maildir.store().disk().forceDirectory(maildir.shown());
                return ids;
            }
            last = now;
        }
        throw new IOException("the mail of " + maildir.session() + " changes faster than it can be listed; try again");
    }

    /** All names in all places; empty if a claim went away meanwhile. */
    private Optional<Set<String>> look() throws IOException {
        Set<String> seen = new HashSet<>();
        add(maildir.written(), seen);
        add(maildir.waiting(), seen);
        for (String claim : maildir.claimsIn(maildir.claims())) {
            try {
                add(maildir.claims().resolve(claim), seen);
            } catch (NoSuchFileException e) {
                return Optional.empty();
            } catch (NotDirectoryException e) {
                // No claim, and no mail in it.
                seen.add(claim);
            }
        }
        return Optional.of(seen);
    }

    private void add(Path directory, Set<String> seen) throws IOException {
        for (String name : maildir.store().disk().list(directory)) {
            MessageName.parse(name).ifPresent(message -> {
                ids.add(message.messageId());
                seen.add(directory + "/" + name);
            });
        }
    }
}
