package dev.parley.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Which Parley this is, as the build wrote it down. */
final class Version implements IVersionProvider {

    private static final String RESOURCE = "/META-INF/parley/version.properties";

    /** For picocli. */
    Version() {}

    static String number() {
        String packed = Version.class.getPackage().getImplementationVersion();
        return packed == null ? compiled() : packed;
    }

    /** Of classes that are not in a jar. */
    private static String compiled() {
        Properties properties = new Properties();
        try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
            if (in != null) {
                properties.load(in);
            }
        } catch (IOException e) {
            return "unknown";
        }
        return properties.getProperty("version", "unknown");
    }

    @Override
    public String[] getVersion() {
        return new String[] {
            "parley " + number(),
            "store format 1, Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor")
                    + ")"
        };
    }
}
