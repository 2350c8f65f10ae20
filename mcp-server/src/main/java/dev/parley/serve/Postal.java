package dev.parley.serve;

import dev.parley.mcp.PluginContext;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolPlugin;
import dev.parley.session.PostOffices;
import dev.parley.session.TraceFile;
import dev.parley.trace.Why;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Has one server of this machine carry its mail to other machines and back, on threads of its own that begin once the server has
 * listed its tools. Does nothing where the machine has joined no team. Offers no tools.
 */
final class Postal implements ToolPlugin {

    private static final long STACK_BYTES = 256 * 1024;

    private final AtomicBoolean started = new AtomicBoolean();

    @Override
    public String name() {
        return "postal";
    }

    @Override
    public List<Tool<?>> tools() {
        return List.of();
    }

    @Override
    public void start(PluginContext context) {
        context.onRequest(request -> {
            if (request.method().equals("tools/list") && started.compareAndSet(false, true)) {
                Thread thread = new Thread(null, () -> attend(context), "parley-hub", STACK_BYTES);
                thread.setDaemon(true);
                context.onShutdown(thread::interrupt);
                thread.start();
            }
        });
    }

    private static void attend(PluginContext context) {
        try {
            PostOffices.attend(context.environment(), TraceFile.of(context.environment(), context::report));
        } catch (IOException e) {
            context.report("mail to and from other machines is not carried by this server: " + Why.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
