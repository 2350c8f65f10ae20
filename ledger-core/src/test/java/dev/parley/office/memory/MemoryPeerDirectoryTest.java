package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.PeerDirectoryContract;
import java.io.IOException;

final class MemoryPeerDirectoryTest extends PeerDirectoryContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return new MemoryOffice(retention);
    }
}
