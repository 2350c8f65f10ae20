package dev.parley.hub;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.MessageTrackerContractAnywhere;
import dev.parley.office.contract.OfficeUnderTest;

/** Of sessions on two machines. */
final class TwoMachinesTrackerTest extends MessageTrackerContractAnywhere {

    @Override
    protected OfficeUnderTest open(Retention retention) throws Exception {
        return TwoMachines.overMemory(retention);
    }
}
