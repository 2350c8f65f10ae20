package dev.parley.store.ledger;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.OpenWorkPropertyContract;
import dev.parley.store.office.FileOffice;
import java.io.IOException;

final class FileOpenWorkPropertyTest extends OpenWorkPropertyContract {

    @Override
    protected OfficeUnderTest open() throws IOException {
        return FileOffice.simulated(Retention.DEFAULT);
    }
}
