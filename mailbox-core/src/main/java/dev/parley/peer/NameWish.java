package dev.parley.peer;

import dev.parley.address.SessionId;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The name that a session wants, looked at until it can have it or something like it. Whoever uses it sees to it that nobody
 * else gets the name between {@link #isGranted} and the moment at which the card is published. Belongs to one thread.
 */
public final class NameWish {

    /** What happens if a name that is wanted belongs to somebody else. */
    public enum IfTaken {
        /** It is refused. */
        REFUSE,
        /** Another is given instead. */
        GIVE_ANOTHER
    }

    private final Peer next;
    private final boolean isChosen;
    private String name;

    private NameWish(Peer next, boolean isChosen, String name) {
        this.next = next;
        this.isChosen = isChosen;
        this.name = name;
    }

    /**
     * The wish of a session.
     *
     * @param present its card so far
     * @param next its card to be; without a name, it gets the one that follows from its id, or one like it
     * @throws NameRefusedException if nobody can have that name, and that is to be refused
     */
    public static NameWish of(Optional<Peer> present, Peer next, IfTaken ifTaken) throws NameRefusedException {
        boolean isKnown = present.map(Peer::name).filter(next.name()::equals).isPresent();
        boolean isChosen = ifTaken == IfTaken.REFUSE && !isKnown && !next.name().isEmpty();
        if (isChosen) {
            refuse(next.name(), Names.refusal(next.name()));
        }
        return new NameWish(
                next, isChosen, next.name().isEmpty() ? Names.of(next.id(), candidate -> false) : next.name());
    }

    /** The name that is looked at next. */
    public String name() {
        return name;
    }

    /** Whether somebody has just chosen it: then those that look like it are looked at, too. */
    public boolean isChosen() {
        return isChosen;
    }

    /** The card with that name. */
    public Peer card() {
        return next.withName(name);
    }

    /**
     * Whether nobody else in its project has the name. If somebody has, the wish is for another from now on: ask again.
     *
     * @throws NameTakenException if it is chosen, and somebody who is here or can come back has it, or one that looks like it
     * @throws NameRefusedException if it is chosen, and is or was the beginning of another session's address
     */
    public boolean isGranted(PeerDirectory peers) throws IOException {
        if (isChosen) {
            choose(
                    peers,
                    others(peers.peersOf(
                            next.project(), (its, id) -> Names.areAlike(name, its) || Names.isBeginningOf(name, id))));
            return true;
        }
        List<Peer> owners = others(peers.peersOf(next.project(), (its, id) -> its.equals(name))).stream()
                .filter(peer -> peer.name().equals(name))
                .toList();
        // A session that has ended keeps its name only until its owner of before is back.
        if (owners.isEmpty() || (name.equals(next.name()) && areGone(peers, owners))) {
            return true;
        }
        List<Peer> others = others(peers.peersOf(next.project()));
        Set<String> looks =
                others.stream().map(peer -> Names.looks(peer.name())).collect(Collectors.toSet());
        name = Names.of(
                next.id(),
                candidate -> looks.contains(Names.looks(candidate))
                        || others.stream().anyMatch(peer -> Names.isBeginningOf(candidate, peer.id())));
        return false;
    }

    private List<Peer> others(List<Peer> all) {
        return all.stream().filter(peer -> !peer.id().equals(next.id())).toList();
    }

    /** Whether a session may have the name that it wants. */
    private void choose(PeerDirectory peers, List<Peer> others) throws IOException {
        for (Peer other : others) {
            if (Names.areAlike(name, other.name())) {
                boolean isGone = areGone(peers, List.of(other));
                if (!isGone || other.isResumable()) {
                    throw new NameTakenException(name, other, isGone);
                }
            }
        }
        for (Peer other : others) {
            if (Names.isBeginningOf(name, other.id())
                    && (name.length() >= Names.ADDRESSABLE || other.isResumable() || !areGone(peers, List.of(other)))) {
                refuse(name, Optional.of("the id " + other.id() + " of another session begins like that"));
            }
        }
        // An id that has been given up leads to its session all the same.
        SessionId asId = new SessionId(name);
        SessionId now = peers.current(asId);
        if (!now.equals(asId) && !now.equals(next.id())) {
            refuse(name, Optional.of("it was the id of another session, and leads to that"));
        }
    }

    private static boolean areGone(PeerDirectory peers, List<Peer> owners) throws IOException {
        for (Peer owner : owners) {
            if (peers.presence(owner).life() != Presence.Life.GONE) {
                return false;
            }
        }
        return true;
    }

    private static void refuse(String name, Optional<String> why) throws NameRefusedException {
        if (why.isPresent()) {
            throw new NameRefusedException(name, why.get());
        }
    }
}
