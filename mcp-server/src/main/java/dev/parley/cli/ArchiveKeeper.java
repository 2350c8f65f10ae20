package dev.parley.cli;

import dev.parley.mcp.PluginContext;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolPlugin;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the class data archive remade when it is stale: some time after the first request was answered, by a child of the
 * lowest priority, and by one server at a time. Offers no tools.
 */
final class ArchiveKeeper implements ToolPlugin {

    /** Long enough for a client to have started its other servers and sent its first prompt. */
    private static final long AFTER_SECONDS = 5;

    private final ClassArchive archive;
    private final AtomicBoolean scheduled = new AtomicBoolean();

    ArchiveKeeper(ClassArchive archive) {
        this.archive = archive;
    }

    @Override
    public String name() {
        return "archive-keeper";
    }

    @Override
    public List<Tool<?>> tools() {
        return List.of();
    }

    @Override
    public void start(PluginContext context) {
        context.onShutdown(archive::abandon);
        context.onRequest(request -> {
            if (request.method().equals("tools/list") && scheduled.compareAndSet(false, true)) {
                ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor(ArchiveKeeper::daemon);
                var unused = later.schedule(() -> remakeIfStale(context), AFTER_SECONDS, TimeUnit.SECONDS);
                later.shutdown();
            }
        });
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "parley-archive");
        thread.setDaemon(true);
        return thread;
    }

    private void remakeIfStale(PluginContext context) {
        try {
            archive.remakeIfStale(ClassArchive.Haste.WHEN_IDLE);
        } catch (IOException e) {
            context.report("the class data archive could not be remade; starts stay slower: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
