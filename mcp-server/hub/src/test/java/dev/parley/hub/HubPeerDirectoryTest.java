package dev.parley.hub;

import dev.parley.ledger.Retention;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.contract.PeerDirectoryContract;
import dev.parley.store.office.FileOffice;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Within the machine all is as without a hub. On the disk of this machine, since many threads meet there. */
@Tag("slow")
final class HubPeerDirectoryTest extends PeerDirectoryContract {

    @TempDir
    Path home;

    @Override
    protected OfficeUnderTest open(Retention retention) throws IOException {
        return FileOffice.in(home.resolve("store"), retention).within(HubOfficeTest::around);
    }
}
