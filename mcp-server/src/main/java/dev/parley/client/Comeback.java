package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.Peer;
import java.util.Optional;

/**
 * How a session that has ended can come back for its mail. What is told to a model and to a person is worded here, so that
 * both read the same.
 *
 * @param way by which it can come back
 * @param command what its user types, if there is such a command
 * @param directory where he types it: the clients look for their sessions by directory
 * @param text a sentence or two that say so
 */
public record Comeback(Way way, Optional<String> command, String directory, String text) {

    /** The ways. */
    public enum Way {
        /** Its client resumes it, and its mail is handed over then. */
        RESUMED("when_resumed"),
        /** Another session of its client takes up its address, and reads. */
        CLAIMED("when_read"),
        /** None: its address died with its processes. */
        NONE("gone");

        private final String outlook;

        Way(String outlook) {
            this.outlook = outlook;
        }

        /** The outlook of mail for it, as results say it. */
        public String outlook() {
            return outlook;
        }
    }

    /** The way of this session. */
    public static Comeback of(Peer peer) {
        Client client = Clients.of(peer);
        if (peer.host().isPresent()) {
            // Also of one with an id that was made up: which session its client would resume its own machine knows.
            return elsewhere(peer, client.resumeCommand().isPresent() ? Way.RESUMED : Way.CLAIMED);
        }
        if (client.resumeCommand().isEmpty()) {
            return claimed(
                    peer,
                    " has ended. Its mail is kept; a new session of its client reads it after claim_session with the id "
                            + peer.id());
        }
        Optional<SessionId> own = peer.ownId();
        if (own.isEmpty() && peer.claimed()) {
            return claimed(
                    peer,
                    " has ended. Its mail is kept; which session its client would resume is not known, but its user can give"
                            + " its mail to another: parley adopt " + peer.id() + " --for NAME");
        }
        if (own.isEmpty()) {
            return new Comeback(
                    Way.NONE,
                    Optional.empty(),
                    peer.cwd(),
                    peer.name()
                            + " has ended for good: its client never said which session it was, so nothing brings it back");
        }
        String command = client.resumeCommand(own.get()).orElseThrow();
        String then = own.get().equals(peer.id()) ? "" : ", and reads it after claim_session with the id " + peer.id();
        return new Comeback(
                Way.RESUMED,
                Optional.of(command),
                peer.cwd(),
                peer.name() + " has ended. Its mail is kept; its user brings it back with: " + command + then);
    }

    /** By what command, and where, only its own machine knows. */
    private static Comeback elsewhere(Peer peer, Way way) {
        return new Comeback(
                way,
                Optional.empty(),
                peer.cwd(),
                peer.called()
                        + " has ended. Its mail is kept there until it comes back, or another session takes its place");
    }

    private static Comeback claimed(Peer peer, String text) {
        return new Comeback(Way.CLAIMED, Optional.empty(), peer.cwd(), peer.name() + text);
    }
}
