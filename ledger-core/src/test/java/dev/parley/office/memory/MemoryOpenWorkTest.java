package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.OpenWorkContract;
import java.io.IOException;

final class MemoryOpenWorkTest extends OpenWorkContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return new MemoryOffice(retention);
    }
}
