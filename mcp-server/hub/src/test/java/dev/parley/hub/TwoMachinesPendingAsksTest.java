package dev.parley.hub;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.PendingAsksContract;

/** Of sessions on two machines. */
final class TwoMachinesPendingAsksTest extends PendingAsksContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws Exception {
        return TwoMachines.overMemory(retention);
    }
}
