package dev.parley.store.peer;

import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import java.util.Optional;

/** A process table that tells of another boot and process-number space than the one it wraps. */
record ScopedProcesses(ProcessTable inner, String scope) implements ProcessTable {

    static ProcessTable in(ProcessTable inner, String scope) {
        return new ScopedProcesses(inner, scope);
    }

    @Override
    public ProcessIdentity self() {
        return new ProcessIdentity(inner.self().pid(), inner.self().start(), scope);
    }

    @Override
    public Optional<ProcessIdentity> identify(long pid) {
        return inner.identify(pid).map(known -> new ProcessIdentity(known.pid(), known.start(), scope));
    }

    @Override
    public Vitality vitality(ProcessIdentity process) {
        return process.scope().equals(scope)
                ? inner.vitality(new ProcessIdentity(
                        process.pid(), process.start(), inner.self().scope()))
                : Vitality.UNKNOWN;
    }
}
