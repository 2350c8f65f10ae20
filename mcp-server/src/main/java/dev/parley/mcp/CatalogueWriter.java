package dev.parley.mcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ServiceLoader;

/**
 * Prepares the {@link Catalogue} of every plug-in that was compiled into one folder. Run by the build, after the
 * compiler: {@code CatalogueWriter target/classes}.
 */
public final class CatalogueWriter {
    private CatalogueWriter() {}

    /**
     * Writes one resource for each plug-in that is registered as a service and whose class is in the folder.
     *
     * @param args the folder of the compiled classes
     * @throws IOException when a resource cannot be written
     */
    public static void main(String[] args) throws IOException {
        if (args.length != 1) {
            throw new IllegalArgumentException("one argument: the folder of the compiled classes");
        }
        Path classes = Path.of(args[0]);
        for (ToolPlugin plugin : ServiceLoader.load(ToolPlugin.class, CatalogueWriter.class.getClassLoader())) {
            Class<?> type = plugin.getClass();
            if (Files.exists(classes.resolve(type.getName().replace('.', '/') + ".class"))) {
                Path resource = classes.resolve(Catalogue.resource(type));
                Files.createDirectories(resource.getParent());
                Files.writeString(resource, Catalogue.fresh(plugin).toString());
            }
        }
    }
}
