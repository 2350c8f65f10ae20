import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Copies the licence and notice texts that jars carry: LicenceTexts LIB OUT makes OUT/JAR/TEXT of each. Run by the build of a
 * release.
 */
final class LicenceTexts {

    public static void main(String[] args) throws IOException {
        for (Path directory : List.of(Path.of(args[0]), Path.of(args[0], "watch"), Path.of(args[0], "..", "hub"))) {
            try (DirectoryStream<Path> jars = Files.newDirectoryStream(directory, "*.jar")) {
                for (Path jar : jars) {
                    String name = jar.getFileName().toString();
                    copy(jar, Path.of(args[1], name.substring(0, name.length() - ".jar".length())));
                }
            }
        }
    }

    private static void copy(Path jar, Path out) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                String name = entry.getName().replaceFirst("^META-INF/", "");
                String upper = name.toUpperCase(Locale.ROOT);
                if (!entry.isDirectory()
                        && !name.contains("/")
                        && (upper.contains("LICENSE") || upper.contains("NOTICE"))
                        && !upper.endsWith(".CLASS")) {
                    Files.createDirectories(out);
                    Files.write(out.resolve(name), zip.getInputStream(entry).readAllBytes());
                }
            }
        }
    }
}
