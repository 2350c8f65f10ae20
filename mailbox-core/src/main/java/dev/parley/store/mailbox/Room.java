package dev.parley.store.mailbox;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.store.Disk;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * How much room a mailbox has, and how much waits in it, as one process knows it.
 *
 * <p>Counting is a directory listing, so it is done once in so many sends: after {@code 1/32} of the room that the last
 * count left. A lone process can thus never exceed the capacity, neither of the mailbox nor of one sender; {@code n}
 * processes exceed it by {@code n/32} of that room at the most.
 */
final class Room {

    private static final int SHARE = 32;

    /** A second change within the same tick of a file system's clock does not show; none ticks as slowly as this. */
    private static final long SETTLED_MILLIS = 3_000;

    /**
     * What was seen last.
     *
     * @param session of which session
     * @param changed when its mailbox had changed last
     * @param certain whether a later change would show in that time
     */
    private record Look(SessionId session, long changed, boolean certain, int waiting) {}

    private Optional<Look> last = Optional.empty();

    private final Stamps stamps;

    private int sendsUntilCount;

    private boolean hasLooked;

    /** The sender whose messages were told apart at the last count; another's first message makes a new one. */
    private String counted = "";

    /** How many messages more that sender may have waiting. */
    private int left;

    Room(Stamps stamps) {
        this.stamps = stamps;
    }

    /** Counts the messages that wait. */
    interface Count {
        int count() throws IOException;
    }

    /**
     * How many messages wait; counted only if the directory has changed since it was last counted.
     *
     * @param maildir only looked at: whoever counts checks it
     */
    synchronized int waiting(Maildir maildir, Count all) throws IOException {
        Optional<Disk.Stat> stat = maildir.store().disk().stat(maildir.waiting());
        if (stat.isEmpty()) {
            return 0;
        }
        long changed = stat.get().modifiedMillis();
        if (last.isEmpty()
                || !last.get().certain()
                || !last.get().session().equals(maildir.session())
                || last.get().changed() != changed) {
            boolean certain = maildir.store().clock().millis() - changed > SETTLED_MILLIS;
            last = Optional.of(new Look(maildir.session(), changed, certain, all.count()));
        }
        return last.get().waiting();
    }

    /**
     * Takes room for one message.
     *
     * @param messageId its id, which tells the sender
     * @throws MailboxFullException if there is none
     */
    synchronized void take(Maildir maildir, MessageId messageId) throws IOException {
        String sender = MessageName.senderOf(messageId);
        if (sendsUntilCount == 0 || left == 0 || !sender.equals(counted)) {
            count(maildir, sender);
        }
        sendsUntilCount--;
        left--;
    }

    /** Lets what comes next sort behind all that is there, if that has not been looked at yet. */
    synchronized void look(Maildir maildir) throws IOException {
        if (!hasLooked) {
            var unused = names(maildir);
        }
    }

    /** The same, although that was looked at: another process has added one a moment ago, which may have been taken away already. */
    synchronized void lookAgain(Maildir maildir) throws IOException {
        var unused = names(maildir);
        stamps.passOver();
    }

    /** What waits; the next stamp comes behind it. */
    private List<String> names(Maildir maildir) throws IOException {
        List<String> names = maildir.store().disk().list(maildir.waiting());
        newest(names).ifPresent(stamps::atLeast);
        for (String claim : maildir.claimsIn(maildir.claims())) {
            // These may come back.
            maildir.names(maildir.claims().resolve(claim)).forEach(name -> stamps.atLeast(name.micros()));
        }
        hasLooked = true;
        return names;
    }

    private void count(Maildir maildir, String sender) throws IOException {
        sendsUntilCount = 0;
        List<String> names = names(maildir);
        int room = Mailbox.CAPACITY - names.size();
        if (room <= 0) {
            throw MailboxFullException.ofAll(maildir.session(), names.size());
        }
        int own = (int) names.stream()
                .filter(name -> name.startsWith(sender, MessageName.ID))
                .count();
        if (own >= Mailbox.CAPACITY_OF_ONE) {
            throw MailboxFullException.ofSender(maildir.session(), own);
        }
        counted = sender;
        left = Mailbox.CAPACITY_OF_ONE - own;
        sendsUntilCount = Math.max(1, room / SHARE);
    }

    /** The latest time of those that are there already: a new one must come behind, even if the clock has been set back. */
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
