package dev.parley.store.mailbox;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.MailboxPropertyContract;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.store.office.FileOffice;
import java.io.IOException;

final class MailboxPropertyTest extends MailboxPropertyContract {

    @Override
    protected OfficeUnderTest open() throws IOException {
        return FileOffice.simulated(Retention.DEFAULT);
    }
}
