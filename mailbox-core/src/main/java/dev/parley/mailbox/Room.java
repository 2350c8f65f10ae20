package dev.parley.mailbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * How much room a mailbox has, as one sending process knows it.
 *
 * <p>Counting is a directory listing, so it is done once in so many sends: after {@code 1/256} of the room that the last
 * count left. A lone sender can thus never exceed the capacity; {@code n} senders exceed it by {@code n/256} of that room
 * at the most.
 */
final class Room {

    private static final int SHARE = 256;

    private final Stamps stamps;
    private int sendsUntilCount;

    Room(Stamps stamps) {
        this.stamps = stamps;
    }

    /**
     * Takes room for one message.
     *
     * @throws MailboxFullException if there is none
     */
    synchronized void take(Maildir maildir) throws IOException {
        if (sendsUntilCount == 0) {
            List<String> names = maildir.store().disk().list(maildir.waiting());
            newest(names).ifPresent(stamps::atLeast);
            for (String claim : maildir.claimsIn(maildir.claims())) {
                // These may come back.
                maildir.names(maildir.claims().resolve(claim)).forEach(name -> stamps.atLeast(name.micros()));
            }
            int room = Mailbox.CAPACITY - names.size();
            if (room <= 0) {
                throw new MailboxFullException(maildir.session(), names.size());
            }
            sendsUntilCount = Math.max(1, room / SHARE);
        }
        sendsUntilCount--;
    }

    /** The latest time of those that are there already: ours must come behind, even if the clock has been set back. */
    private static Optional<Long> newest(List<String> names) {
        String last = "";
        Optional<Long> newest = Optional.empty();
        for (String name : names) {
            // Names sort by time, so only the few that rise above all before them need be looked at.
            if (name.compareTo(last) > 0) {
                Optional<Long> micros =
                        MessageName.parse(name).map(MessageName::micros).filter(time -> time < MessageName.LATEST);
                if (micros.isPresent()) {
                    last = name;
                    newest = micros;
                }
            }
        }
        return newest;
    }
}
