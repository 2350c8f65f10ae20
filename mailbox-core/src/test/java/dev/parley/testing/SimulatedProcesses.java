package dev.parley.testing;

import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Processes that live and die as a test says. A number that is used again has another start. */
public final class SimulatedProcesses {

    /** The boot and process-number space of all of them. */
    public static final String SCOPE = "testboot0001n1";

    private final Map<Long, Long> startsOfTheLiving = new ConcurrentHashMap<>();
    private long starts = 100;

    /** Starts a process, and returns the process table as it sees it. */
    public synchronized ProcessTable start(long pid) {
        starts++;
        startsOfTheLiving.put(pid, starts);
        return new View(new ProcessIdentity(pid, starts, SCOPE));
    }

    /** Ends a process. */
    public void kill(long pid) {
        startsOfTheLiving.remove(pid);
    }

    /** Ends all. */
    public void killAll() {
        startsOfTheLiving.clear();
    }

    private final class View implements ProcessTable {

        private final ProcessIdentity self;

        View(ProcessIdentity self) {
            this.self = self;
        }

        @Override
        public ProcessIdentity self() {
            return self;
        }

        @Override
        public Optional<ProcessIdentity> identify(long pid) {
            return Optional.ofNullable(startsOfTheLiving.get(pid)).map(start -> new ProcessIdentity(pid, start, SCOPE));
        }

        @Override
        public Vitality vitality(ProcessIdentity process) {
            if (!process.scope().equals(SCOPE) && !process.scope().equals("0")) {
                return Vitality.UNKNOWN;
            }
            return identify(process.pid())
                            .filter(now -> process.start() == 0 || process.start() == now.start())
                            .isPresent()
                    ? Vitality.ALIVE
                    : Vitality.DEAD;
        }
    }
}
