package dev.parley.store.upkeep;

import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.upkeep.Scan.Problem;
import dev.parley.trace.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares a whole store with {@code docs/FORMAT.md}, and puts right what can be.
 *
 * <p>The store may be in use meanwhile. What is checked: the kind, the mode and the name of everything; checksum and form of
 * messages, records, cards, questions and pointers; that a waiting message is there once and can be looked up; claims,
 * locks and marks of processes that have ended; re-identifications that lead in circles or nowhere, or left mail behind.
 */
public final class StoreCheck {

    /** One cure may bring up the next problem, such as a directory that is missing once a link in its place is gone. */
    private static final int ROUNDS = 6;

    /**
     * What a repair did.
     *
     * @param cured what it found and put right
     * @param left what is still to be found
     * @param setAside where it put what did not belong; empty if there was nothing
     */
    public record Repair(List<FileFinding> cured, List<FileFinding> left, Optional<Path> setAside) {}

    private final Store store;
    private final ProcessTable processes;

    /** Checks one store. */
    public StoreCheck(Store store, ProcessTable processes) {
        this.store = store;
        this.processes = processes;
    }

    /**
     * Looks through everything and changes nothing.
     *
     * @return what was found, in the order of the paths within each part; empty if all is well
     * @throws IOException if a directory cannot be read
     */
    public List<FileFinding> check() throws IOException {
        return scan().problems().stream().map(Problem::finding).toList();
    }

    private Scan scan() throws IOException {
        Scan scan = new Scan(store, processes);
        new HomeScan(scan, store).run();
        return scan;
    }

    /**
     * Puts right what can be. Nothing is deleted: what does not belong is moved to {@code set-aside/}; every message that can
     * be read, wherever it is, still waits, or is recorded, afterwards. Safe to repeat.
     *
     * @throws IOException if the store cannot be looked through; a cure that fails is traced, and its finding is left
     */
    public Repair repair() throws IOException, InterruptedException {
        SetAside aside = new SetAside(store);
        Set<FileFinding> tried = new LinkedHashSet<>();
        boolean goOn = true;
        for (int round = 0; goOn && round < ROUNDS; round++) {
            goOn = false;
            for (Problem problem : scan().problems()) {
                if (problem.cure().isPresent()) {
                    tried.add(problem.finding());
                    goOn |= isApplied(problem.finding(), problem.cure().get(), aside);
                }
            }
        }
        List<FileFinding> left = check();
        left.forEach(tried::remove);
        return new Repair(List.copyOf(tried), left, aside.directory());
    }

    private boolean isApplied(FileFinding finding, Scan.Cure cure, SetAside aside) throws InterruptedException {
        try {
            cure.apply(aside);
            return true;
        } catch (IOException e) {
            store.trace()
                    .event(Event.REPAIR_FAILED, Map.of("file", finding.file().toString(), "reason", e.toString()));
            return false;
        }
    }
}
