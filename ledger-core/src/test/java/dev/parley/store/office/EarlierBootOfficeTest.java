package dev.parley.store.office;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.ledger.Retention;
import dev.parley.lock.RenewableLock;
import dev.parley.office.PostOffice;
import dev.parley.office.PostOfficeProvider.Opening;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a restart of the machine: whoever asks an office who lives is told the same, its locks as well. */
final class EarlierBootOfficeTest {

    private static final String FIRST_SPACE = "n4026531836";

    @Test
    void aNameThatWasHeldBeforeTheRestartIsFreeAtOnceWhereThatIsCertain(@TempDir Path home) throws Exception {
        PostOffice office = new FilePostOfficeProvider()
                .open(new Opening(home.toRealPath().toString(), false, Retention.DEFAULT), Trace.NONE);
        String scope = office.processes().self().scope();
        ProcessIdentity before = new ProcessIdentity(1, 1, "000000000000" + FIRST_SPACE);
        Path lock = Files.createDirectories(home.resolve("locks/resume-x"));
        Files.createFile(lock.resolve(before + ".nonce-0"));

        RenewableLock.Attempt attempt =
                office.leases().renewable("resume-x", Duration.ofHours(1)).tryAcquire();

        boolean isCertain = scope.endsWith(FIRST_SPACE)
                && Set.of("ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs")
                        .contains(Files.getFileStore(home).type());
        assertEquals(
                isCertain ? Vitality.DEAD : Vitality.UNKNOWN, office.processes().vitality(before));
        if (isCertain) {
            assertInstanceOf(RenewableLock.Taken.class, attempt);
        } else {
            assertTrue(Files.exists(lock.resolve(before + ".nonce-0")));
        }
    }
}
