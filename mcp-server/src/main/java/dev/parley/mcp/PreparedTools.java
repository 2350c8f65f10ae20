package dev.parley.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/**
 * Lists the tools before any plug-in is loaded: the result of {@code tools/list} as the build prepared it, from the
 * {@link Catalogue} of each plug-in.
 *
 * <p>It is trusted only if nothing but the plug-ins of one jar, and of the jar that this class is from, offers tools: what is
 * in one jar was built together, so the catalogue is that of the tools. Anything else (a plug-in of somebody else's, classes
 * that were compiled and not packed) is for the loaded plug-ins to tell.
 */
final class PreparedTools {
    private PreparedTools() {}

    /** What the plug-ins of these sources will list; empty if that is not known for sure. */
    static Optional<String> tools(PluginSources sources) {
        try {
            for (ToolPlugin plugin : sources.given()) {
                if (!plugin.tools().isEmpty()) {
                    return Optional.empty();
                }
            }
            boolean foreign =
                    sources.folder().isPresent() && hasJars(sources.folder().get());
            if (foreign || !Catalogue.isPacked(PreparedTools.class)) {
                return Optional.empty();
            }
            StringBuilder tools = new StringBuilder("{\"tools\":[");
            if (sources.classPath().isPresent()
                    && !append(tools, sources, sources.classPath().get())) {
                return Optional.empty();
            }
            return Optional.of(tools.append("]}").toString());
        } catch (ServiceConfigurationError | LinkageError | IOException | RuntimeException broken) {
            // Whoever loads the plug-ins meets it again, and reports it.
            return Optional.empty();
        }
    }

    private static boolean append(StringBuilder tools, PluginSources sources, ClassLoader loader) throws IOException {
        for (ToolPlugin plugin : ServiceLoader.load(ToolPlugin.class, loader)) {
            Class<?> type = plugin.getClass();
            if (!Catalogue.isPacked(type) || !Catalogue.jar(type).equals(Catalogue.jar(PreparedTools.class))) {
                return false;
            }
            Optional<ToolPlugin.Switch> wanted = plugin.switchedOnBy();
            if (wanted.isPresent() && !wanted.get().isOn(sources.environment())) {
                continue;
            }
            try (InputStream in = loader.getResourceAsStream(Catalogue.resource(type))) {
                if (in == null) {
                    return false;
                }
                String entries = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                boolean first = tools.charAt(tools.length() - 1) == '[';
                tools.append(first ? "" : ",").append(entries, 1, entries.length() - 1);
            }
        }
        return true;
    }

    private static boolean hasJars(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(folder, "*.jar")) {
            return jars.iterator().hasNext();
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }
}
