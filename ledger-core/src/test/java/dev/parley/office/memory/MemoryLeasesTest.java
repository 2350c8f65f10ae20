package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.LeasesContract;
import dev.parley.office.contract.OfficeUnderTest;
import java.io.IOException;

final class MemoryLeasesTest extends LeasesContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return new MemoryOffice(retention);
    }
}
