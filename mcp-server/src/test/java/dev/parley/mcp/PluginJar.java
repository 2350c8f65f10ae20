package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Makes plug-in jars from source, as somebody else would. */
public final class PluginJar {
    private PluginJar() {}

    /** Compiles one class of the package {@code foreign} and puts it into a jar that names it as its plug-in. */
    public static Path compile(Path jar, String className, String body) throws IOException {
        Path work = Files.createTempDirectory("plugin");
        Path source = work.resolve(className + ".java");
        Files.writeString(
                source,
                "package foreign; import dev.parley.mcp.*; import java.util.*; public class " + className
                        + " implements ToolPlugin {" + body + "}");
        Path classes = Files.createDirectories(work.resolve("classes"));
        int code = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        OutputStream.nullOutputStream(),
                        System.err,
                        "-proc:none",
                        "-nowarn",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-d",
                        classes.toString(),
                        source.toString());
        assertEquals(0, code);
        return pack(jar, classes, List.of("foreign." + className));
    }

    /** Packs a folder of classes and names these classes as plug-ins. */
    static Path pack(Path jar, Path classes, List<String> plugins) throws IOException {
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            out.putNextEntry(new JarEntry("META-INF/services/" + ToolPlugin.class.getName()));
            out.write(String.join("\n", plugins).getBytes(StandardCharsets.UTF_8));
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar;
    }
}
