package dev.parley.store.mailbox;

import dev.parley.store.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * What waits in one mailbox, as this process has seen it: of many names it remembers which are left, and does not list them again
 * for every read.
 *
 * <p>Two times tell whether that is all there is. Whoever adds to {@code new/} does so by a rename out of {@code tmp/}, which
 * changes the time of {@code tmp/}, or changes that time afterwards ({@link dev.parley.store.Store#tellOfMail}). So this gives
 * {@code tmp/} a time of long ago, that nobody else gives it and no clock shows, and lists {@code new/} then: as long as it has that time,
 * however slowly the file system's clock ticks, nothing has come. Another such time, of {@code new/}, is given once this process
 * has taken what it takes: as long as it is there, nobody else has taken anything.
 */
final class Waiting {

    /** So few are listed each time: that costs next to nothing. */
    private static final int FEW = 200;

    /** What was added by a process that died before it told, or that knows nothing of this, is seen after so long at the latest. */
    static final long HOLDS_MILLIS = 30_000;

    private static final long EARLIEST = Instant.parse("1980-01-01T00:00:00Z").getEpochSecond();
    private static final long LATEST = Instant.parse("2000-01-01T00:00:00Z").getEpochSecond();

    /** In steps of two seconds: some file systems know no others. */
    private static final int STEP = 2;

    /** What is to be taken from. */
    static final class Look {

        private final Rounds rounds;
        private final boolean isRemembered;
        private final long seenMillis;
        private final Optional<Long> added;

        private Look(Rounds rounds, boolean isRemembered, long seenMillis, Optional<Long> added) {
            this.rounds = rounds;
            this.isRemembered = isRemembered;
            this.seenMillis = seenMillis;
            this.added = added;
        }

        Rounds rounds() {
            return rounds;
        }

        /** Whether it may name what somebody else has taken since. */
        boolean isRemembered() {
            return isRemembered;
        }
    }

    private record Kept(Maildir maildir, Look look, long added, long changed) {}

    private final int few;
    private final LongSupplier times;
    private Optional<Kept> kept = Optional.empty();
    private boolean wereMany;

    Waiting() {
        this(FEW, Waiting::unused);
    }

    /**
     * The same for tests.
     *
     * @param few of more names than this they are remembered; of 0, from the first look on
     * @param times gives milliseconds since the epoch, none twice, and none that a clock shows
     */
    Waiting(int few, LongSupplier times) {
        this.few = few;
        this.times = times;
        this.wereMany = few == 0;
    }

    private static long unused() {
        return ThreadLocalRandom.current().nextLong(EARLIEST / STEP, LATEST / STEP) * STEP * 1000;
    }

    /** What waits now. Whoever takes from it takes alone, and says {@link #keep} if all that was taken is what is gone from it. */
    synchronized Look look(Maildir maildir) throws IOException {
        Optional<Kept> last = kept;
        kept = Optional.empty();
        if (last.isPresent() && holds(last.get(), maildir)) {
            Look look = last.get().look();
            return new Look(look.rounds(), true, look.seenMillis, look.added);
        }
        return list(maildir);
    }

    private static boolean holds(Kept kept, Maildir maildir) throws IOException {
        Disk disk = maildir.store().disk();
        long age = maildir.store().clock().millis() - kept.look().seenMillis;
        return kept.maildir().session().equals(maildir.session())
                && age >= 0
                && age < HOLDS_MILLIS
                && disk.modifiedMillis(maildir.written()).equals(Optional.of(kept.added()))
                && disk.modifiedMillis(maildir.waiting()).equals(Optional.of(kept.changed()));
    }

    /** What waits now, whatever is remembered. */
    synchronized Look list(Maildir maildir) throws IOException {
        kept = Optional.empty();
        long now = maildir.store().clock().millis();
        Optional<Long> added = wereMany ? mark(maildir, maildir.written()) : Optional.empty();
        List<MessageName> names = maildir.unordered(maildir.waiting());
        wereMany = names.size() > few;
        return new Look(new Rounds(names), false, now, added);
    }

    /** Gives a directory a time that nobody else gives it; empty where that cannot be done: then nothing is remembered. */
    private Optional<Long> mark(Maildir maildir, Path directory) {
        long time = times.getAsLong();
        try {
            maildir.store().disk().setModified(directory, time);
            return Optional.of(time);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Remembers what is left of a look: all but what was taken from it. */
    synchronized void keep(Maildir maildir, Look look) {
        if (look.added.isPresent() && look.rounds.size() > few) {
            kept = mark(maildir, maildir.waiting()).map(time -> new Kept(maildir, look, look.added.get(), time));
        }
    }

    /** How many wait; empty if nothing is remembered that still holds. */
    synchronized OptionalInt count(Maildir maildir) throws IOException {
        return kept.isPresent() && holds(kept.get(), maildir)
                ? OptionalInt.of(kept.get().look().rounds().size())
                : OptionalInt.empty();
    }
}
