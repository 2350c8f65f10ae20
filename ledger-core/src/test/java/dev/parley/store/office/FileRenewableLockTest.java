package dev.parley.store.office;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.RenewableLockContract;
import java.io.IOException;

final class FileRenewableLockTest extends RenewableLockContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.simulated(retention);
    }
}
