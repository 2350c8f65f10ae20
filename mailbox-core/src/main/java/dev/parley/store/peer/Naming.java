package dev.parley.store.peer;

import dev.parley.lock.Lease;
import dev.parley.lock.LeaseLostException;
import dev.parley.peer.NameRefusedException;
import dev.parley.peer.NameTakenException;
import dev.parley.peer.NameWish;
import dev.parley.peer.NameWish.IfTaken;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.store.lock.Locks;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Keeps two sessions of a project from having the same name.
 *
 * <p>Whoever publishes a card with a name holds the lock of that name from before he looks at the other cards until his
 * own is published. Every name has its own lock, so who stalls or dies meanwhile is in the way only of who wants that
 * very name.
 */
final class Naming {

    /** Far longer than it takes to look at all cards and to force one; short, since who wants the name waits for it. */
    static final Duration LEASE = Duration.ofSeconds(3);

    /** Longer than the lease: a stalled holder delays others, but nobody is refused because of him. */
    static final Duration WAIT = LEASE.plusSeconds(2);

    private final Locks locks;
    private final PeerDirectory peers;

    Naming(Locks locks, PeerDirectory peers) {
        this.locks = locks;
        this.peers = peers;
    }

    /** The lock of a name. Names of two projects share it: that costs a moment at the most. */
    static String lockOf(String name) {
        return "name-" + name;
    }

    /** Begins to name a session; its card is published before the claim is closed. */
    Claim claim(IfTaken ifTaken) {
        return new Claim(ifTaken);
    }

    /** One session's claim to its name. Belongs to one thread. */
    final class Claim implements AutoCloseable {

        private final IfTaken ifTaken;
        private Optional<Lease> lease = Optional.empty();
        private Optional<Lease> looks = Optional.empty();

        private Claim(IfTaken ifTaken) {
            this.ifTaken = ifTaken;
        }

        /**
         * The card with a name that nobody else in its project has, and whose lock is held on return.
         *
         * @param present the card so far
         * @param next the card to be; without a name, it gets the one that follows from its id, or one like it
         * @throws NameTakenException if it has a name that it did not have before, and somebody who is here or can come back
         *     has it, or one that looks like it, and that is to be refused
         * @throws NameRefusedException if nobody can have that name, and that is to be refused
         */
        Peer named(Optional<Peer> present, Peer next) throws IOException, InterruptedException {
            NameWish wish = NameWish.of(present, next, ifTaken);
            do {
                acquire(wish.name(), wish.isChosen());
            } while (!wish.isGranted(peers));
            return wish.card();
        }

        /** A name that is chosen is locked with all that look like it: two alike ones could be chosen at once. */
        private void acquire(String name, boolean isChosen) throws IOException, InterruptedException {
            close();
            lease = Optional.of(locks.named(lockOf(name), LEASE).acquire(WAIT));
            if (isChosen) {
                looks = Optional.of(
                        locks.named("looks-" + Names.looks(name), LEASE).acquire(WAIT));
            }
        }

        /**
         * Whether the name is still locked. If not, this process stalled for longer than the lease, and the name may have been
         * given to another session before it was published: then the card has to be named once more.
         */
        boolean isHeld() throws IOException {
            try {
                lease.orElseThrow().ensureHeld();
                if (looks.isPresent()) {
                    looks.get().ensureHeld();
                }
                return true;
            } catch (LeaseLostException e) {
                return false;
            }
        }

        @Override
        public void close() throws IOException {
            Optional<Lease> name = lease;
            Optional<Lease> like = looks;
            lease = Optional.empty();
            looks = Optional.empty();
            try {
                if (like.isPresent()) {
                    like.get().close();
                }
            } finally {
                if (name.isPresent()) {
                    name.get().close();
                }
            }
        }
    }
}
