package dev.parley.setup;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Hears of the names that come and go in a directory, where the system tells at once (Linux does). */
final class Events implements AutoCloseable {

    private static final long LIMIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final Optional<WatchService> service;

    private Events(Optional<WatchService> service) {
        this.service = service;
    }

    /** From now on. */
    static Events in(Path directory) {
        try {
            WatchService service = FileSystems.getDefault().newWatchService();
            if (service.getClass().getSimpleName().startsWith("Polling")) {
                service.close();
                return new Events(Optional.empty());
            }
            directory.register(service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_DELETE);
            return new Events(Optional.of(service));
        } catch (IOException | UnsupportedOperationException e) {
            return new Events(Optional.empty());
        }
    }

    /**
     * Whether a name was given to another file before Parley's was renamed to it. Events come in order: what comes before the
     * one that says that Parley's file has left its old name, was before it.
     */
    boolean cameBefore(Path ours, Path name) {
        if (service.isEmpty()) {
            return false;
        }
        boolean before = false;
        long end = System.nanoTime() + LIMIT_NANOS;
        try {
            for (long left = LIMIT_NANOS; left > 0; left = end - System.nanoTime()) {
                WatchKey key = service.get().poll(left, TimeUnit.NANOSECONDS);
                if (key == null) {
                    return before;
                }
                for (WatchEvent<?> event : key.pollEvents()) {
                    if (event.kind() == StandardWatchEventKinds.ENTRY_DELETE
                            && event.context().equals(ours.getFileName())) {
                        return before;
                    }
                    before |= event.kind() == StandardWatchEventKinds.ENTRY_CREATE
                            && event.context().equals(name.getFileName());
                }
                key.reset();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return before;
    }

    @Override
    public void close() {
        service.ifPresent(open -> {
            try {
                open.close();
            } catch (IOException e) {
                // It held a watch, and nothing else.
                return;
            }
        });
    }
}
