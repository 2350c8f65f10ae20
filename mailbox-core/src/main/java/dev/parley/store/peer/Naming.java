package dev.parley.store.peer;

import dev.parley.address.SessionId;
import dev.parley.lock.Lease;
import dev.parley.lock.LeaseLostException;
import dev.parley.peer.NameRefusedException;
import dev.parley.peer.NameTakenException;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence;
import dev.parley.store.lock.Locks;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** What happens if a name that is wanted belongs to somebody else. */
    enum IfTaken {
        REFUSE,
        GIVE_ANOTHER
    }

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

    private boolean areGone(List<Peer> owners) throws IOException {
        for (Peer owner : owners) {
            if (peers.presence(owner).life() != Presence.Life.GONE) {
                return false;
            }
        }
        return true;
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
            boolean isKnown =
                    present.map(Peer::name).filter(next.name()::equals).isPresent();
            boolean isChosen =
                    ifTaken == IfTaken.REFUSE && !isKnown && !next.name().isEmpty();
            if (isChosen) {
                refuse(next.name(), Names.refusal(next.name()));
            }
            String name = next.name().isEmpty() ? Names.of(next.id(), candidate -> false) : next.name();
            while (true) {
                acquire(name, isChosen);
                List<Peer> others = peers.peersOf(next.project()).stream()
                        .filter(peer -> !peer.id().equals(next.id()))
                        .toList();
                if (isChosen) {
                    choose(next, others);
                    return next;
                }
                String wanted = name;
                List<Peer> owners = others.stream()
                        .filter(peer -> peer.name().equals(wanted))
                        .toList();
                // A session that has ended keeps its name only until its owner of before is back.
                if (owners.isEmpty() || (name.equals(next.name()) && areGone(owners))) {
                    return next.withName(name);
                }
                Set<String> looks =
                        others.stream().map(peer -> Names.looks(peer.name())).collect(Collectors.toSet());
                name = Names.of(
                        next.id(),
                        candidate -> looks.contains(Names.looks(candidate))
                                || others.stream().anyMatch(peer -> Names.isBeginningOf(candidate, peer.id())));
            }
        }

        /** Whether a session may have the name that it wants. */
        private void choose(Peer next, List<Peer> others) throws IOException {
            for (Peer other : others) {
                if (Names.areAlike(next.name(), other.name())) {
                    boolean isGone = areGone(List.of(other));
                    if (!isGone || other.isResumable()) {
                        throw new NameTakenException(next.name(), other, isGone);
                    }
                }
            }
            for (Peer other : others) {
                if (Names.isBeginningOf(next.name(), other.id())
                        && (next.name().length() >= Names.ADDRESSABLE
                                || other.isResumable()
                                || !areGone(List.of(other)))) {
                    refuse(next.name(), Optional.of("the id " + other.id() + " of another session begins like that"));
                }
            }
            // An id that has been given up leads to its session all the same.
            SessionId asId = new SessionId(next.name());
            SessionId now = peers.current(asId);
            if (!now.equals(asId) && !now.equals(next.id())) {
                refuse(next.name(), Optional.of("it was the id of another session, and leads to that"));
            }
        }

        private static void refuse(String name, Optional<String> why) throws NameRefusedException {
            if (why.isPresent()) {
                throw new NameRefusedException(name, why.get());
            }
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
         * Whether the name is still locked by us. If not, we stalled for longer than the lease, and the name may have been
         * given to somebody else before we published it: then the card has to be named once more.
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
