package dev.parley.store;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * {@link DirectoryWatch} by inotify(7).
 *
 * <p>The JDK's own watch service polls every few seconds on macOS, and Linux gives a user only so many inotify instances
 * (128 by default); in both cases the watch polls by itself, faster.
 */
final class NativeWatch implements DirectoryWatch {

    private static final boolean EVENT_DRIVEN =
            System.getProperty("os.name", "").toLowerCase(Locale.ROOT).contains("linux");

    /** However good the events are, look again after this long: a file system mounted over another sends none. */
    private static final Duration LONGEST = Duration.ofSeconds(1);

    private final WatchService service;

    private NativeWatch(WatchService service) {
        this.service = service;
    }

    static DirectoryWatch of(Path directory) throws IOException {
        if (!EVENT_DRIVEN) {
            return new PollingWatch();
        }
        WatchService service;
        try {
            service = directory.getFileSystem().newWatchService();
        } catch (IOException | UnsupportedOperationException e) {
            return new PollingWatch();
        }
        try {
            directory.register(service, StandardWatchEventKinds.ENTRY_CREATE);
            return new NativeWatch(service);
        } catch (IOException e) {
            service.close();
            return new PollingWatch();
        }
    }

    @Override
    public void await(Duration limit) throws InterruptedException {
        Duration wait = limit.compareTo(LONGEST) < 0 ? limit : LONGEST;
        WatchKey key = service.poll(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS);
        if (key != null) {
            key.pollEvents();
            key.reset();
        }
    }

    /**
     * Frees it in the background: to free an inotify instance takes Linux up to 20 ms, since it waits until no processor
     * can be looking at it, and whoever has just got his answer has no time for that.
     */
    @Override
    public void close() {
        try {
            Thread freeing = new Thread(this::free, "parley-unwatch");
            freeing.setDaemon(true);
            freeing.start();
        } catch (OutOfMemoryError e) {
            // No thread to be had: then here.
            free();
        }
    }

    private void free() {
        try {
            service.close();
        } catch (IOException e) {
            // Only its descriptor was to be freed; the process's end frees it too.
        }
    }
}
