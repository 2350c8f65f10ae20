package dev.parley.hub;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.DeliveryContractAnywhere;
import dev.parley.office.contract.OfficeUnderTest;

/** Of sessions on two machines. */
final class TwoMachinesDeliveryTest extends DeliveryContractAnywhere {

    @Override
    protected OfficeUnderTest open(Retention retention) throws Exception {
        return TwoMachines.overMemory(retention);
    }

    /** Each of them begins with two new postmen. */
    @Override
    protected int letters() {
        return 20;
    }
}
