package dev.parley.office.contract;

import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.office.PostOffice;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the tests of an office's parts share: a fresh one before each, and a look through it after each. */
public abstract class OfficeContract {

    static final String PROJECT = "/work/project/.git";
    static final SessionId ANN = new SessionId("ann");
    static final SessionId BEN = new SessionId("ben");
    static final SessionId EVE = new SessionId("eve");

    private final Retention retention;
    private final Tolerated tolerated;

    private OfficeUnderTest office;

    OfficeContract(Tolerated tolerated) {
        this(Retention.DEFAULT, tolerated);
    }

    OfficeContract(Retention retention, Tolerated tolerated) {
        this.retention = retention;
        this.tolerated = tolerated;
    }

    /** Opens an empty office whose ledgers keep so much. */
    protected abstract OfficeUnderTest open(Retention retention) throws Exception;

    @BeforeEach
    final void openIt() throws Exception {
        office = open(retention);
    }

    @AfterEach
    final void lookThrough() throws IOException {
        office.assertSound(tolerated);
    }

    /** What is tested. */
    protected final OfficeUnderTest office() {
        return office;
    }

    final PostOffice here() throws IOException {
        return office.here();
    }

    final PostOffice elsewhere() throws IOException {
        return office.elsewhere();
    }

    /** How this process registers a session: as its server, and its client's. */
    final Registration registration(SessionId id) {
        return office.registration(id, Peer.CLAUDE_CODE, PROJECT, Optional.of("here"), Optional.of("here"));
    }

    /** Registers a session. */
    protected final Peer register(SessionId id) throws IOException, InterruptedException {
        return here().peers().register(registration(id));
    }

    /** Gives a session another id. */
    protected final Peer move(SessionId from, SessionId to) throws IOException, InterruptedException {
        return here().peers().move(from, registration(to));
    }
}
