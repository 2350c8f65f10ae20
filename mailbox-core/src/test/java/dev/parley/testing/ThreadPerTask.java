package dev.parley.testing;

import java.util.concurrent.Executor;

/**
 * Gives every task a thread of its own: for what waits. The JDK's common pool has a thread or two on a small machine, and tasks
 * that wait there for each other wait for ever.
 */
public enum ThreadPerTask implements Executor {
    /** The only one. */
    EXECUTOR;

    @Override
    public void execute(Runnable task) {
        Thread thread = new Thread(task, "test-task");
        thread.setDaemon(true);
        thread.start();
    }
}
