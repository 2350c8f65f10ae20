package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.ClientNotesContract;
import dev.parley.office.contract.OfficeUnderTest;

class MemoryClientNotesTest extends ClientNotesContract {

    @Override
    protected OfficeUnderTest open(Retention retention) {
        return new MemoryOffice(retention);
    }
}
