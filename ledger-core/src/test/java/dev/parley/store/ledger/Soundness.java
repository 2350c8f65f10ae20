package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.office.Finding.Severity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.upkeep.StoreCheck;
import java.io.IOException;
import java.util.List;

/** The check of the whole store, as it runs after every test. */
public final class Soundness {

    private Soundness() {}

    /** Nothing is wrong with a store, and nothing was left lying about. */
    public static void assertClean(Store store, ProcessTable processes) throws IOException {
        assertEquals(List.of(), new StoreCheck(store, processes).check());
    }

    /** Nothing is wrong with a store but what its processes would put right by themselves. */
    public static void assertNoErrors(Store store, ProcessTable processes) throws IOException {
        assertEquals(
                List.of(),
                new StoreCheck(store, processes)
                        .check().stream()
                                .filter(finding -> finding.severity() == Severity.ERROR)
                                .toList());
    }
}
