package dev.parley.serve;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * Which Parley this is, as the build wrote it down. Knows nothing of picocli: a class that does cannot be in the class data archive.
 */
public final class Release {

    private static final String RESOURCE = "/META-INF/parley/version.properties";

    private Release() {}

    /** The version; of a jar that of its manifest, which costs a start nothing. */
    public static String number() {
        String packed = Release.class.getPackage().getImplementationVersion();
        return packed == null ? compiled() : packed;
    }

    /** Of classes that are not in a jar. */
    private static String compiled() {
        Properties properties = new Properties();
        try (InputStream in = Release.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }
}
