package dev.parley.peer;

import dev.parley.address.SessionId;
import dev.parley.lock.LockTimeoutException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.UnaryOperator;

/**
 * The cards of all sessions. Safe for use by several threads and processes.
 *
 * <p>Every change of a card is made under that card's lock and survives a power cut on return.
 */
public interface PeerDirectory {

    /**
     * Makes the session known, or completes and refreshes what is known of it. Its mailbox exists on return. If its mail
     * was forwarded to another id, that ends.
     *
     * @throws LockTimeoutException if its card is busy; nothing changed
     */
    Peer register(Registration registration) throws IOException, InterruptedException;

    /** The card of a session; empty if there is none, or none that can be read. */
    Optional<Peer> find(SessionId id) throws IOException;

    /** The ids for which anything is kept, also of sessions whose card cannot be read; in no order. */
    List<SessionId> ids() throws IOException;

    /** Whether anything is kept for an id: mail can be sent to it, though its card may be damaged. */
    boolean exists(SessionId id) throws IOException;

    /** The id to which the mail of this one was moved last; empty if it was not. */
    Optional<SessionId> movedTo(SessionId id) throws IOException;

    /** The id that now has the mail of a session: itself, unless it was re-identified. */
    SessionId current(SessionId id) throws IOException;

    /** The sessions of a project, by name; those that were re-identified are left out. */
    List<Peer> peersOf(String project) throws IOException;

    /**
     * The same, without those that have ended and that nobody asks about. An engine that does not know who has ended without
     * reading its card leaves nobody out.
     *
     * @param wanted whether a session that has ended is asked about, by its name and id
     * @return all that have not ended, of the others at least those that are wanted; by name
     */
    default List<Peer> peersOf(String project, BiPredicate<String, SessionId> wanted) throws IOException {
        return peersOf(project);
    }

    /**
     * The session that a target names beyond doubt, if that is known without looking at the others: it runs, no other session
     * that has not ended has its name, and no id of its project begins so. Empty says nothing.
     */
    default Optional<Peer> holder(String project, String target) throws IOException {
        return Optional.empty();
    }

    /**
     * All sessions of a project for an onlooker: changes nothing, not even what an engine notes to find them sooner, and a card that cannot be
     * read neither hides the others nor is passed over. An engine that notes nothing and reads every card has no more to say
     * than {@link #peersOf}.
     */
    default Roster roster(String project) throws IOException {
        return new Roster(peersOf(project), Map.of());
    }

    /**
     * The same for an onlooker, without those that are known to have ended. An engine that does not know that without reading its card leaves
     * nobody out.
     */
    default Roster present(String project) throws IOException {
        return roster(project);
    }

    /**
     * The sessions of a project on other machines, by name and machine. No other call but {@link #resolve} and {@link #presence}
     * knows of them.
     */
    default List<RemotePeer> elsewhere(String project) throws IOException {
        return List.of();
    }

    /** Finds whom a caller means by a name, an id, the unique beginning of an id, or a tmux session. */
    Resolution resolve(String target, Peer caller) throws IOException;

    /**
     * The names of the tmux sessions in which peers are seen at this moment; who is seen in none is left out. Reads the process
     * table only, unless one of them runs below a tmux server: that is asked.
     */
    Map<SessionId, List<String>> tmuxSessions(List<Peer> peers);

    /**
     * Changes a card.
     *
     * @param change may be applied more than once
     * @throws NameTakenException if the change gives it a name that another session of its project has; nothing changed
     * @throws NameRefusedException if it gives it a name that no session can have, or not this one; nothing changed
     * @throws IllegalArgumentException if it gives it a purpose longer than {@link Peer#MAX_PURPOSE}, or more groups than
     *     {@link Groups#MOST_OF_ONE}; nothing changed
     * @throws NoSuchSessionException if there is no such session
     */
    Peer update(SessionId id, UnaryOperator<Peer> change) throws IOException, InterruptedException;

    /**
     * Gives a session another id. Its mail, ledger and open questions move, its name, purpose and groups go along where the
     * new id has none, and the old id forwards from now on. If this process dies on the way, the move is finished when the new
     * id's session is next registered; no message is lost meanwhile.
     *
     * @return the card under the new id
     */
    Peer move(SessionId from, Registration to) throws IOException, InterruptedException;

    /**
     * Brings over what still lies under a session's older ids: the rest of a move that was cut short, or a record whose
     * sender was overtaken by the move. Costs one look-up where there is nothing to do.
     */
    void settle(SessionId id) throws IOException;

    /**
     * Notes that a session's client waits for a first prompt: its server has been started, and no hook has run yet since.
     * Only where nothing is known of its activity, or that an earlier run of it has ended.
     *
     * @param hooked whether its hooks will tell what it does from then on; if not, nothing is made known that nobody updates
     */
    void ready(SessionId id, boolean hooked) throws IOException;

    /**
     * Finishes a move to this id that was cut short before its card was written. Until then {@link #find} makes the card up
     * from the older id's, so nobody vanishes. Costs one look-up where there is nothing to do.
     */
    void finishMove(SessionId id) throws IOException, InterruptedException;

    /**
     * Gives other names to those sessions of its project whose name is the beginning of this session's id: an address that
     * a client gave goes before a name that somebody chose.
     *
     * @return their cards, with their new names
     */
    List<Peer> giveWay(Peer to) throws IOException, InterruptedException;

    /**
     * Gives an address to another session: what lies there moves, and what comes there follows, until a session is
     * registered under it again. Its card keeps who has it, so that this session can be told.
     *
     * @throws IOException if one of them is no session, or the address already has the mail of the other; nothing changed
     */
    void give(SessionId address, SessionId to) throws IOException, InterruptedException;

    /**
     * What is needed to go on with a session: what its card keeps, and what its hooks have noted since. What cannot be read
     * counts as not seen.
     */
    default Binding binding(Peer peer) throws IOException {
        return Binding.of(peer, Binding.NONE);
    }

    /** What its hooks have noted of that, without what its card keeps; {@link Binding#NONE} if nothing, or nothing that can be read. */
    default Binding noted(Peer peer) throws IOException {
        return Binding.NONE;
    }

    /** What is known of a session's life. */
    Presence presence(Peer peer) throws IOException;
}
