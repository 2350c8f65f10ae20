package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.EnumSource.Mode.EXCLUDE;

import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Envelope;
import dev.parley.office.Finding.Severity;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.OpenWorkContract;
import dev.parley.store.Store;
import dev.parley.store.office.FileOffice;
import dev.parley.store.upkeep.FileFinding;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FileOpenWorkTest extends OpenWorkContract {

    private static final SessionId OLDER = new SessionId("owner-older");
    private static final SessionId NOW = new SessionId("owner-now");
    private static final SessionId ASKER = new SessionId("asker");

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.simulated(retention);
    }

    /** A move was cut short after the record and the mark of the beginning had gone along. */
    @ParameterizedTest
    @EnumSource(
            value = WorkState.class,
            names = {"OPEN", "CANCELED", "EXPIRED"},
            mode = EXCLUDE)
    void aStateThatStillLiesUnderAnOlderIdCounts(WorkState state) throws Exception {
        register(OLDER);
        Envelope request = Letters.question(ASKER, OLDER, RequestId.create(), "do it");
        office().here().delivery().send(request, Ring.NO);
        var unused = office().here()
                .work(OLDER)
                .change(request.id(), WorkChange.of(state.mover().orElseThrow(), state));
        move(OLDER, NOW);
        String mark = request.id() + (state.isTerminal() ? LedgerMark.DONE : LedgerMark.WORK + 1);
        Store store = ((FileOffice) office()).store();
        store.disk().rename(store.ledger(NOW).resolve(mark), store.ledger(OLDER).resolve(mark));

        assertEquals(
                state,
                office().here().work(OLDER).find(request.id()).orElseThrow().state());
        assertEquals(
                state,
                office().here().work(NOW).find(request.id()).orElseThrow().state());
        assertEquals(
                List.of(Severity.WARNING),
                new StoreCheck(store, office().here().processes())
                        .check().stream().map(FileFinding::severity).toList(),
                "some of it lies under an older id, and none of that is litter");
        move(OLDER, NOW);
    }
}
