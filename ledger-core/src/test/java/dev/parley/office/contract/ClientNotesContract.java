package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.peer.ClientNotes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What all {@link ClientNotes} promise: hints of what runs in which process, the same for every process that asks. */
public abstract class ClientNotesContract extends OfficeContract {

    private static final String CLIENT = "client";

    /** A hint that is not believed stays until somebody looks through everything. */
    protected ClientNotesContract() {
        super(Tolerated.LEFTOVERS);
    }

    @BeforeEach
    void registerThem() throws Exception {
        register(ANN);
        register(BEN);
    }

    private ClientNotes notes() throws IOException {
        return here().notes();
    }

    private Optional<SessionId> told() throws IOException {
        return office().sessionOf(elsewhere(), CLIENT).session();
    }

    @Test
    void withoutAHookNothingSaysWhatAProcessRuns() throws IOException {
        ClientNotes.Pointer pointer = office().sessionOf(here(), CLIENT);
        assertEquals(Optional.empty(), pointer.session());
        assertFalse(pointer.evidence().isBlank());
        assertEquals(Optional.empty(), office().pointedTo(here(), CLIENT));
    }

    @Test
    void whatAHookSaidLastIsToldToEveryProcess() throws IOException {
        office().points(CLIENT, ANN);
        assertEquals(Optional.of(ANN), told());
        office().points(CLIENT, BEN);
        assertEquals(Optional.of(BEN), told());
        assertEquals(Optional.of(BEN), office().pointedTo(here(), CLIENT));
    }

    @Test
    void aSessionThatIsNotThereIsNotBelieved() throws IOException {
        office().points(CLIENT, EVE);
        assertEquals(Optional.empty(), told());
    }

    /** The number may come again; the process does not. */
    @Test
    void whatIsSaidOfAProcessIsNotBelievedOfALaterOneOfItsNumber() throws IOException {
        office().points(CLIENT, ANN);
        office().end(CLIENT);
        assertEquals(Optional.empty(), told());
        assertEquals(Optional.empty(), office().pointedTo(here(), CLIENT));
    }

    @Test
    void aSessionIsHeardFromOnceAHookHasRunInIt() throws IOException {
        assertFalse(notes().isHeardFrom(ANN));
        office().says(ANN, "idle");
        assertTrue(elsewhere().notes().isHeardFrom(ANN));
        assertFalse(notes().isHeardFrom(BEN));
    }

    @Test
    void whatAProcessHostsIsNotedOnceAndInOrder() throws IOException {
        assertEquals(List.of(), office().hostedBy(here(), CLIENT));
        office().noteHosted(here(), CLIENT, BEN);
        office().noteHosted(elsewhere(), CLIENT, ANN);
        office().noteHosted(here(), CLIENT, BEN);
        assertEquals(List.of(ANN, BEN), office().hostedBy(elsewhere(), CLIENT));
        assertEquals(List.of(), office().hostedBy(here(), "another"));
    }
}
