package dev.parley.cli;

import dev.parley.serve.Release;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {

    /** For picocli. */
    Version() {}

    @Override
    public String[] getVersion() {
        return new String[] {
            "parley " + Release.number(),
            "store format 1, Java " + System.getProperty("java.version") + " (" + System.getProperty("java.vendor")
                    + ")"
        };
    }
}
