package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a supervisor sees of the sessions: what their hooks, their servers and their transcripts tell. */
interface Sessions {

    /**
     * A session, and the process that it lives in.
     *
     * @param peer its card
     * @param host the one of the processes that were asked for
     */
    record Found(Peer peer, ProcessIdentity host) {}

    /**
     * How a session stands.
     *
     * @param verdict whether it may be gone on with: whoever runs it is known by all that Parley and its client can tell
     * @param binding how it was last run
     */
    record Standing(Verdict verdict, Binding binding) {}

    /** The session that one of these processes runs now, the first that does; empty as long as nothing says so. */
    Optional<Found> in(List<ProcessIdentity> processes) throws IOException;

    /** The session that its client calls so; empty if it is not known. */
    Optional<Peer> named(SessionId own) throws IOException;

    /** Whether its client has said, since then, that the session is over. */
    boolean hasSaidEnd(Peer peer, Instant since) throws IOException;

    /** The limit of its provider on which its newest turn ended; empty if it ended otherwise. */
    Optional<Transcript.Limit> limit(Peer peer) throws IOException;

    /**
     * Looks whether anybody runs a session, as {@code parley resume} does. May take seconds.
     *
     * @param peer its card, if it has one
     * @param directory where it works, if it has none
     */
    Standing standing(SessionId own, Optional<Peer> peer, Path directory) throws IOException, InterruptedException;

    /**
     * Notes what was done for a session, in the name of the ownership of it.
     *
     * @throws IOException if it could not be kept
     */
    void note(RenewableLease lease, Peer peer, SupervisionLog.Step step) throws IOException, InterruptedException;

    /** What is to be held by who resumes it. */
    RenewableLock claim(SessionId own);
}
