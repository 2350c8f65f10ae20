package dev.parley.cli;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The person at the terminal: sees the sessions of the project they stand in.
 *
 * @param office the store
 * @param project where they stand
 */
record Operator(PostOffice office, Project project) {

    /** What the operator is called; no session can be called so. */
    static final String NAME = Envelope.OPERATOR;

    /** A name that no session can have, since it is longer than a session's. */
    private static final SessionId ID = new SessionId("operator.of.this.machine." + "0".repeat(40));

    static Operator at(Path directory, Map<String, String> environment) throws IOException {
        return new Operator(PostOffices.open(environment, Trace.NONE), Project.of(directory));
    }

    /** The operator as a caller, for resolving a target. */
    Peer asCaller() {
        return new Peer(
                ID,
                NAME,
                "parley",
                Optional.empty(),
                Optional.empty(),
                project.root(),
                project.key(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                Instant.EPOCH,
                Optional.empty());
    }
}
