package dev.parley.supervise;

import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.List;
import java.util.Optional;

/** The processes of this machine. */
final class LocalProcesses implements Processes {

    private final ProcessTable table;

    LocalProcesses(ProcessTable table) {
        this.table = table;
    }

    @Override
    public ProcessIdentity self() {
        return table.self();
    }

    @Override
    public Optional<ProcessIdentity> identify(long pid) {
        return table.identify(pid);
    }

    @Override
    public boolean lives(ProcessIdentity process) {
        return table.vitality(process) == ProcessTable.Vitality.ALIVE;
    }

    @Override
    public List<ProcessIdentity> below(ProcessIdentity process) {
        if (!lives(process)) {
            return List.of();
        }
        return ProcessHandle.of(process.pid()).stream()
                .flatMap(ProcessHandle::descendants)
                .flatMap(each -> table.identify(each.pid()).stream())
                .toList();
    }

    /** Looked at right before: a number that is another's by now gets nothing. */
    @Override
    public void send(Signal signal, ProcessIdentity process) {
        if (!lives(process)) {
            return;
        }
        try {
            // The JDK knows two of the three.
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            ProcessHandle.of(process.pid())
                    .ifPresent(signal == Signal.KILL ? ProcessHandle::destroyForcibly : ProcessHandle::destroy);
        }
    }
}
