package dev.parley.store.office;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.ChangesContract;
import dev.parley.office.contract.OfficeUnderTest;
import java.io.IOException;

final class FileChangesTest extends ChangesContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.simulated(retention);
    }
}
