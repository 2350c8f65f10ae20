package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.RenewableLockContract;
import java.io.IOException;

final class MemoryRenewableLockTest extends RenewableLockContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return new MemoryOffice(retention);
    }
}
