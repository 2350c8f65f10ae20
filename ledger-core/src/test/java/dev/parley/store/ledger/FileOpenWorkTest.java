package dev.parley.store.ledger;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.OpenWorkContract;
import dev.parley.store.office.FileOffice;
import java.io.IOException;

final class FileOpenWorkTest extends OpenWorkContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.simulated(retention);
    }
}
