package dev.parley.store.upkeep;

import dev.parley.office.Finding;
import dev.parley.office.Upkeep;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.peer.FilePeerDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@link Upkeep} of a file store. */
public final class FileUpkeep implements Upkeep {

    private final Store store;
    private final ProcessTable processes;

    /** Keeps this store in order. */
    public FileUpkeep(Store store, ProcessTable processes) {
        this.store = store;
        this.processes = processes;
    }

    @Override
    public List<Finding> check() throws IOException {
        return told(new StoreCheck(store, processes).check());
    }

    @Override
    public Repair repair() throws IOException, InterruptedException {
        StoreCheck.Repair repair = new StoreCheck(store, processes).repair();
        return new Repair(
                told(repair.cured()), told(repair.left()), repair.setAside().map(Path::toString));
    }

    private List<Finding> told(List<FileFinding> findings) {
        return findings.stream().map(finding -> finding.told(store.locks())).toList();
    }

    @Override
    public List<Removed> sweep(Mode mode, Duration keepEnded) throws IOException, InterruptedException {
        return removed(new StoreSweep(store, processes, keepEnded).sweep(mode));
    }

    @Override
    public List<Removed> sweepPart() throws IOException, InterruptedException {
        new FilePeerDirectory(store, processes).completeIndex();
        return removed(new LullSweep(store, processes).run());
    }

    private static List<Removed> removed(List<StoreSweep.Removed> removed) {
        return removed.stream()
                .map(one -> new Removed(one.file().toString(), one.why()))
                .toList();
    }
}
