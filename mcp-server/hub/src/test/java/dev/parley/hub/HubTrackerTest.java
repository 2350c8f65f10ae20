package dev.parley.hub;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.MessageTrackerContract;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.store.office.FileOffice;
import java.io.IOException;

/** Within the machine all is as without a hub. */
final class HubTrackerTest extends MessageTrackerContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.simulated(retention).within(HubOfficeTest::around);
    }
}
