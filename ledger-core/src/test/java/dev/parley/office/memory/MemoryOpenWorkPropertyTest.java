package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.OpenWorkPropertyContract;
import java.io.IOException;

final class MemoryOpenWorkPropertyTest extends OpenWorkPropertyContract {

    @Override
    protected OfficeUnderTest open() throws IOException {
        return new MemoryOffice(Retention.DEFAULT);
    }
}
