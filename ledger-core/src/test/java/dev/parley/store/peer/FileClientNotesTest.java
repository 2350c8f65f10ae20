package dev.parley.store.peer;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.ClientNotesContract;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.store.office.FileOffice;
import java.io.IOException;

class FileClientNotesTest extends ClientNotesContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.simulated(retention);
    }
}
