package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.DeliveryContract;
import dev.parley.office.contract.OfficeUnderTest;
import java.io.IOException;

final class MemoryDeliveryTest extends DeliveryContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return new MemoryOffice(retention);
    }
}
