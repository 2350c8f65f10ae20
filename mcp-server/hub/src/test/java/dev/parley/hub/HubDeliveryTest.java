package dev.parley.hub;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.DeliveryContract;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.store.office.FileOffice;
import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** Within the machine all is as without a hub. */
@Tag("slow")
final class HubDeliveryTest extends DeliveryContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.simulated(retention).within(HubOfficeTest::around);
    }
}
