package dev.parley.mailbox;

import dev.parley.store.Ids;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How much room a mailbox has, as one sending process knows it.
 *
 * <p>Counting is a directory listing, so it is done once in so many sends: after {@code 1/32} of the room that the last
 * count left. A lone process can thus never exceed the capacity, neither of the mailbox nor of one sender; {@code n}
 * processes exceed it by {@code n/32} of that room at the most.
 */
final class Room {

    private static final int SHARE = 32;

    private static final int SENDER = "m-".length();

    /** Where the id begins in a name: behind the time and a dash. */
    private static final int ID = 17;

    private final Stamps stamps;

    /** How many messages each sender for which this process sent since the last count may still have waiting. */
    private final Map<String, Integer> ofSenders = new HashMap<>();

    private int sendsUntilCount;

    Room(Stamps stamps) {
        this.stamps = stamps;
    }

    /**
     * Takes room for one message.
     *
     * @param messageId its id, which tells the sender
     * @throws MailboxFullException if there is none
     */
    synchronized void take(Maildir maildir, String messageId) throws IOException {
        String sender = messageId.substring(0, SENDER + Ids.SENDER_CHARACTERS);
        if (sendsUntilCount == 0 || ofSenders.getOrDefault(sender, 0) == 0) {
            count(maildir, sender);
        }
        sendsUntilCount--;
        ofSenders.merge(sender, -1, Integer::sum);
    }

    private void count(Maildir maildir, String sender) throws IOException {
        sendsUntilCount = 0;
        ofSenders.clear();
        List<String> names = maildir.store().disk().list(maildir.waiting());
        newest(names).ifPresent(stamps::atLeast);
        for (String claim : maildir.claimsIn(maildir.claims())) {
            // These may come back.
            maildir.names(maildir.claims().resolve(claim)).forEach(name -> stamps.atLeast(name.micros()));
        }
        int room = Mailbox.CAPACITY - names.size();
        if (room <= 0) {
            throw MailboxFullException.ofAll(maildir.session(), names.size());
        }
        int own =
                (int) names.stream().filter(name -> name.startsWith(sender, ID)).count();
        if (own >= Mailbox.CAPACITY_OF_ONE) {
            throw MailboxFullException.ofSender(maildir.session(), own);
        }
        ofSenders.put(sender, Mailbox.CAPACITY_OF_ONE - own);
        sendsUntilCount = Math.max(1, room / SHARE);
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
