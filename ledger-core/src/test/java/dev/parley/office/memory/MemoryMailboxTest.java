package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.MailboxContract;
import dev.parley.office.contract.OfficeUnderTest;
import java.io.IOException;

final class MemoryMailboxTest extends MailboxContract {

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return new MemoryOffice(retention);
    }
}
