package dev.parley.session;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which addresses a session may pin by hand: those that are nobody's, those that are or were its own, and those that a session
 * of a client without hooks of the same project has left. An address is no secret, so whatever else somebody has must not be
 * had by naming it.
 */
public final class AddressRule {

    /** The first part of a process's scope, which says of which boot it is. */
    private static final int BOOT = 12;

    /** Tells whether a client has written a transcript of a session with an id. */
    public interface Transcripts {
        /** Whether there is one. */
        boolean have(SessionId id) throws IOException;
    }

    private final PostOffice office;
    private final Transcripts transcripts;

    AddressRule(PostOffice office, Transcripts transcripts) {
        this.office = office;
        this.transcripts = transcripts;
    }

    /**
     * Looks whether a session may pin an id.
     *
     * @param self as it is
     * @param own what its client calls it, and the addresses it had before
     * @return the card of whoever has left that address; empty if nobody has, or it is its own
     */
    Optional<Peer> require(SessionId id, Peer self, Set<SessionId> own) throws IOException, ClaimRefusedException {
        SessionId now = office.peers().current(id);
        if (id.equals(self.id()) || now.equals(self.id()) || own.contains(id)) {
            return Optional.empty();
        }
        Optional<Peer> holder = office.peers().find(now);
        if (holder.isPresent() && !holder.get().project().equals(self.project())) {
            throw new ClaimRefusedException(
                    "cross-project",
                    id + " is the address of a session of another project; claim an id of your own choice");
        }
        if (!now.equals(id)) {
            throw refused(id, "it leads to session " + now + " since that was moved", byTheOperator(id, self));
        }
        if (!office.peers().exists(id)) {
            requireNobodys(id, self);
            return Optional.empty();
        }
        if (holder.isEmpty()) {
            throw refused(id, "whose it is cannot be read", "The user can run 'parley check'.");
        }
        requireLeft(holder.get(), self, own);
        return holder.get().ownId().filter(own::contains).isPresent() ? Optional.empty() : holder;
    }

    private void requireLeft(Peer holder, Peer self, Set<SessionId> own) throws IOException, ClaimRefusedException {
        SessionId id = holder.id();
        Life life = office.peers().presence(holder).life();
        String claimed = holder.taken()
                .map(taking -> " (claimed by hand at " + taking.at() + ")")
                .orElse("");
        if (life == Life.LIVE) {
            throw refused(
                    id,
                    "session " + holder.name() + " has it and is running" + claimed,
                    "To talk to it, send it a message; for an address of your own claim another id.");
        }
        if (holder.ownId().filter(own::contains).isPresent()) {
            return;
        }
        if (holder.isResumable()) {
            throw refused(
                    id,
                    "it belongs to " + holder.name() + ", a session of " + holder.client() + " that can be resumed",
                    byTheOperator(id, self));
        }
        if (life == Life.UNKNOWN && !isOfAnEarlierBoot(holder)) {
            throw refused(
                    id,
                    "whether " + holder.name() + ", whose it is, still runs cannot be seen from here",
                    byTheOperator(id, self));
        }
    }

    /** Whether all it was known by ended with another boot of the machine; true if it was known by nothing. */
    private boolean isOfAnEarlierBoot(Peer holder) {
        String here = boot(office.processes().self());
        return Stream.concat(holder.process().stream(), holder.servers().stream())
                .noneMatch(
                        process -> boot(process).equals(here) || process.scope().length() <= BOOT);
    }

    private static String boot(ProcessIdentity process) {
        return process.scope().substring(0, Math.min(BOOT, process.scope().length()));
    }

    /** An id that no session has must not be anything else of somebody either. */
    private void requireNobodys(SessionId id, Peer self) throws IOException, ClaimRefusedException {
        Optional<String> form = Names.refusalOfId(id);
        if (form.isPresent()) {
            throw refused(id, form.get(), "Claim another one.");
        }
        List<SessionId> known = office.peers().ids();
        for (SessionId other : known) {
            if (id.value().length() >= Names.ADDRESSABLE && other.value().startsWith(id.value())) {
                throw refused(id, "the id of another session begins like that", "Claim another one.");
            }
            Optional<Peer> peer =
                    office.peers().find(other).filter(one -> !one.id().equals(self.id()));
            if (peer.isPresent()) {
                requireNotOf(peer.get(), id, self);
            }
        }
        if (transcripts.have(id)) {
            throw refused(
                    id,
                    "it is the id of a session of Claude Code or Codex that has a transcript",
                    byTheOperator(id, self));
        }
    }

    private void requireNotOf(Peer peer, SessionId id, Peer self) throws IOException, ClaimRefusedException {
        if (peer.ownSession().filter(id::equals).isPresent()) {
            throw refused(id, "the client of " + peer.name() + " calls its session so", "Claim another one.");
        }
        boolean isHere = peer.project().equals(self.project());
        boolean isMistakable =
                Names.areAlike(peer.name(), id.value()) || (isHere && Names.isBeginningOf(peer.name(), id));
        if (isMistakable && (peer.isResumable() || office.peers().presence(peer).life() != Life.GONE)) {
            throw refused(
                    id,
                    isHere
                            ? "another session is called " + peer.name() + ", and an id comes before a name"
                            : "a session of another project is called like that",
                    "Claim another one.");
        }
    }

    private static ClaimRefusedException refused(SessionId id, String why, String way) {
        return new ClaimRefusedException("claim-refused", "the id " + id + " cannot be claimed: " + why + ". " + way);
    }

    private static String byTheOperator(SessionId id, Peer self) {
        return "Only its own session may have it, or whom the user gives it to, in a terminal: parley adopt " + id
                + " --for " + self.name();
    }
}
