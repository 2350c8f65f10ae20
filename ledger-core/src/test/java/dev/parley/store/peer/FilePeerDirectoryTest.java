package dev.parley.store.peer;

import dev.parley.address.SessionId;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.PeerDirectoryContract;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.ledger.Soundness;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

final class FilePeerDirectoryTest extends PeerDirectoryContract {

    @TempDir
    Path home;

    private final SimulatedProcesses machine = new SimulatedProcesses();
    private final ProcessTable self = machine.start(1);
    private final ProcessTable other = machine.start(2);
    private final Map<ProcessIdentity, List<String>> panes = new HashMap<>();
    private Store store;

    @Override
    protected PeerDirectory open() throws IOException {
        store = Store.open(home.resolve("store"), Durability.PROCESS, Trace.NONE);
        return directory(self);
    }

    @Override
    protected PeerDirectory elsewhere() {
        return directory(other);
    }

    private PeerDirectory directory(ProcessTable processes) {
        return new FilePeerDirectory(store, processes, new Seats(processes, asked -> {
            Map<ProcessIdentity, List<String>> found = new HashMap<>(panes);
            found.keySet().retainAll(asked);
            return found;
        }));
    }

    @Override
    protected void show(ProcessIdentity process, String... tmuxSessions) {
        panes.put(process, List.of(tmuxSessions));
    }

    @Override
    protected ProcessIdentity start(long pid) {
        return machine.start(pid).self();
    }

    @Override
    protected void kill(long pid) {
        machine.kill(pid);
    }

    @Override
    protected void says(SessionId session, String activity) throws IOException {
        Path file = store.activity(session);
        byte[] line = (activity + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        if (store.disk().stat(file).isEmpty()) {
            store.disk().createFile(file, line, Disk.Sync.UNFORCED);
        } else {
            store.disk().overwriteFile(file, line, Disk.Sync.UNFORCED);
        }
    }

    @Override
    protected void assertSound() throws IOException {
        Soundness.assertClean(store, self);
    }
}
