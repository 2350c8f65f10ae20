package dev.parley.serve;

import dev.parley.mcp.PluginContext;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolPlugin;
import dev.parley.office.PostOffice;
import dev.parley.office.Upkeep;
import dev.parley.session.PostOffices;
import dev.parley.session.TraceFile;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has a part of the store swept whenever the server has a {@link Lull} and nobody swept lately, on a thread of its own that
 * begins once the server has listed its tools. Offers no tools.
 */
final class StoreKeeper implements ToolPlugin {

    /** It waits, and looks through a directory now and then. */
    private static final long STACK_BYTES = 256 * 1024;

    private final AtomicBoolean started = new AtomicBoolean();
    private volatile Lull lull = new Lull(System.nanoTime());

    @Override
    public String name() {
        return "store-keeper";
    }

    @Override
    public List<Tool<?>> tools() {
        return List.of();
    }

    @Override
    public void start(PluginContext context) {
        context.onRequest(request -> {
            lull.disturbed(System.nanoTime());
            if (request.method().equals("tools/list") && started.compareAndSet(false, true)) {
                Thread thread = new Thread(null, () -> keep(context), "parley-sweep", STACK_BYTES);
                thread.setDaemon(true);
                thread.start();
            }
        });
    }

    private void keep(PluginContext context) {
        try {
            while (true) {
                lull.await();
                sweep(context);
                TimeUnit.NANOSECONDS.sleep(Upkeep.PAUSE.toNanos());
                lull = new Lull(System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void sweep(PluginContext context) throws InterruptedException {
        try {
            PostOffice office =
                    PostOffices.open(context.environment(), TraceFile.of(context.environment(), context::report));
            if (office.upkeep().isPresent()) {
                var unused = office.upkeep().get().sweepPart();
            }
        } catch (IOException e) {
            context.report("the store could not be swept; it is tried again later: " + e);
        }
    }
}
