package dev.parley.mailbox;

import dev.parley.store.Disk;
import dev.parley.store.SessionId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * How much room a mailbox has, as one sending process knows it.
 *
 * <p>Counting is a directory listing, so it is done once in so many sends: after {@code 1/256} of the room that the last
 * count left. A lone sender can thus never exceed the capacity; {@code n} senders exceed it by {@code n/256} of that room
 * at the most.
 */
final class Room {

    private static final int SHARE = 256;

    private final Disk disk;
    private final Path waiting;
    private final Stamps stamps;
    private int sendsUntilCount;

    Room(Disk disk, Path waiting, Stamps stamps) {
        this.disk = disk;
        this.waiting = waiting;
        this.stamps = stamps;
    }

    /** Takes room for one message. */
    synchronized void take(SessionId owner) throws IOException {
        if (sendsUntilCount == 0) {
            List<String> names = disk.list(waiting);
            // Also keeps this process's messages behind those already there, if the clock has been set back.
            names.stream()
                    .max(String::compareTo)
                    .flatMap(MessageName::parse)
                    .ifPresent(newest -> stamps.atLeast(newest.micros()));
            int room = Mailbox.CAPACITY - names.size();
            if (room <= 0) {
                throw new MailboxFullException(owner, names.size());
            }
            sendsUntilCount = Math.max(1, room / SHARE);
        }
        sendsUntilCount--;
    }
}
