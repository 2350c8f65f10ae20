package dev.parley.store.office;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.LeasesContract;
import dev.parley.office.contract.OfficeUnderTest;
import java.io.IOException;

final class FileLeasesTest extends LeasesContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.simulated(retention);
    }
}
