package dev.parley.serve;

import dev.parley.mcp.PluginContext;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolPlugin;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has the {@link ClassArchive} remade when it is stale: once the server has listed its tools and then has had a {@link Lull}, by
 * a child of the lowest priority, and by one server at a time. Offers no tools.
 */
final class ArchiveKeeper implements ToolPlugin {

    /** What is done in the lull. */
    interface Work {
        /** Called once, on a thread of its own. */
        void run() throws IOException, InterruptedException;

        /** Called when the server ends: ends what is being done. */
        void abandon();
    }

    private final Work work;
    private final Lull lull = new Lull(System.nanoTime());
    private final AtomicBoolean started = new AtomicBoolean();

    /** A keeper of whatever it is. */
    ArchiveKeeper(Work work) {
        this.work = work;
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
        context.onShutdown(work::abandon);
        context.onRequest(request -> {
            lull.disturbed(System.nanoTime());
            if (request.method().equals("tools/list") && started.compareAndSet(false, true)) {
                Thread thread = new Thread(() -> waitAndWork(context), "parley-archive");
                thread.setDaemon(true);
                thread.start();
            }
        });
    }

    private void waitAndWork(PluginContext context) {
        try {
            lull.await();
            work.run();
        } catch (IOException e) {
            context.report("what makes starts fast could not be remade; they stay slower: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
