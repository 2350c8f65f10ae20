package dev.parley.mcp;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds plug-ins, collects their tools and starts them. A plug-in is taken as a whole or not at all; what is wrong with
 * one becomes a {@link PluginProblem} and a line in the diagnostics.
 */
final class PluginLoader {
    private static final Pattern TOOL_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    /** A provider file that goes on failing must not keep the server from starting. */
    private static final int PROVIDER_FAILURES = 100;

    private final PluginHost host;
    private final Diagnostics diagnostics;
    private final List<BoundTool<?>> tools = new ArrayList<>();
    private final List<PluginProblem> problems = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    PluginLoader(PluginHost host, Diagnostics diagnostics) {
        this.host = host;
        this.diagnostics = diagnostics;
    }

    List<BoundTool<?>> tools() {
        return tools;
    }

    List<PluginProblem> problems() {
        return problems;
    }

    /** Takes the plug-ins that this loader and its parents know. */
    void addFromClassPath(ClassLoader loader) {
        addAll(ServiceLoader.load(ToolPlugin.class, loader), "class path", null);
    }

    /** Takes the plug-ins in the jars of a folder; a folder that does not exist has none. */
    void addFromFolder(Path folder) {
        for (ClassLoader jar : PluginJars.loaders(folder, this::problem)) {
            addAll(ServiceLoader.load(ToolPlugin.class, jar), jar.getName(), jar);
        }
    }

    /** Takes one plug-in. */
    void add(ToolPlugin plugin) {
        String name = plugin.getClass().getName();
        try {
            name = plugin.name();
            if (plugin.switchedOnBy().stream().allMatch(on -> on.isOn(host.environment()))) {
                take(plugin, name);
            }
        } catch (Throwable t) {
            failed(name, t);
        }
    }

    private void take(ToolPlugin plugin, String name) throws Exception {
        List<BoundTool<?>> bound = new ArrayList<>();
        Set<String> own = new HashSet<>();
        Catalogue catalogue = Catalogue.of(plugin.getClass());
        for (Tool<?> tool : plugin.tools()) {
            if (!TOOL_NAME.matcher(tool.name()).matches()) {
                throw new IllegalArgumentException("'" + tool.name() + "' is not a tool name");
            }
            if (names.contains(tool.name()) || !own.add(tool.name())) {
                throw new IllegalArgumentException("there is a tool named '" + tool.name() + "' already");
            }
            bound.add(bind(tool, catalogue));
        }
        PluginHost.View view = host.viewOf(name);
        try {
            plugin.start(view);
        } catch (Throwable t) {
            view.revoke();
            throw t;
        }
        names.addAll(own);
        tools.addAll(bound);
    }

    private static <I extends Record> BoundTool<I> bind(Tool<I> tool, Catalogue catalogue) {
        return new BoundTool<>(tool, catalogue.schema(tool));
    }

    private void addAll(ServiceLoader<ToolPlugin> found, String place, @Nullable ClassLoader only) {
        Iterator<ServiceLoader.Provider<ToolPlugin>> providers = found.stream().iterator();
        for (int failures = 0; failures < PROVIDER_FAILURES; ) {
            try {
                if (!providers.hasNext()) {
                    return;
                }
                ServiceLoader.Provider<ToolPlugin> provider = providers.next();
                if (only == null || provider.type().getClassLoader() == only) {
                    add(provider.get());
                }
            } catch (ServiceConfigurationError | LinkageError e) {
                failures++;
                failed(place, e);
            }
        }
    }

    private void failed(String plugin, Throwable t) {
        Throwable reason = t instanceof ServiceConfigurationError && t.getCause() != null ? t.getCause() : t;
        String message = reason.getMessage() == null ? "" : ": " + reason.getMessage();
        problems.add(new PluginProblem(plugin, reason.getClass().getSimpleName() + message));
        diagnostics.report("plug-in " + plugin + " is skipped", t);
    }

    private void problem(String plugin, String reason) {
        problems.add(new PluginProblem(plugin, reason));
        diagnostics.report("plug-in " + plugin + " is skipped: it " + reason);
    }
}
