package dev.parley.store.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Of which processes of another boot it is certain that they have ended. */
final class EarlierBootsTest {

    private static final String NOW = "aaaaaaaaaaaan4026531836";
    private static final String BEFORE = "bbbbbbbbbbbbn4026531836";

    private static Vitality vitality(String ours, String fileSystem, String its, Vitality told) {
        ProcessTable table = new ProcessTable() {
            @Override
            public ProcessIdentity self() {
                return new ProcessIdentity(1, 1, ours);
            }

            @Override
            public Optional<ProcessIdentity> identify(long pid) {
                return Optional.empty();
            }

            @Override
            public Vitality vitality(ProcessIdentity process) {
                return told;
            }
        };
        return EarlierBoots.over(table, () -> fileSystem).vitality(new ProcessIdentity(7, 7, its));
    }

    @Test
    void theyAreOfThisMachineOnly() {
        assertEquals(Vitality.DEAD, vitality(NOW, "ext4", BEFORE, Vitality.UNKNOWN));
        assertEquals(Vitality.ALIVE, vitality(NOW, "ext4", NOW, Vitality.ALIVE));
        assertEquals(Vitality.UNKNOWN, vitality(NOW, "ext4", NOW, Vitality.UNKNOWN), "the same boot");
        assertEquals(Vitality.UNKNOWN, vitality(NOW, "nfs4", BEFORE, Vitality.UNKNOWN), "another machine may share it");
        assertEquals(Vitality.UNKNOWN, vitality(NOW, "overlay", BEFORE, Vitality.UNKNOWN));
        assertEquals(Vitality.UNKNOWN, vitality(NOW, "ext4", "bbbbbbbbbbbbn5", Vitality.UNKNOWN), "a container's");
        assertEquals(Vitality.UNKNOWN, vitality("aaaaaaaaaaaan5", "ext4", BEFORE, Vitality.UNKNOWN), "in a container");
        assertEquals(Vitality.UNKNOWN, vitality(NOW, "ext4", "0", Vitality.UNKNOWN));
    }
}
