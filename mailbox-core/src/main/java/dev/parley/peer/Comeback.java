package dev.parley.peer;

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

    /** What servers begin an id with that they made up themselves, until they know better. */
    private static final String MADE_UP = "p-";

    /** The way of this session. */
    public static Comeback of(Peer peer) {
        boolean resumes =
                peer.client().equals(Peer.CLAUDE_CODE) || peer.client().equals(Peer.CODEX);
        if (!resumes || peer.claimed()) {
            return new Comeback(
                    Way.CLAIMED,
                    Optional.empty(),
                    peer.cwd(),
                    peer.name()
                            + " has ended. Its mail is kept; a new session of its client reads it after claim_session with the id "
                            + peer.id());
        }
        if (peer.id().value().startsWith(MADE_UP)) {
            return new Comeback(
                    Way.NONE,
                    Optional.empty(),
                    peer.cwd(),
                    peer.name()
                            + " has ended for good: its client never said which session it was, so nothing brings it back");
        }
        String command = (peer.client().equals(Peer.CODEX) ? "codex resume " : "claude --resume ") + peer.id();
        return new Comeback(
                Way.RESUMED,
                Optional.of(command),
                peer.cwd(),
                peer.name() + " has ended. Its mail is kept; its user brings it back with: " + command);
    }
}
