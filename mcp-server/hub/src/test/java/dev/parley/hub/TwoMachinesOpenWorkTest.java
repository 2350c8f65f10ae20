package dev.parley.hub;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.OpenWorkContract;

/** Of sessions on two machines. */
final class TwoMachinesOpenWorkTest extends OpenWorkContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws Exception {
        return TwoMachines.overMemory(retention);
    }
}
