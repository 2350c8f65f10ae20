package dev.parley.hub;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.PeerDirectoryContractAnywhere;

/** Of sessions on two machines. */
final class TwoMachinesPeerDirectoryTest extends PeerDirectoryContractAnywhere {

    @Override
    protected OfficeUnderTest open(Retention retention) throws Exception {
        return TwoMachines.overMemory(retention);
    }
}
