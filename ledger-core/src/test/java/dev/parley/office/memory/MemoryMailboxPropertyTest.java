package dev.parley.office.memory;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.MailboxPropertyContract;
import dev.parley.office.contract.OfficeUnderTest;
import java.io.IOException;

final class MemoryMailboxPropertyTest extends MailboxPropertyContract {

    @Override
    protected OfficeUnderTest open() throws IOException {
        return new MemoryOffice(Retention.DEFAULT);
    }
}
