package dev.parley.store.peer;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.PeerDirectoryContract;
import dev.parley.store.office.FileOffice;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** On the disk of this machine, since many threads meet there. */
final class FilePeerDirectoryTest extends PeerDirectoryContract {

    @TempDir
    Path home;

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.in(home.resolve("store"), retention);
    }
}
