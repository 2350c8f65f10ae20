package dev.parley.store.office;

import dev.parley.office.PostOffice;
import dev.parley.office.PostOfficeProvider;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;

/** Opens the post office in a directory: the scheme {@code file}. */
public final class FilePostOfficeProvider implements PostOfficeProvider {

    /** For the service loader. */
    public FilePostOfficeProvider() {}

    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public PostOffice open(Opening opening, Trace trace) throws IOException {
        Durability durability = opening.survivesPowerCut() ? Durability.POWER_CUT : Durability.PROCESS;
        Path place = Path.of(opening.address());
        Store store = Store.open(place, durability, trace);
        return new FilePostOffice(store, LocalProcessTable.ofStore(place), opening.retention());
    }
}
