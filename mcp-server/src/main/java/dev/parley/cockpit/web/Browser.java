package dev.parley.cockpit.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Opens the page in the person's browser. Every user of the machine can see with which arguments a program runs, so the browser
 * is not given the address, but a file that leads there and that nobody else can read. The file goes with this.
 */
public final class Browser implements AutoCloseable {

    private final Path directory;
    private final Path file;

    private Browser(Path directory) {
        this.directory = directory;
        this.file = directory.resolve("parley.html");
    }

    /**
     * Opens an address.
     *
     * @param environment of the browser: the person's own
     * @throws IOException if there is no program that opens addresses, or the file cannot be written; nothing is left behind
     */
    public static Browser open(String address, Map<String, String> environment) throws IOException {
        boolean isMac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        return open(address, isMac ? "open" : "xdg-open", environment);
    }

    /** With a program of this name. */
    static Browser open(String address, String opener, Map<String, String> environment) throws IOException {
        Browser browser = new Browser(Files.createTempDirectory(
                "parley-web-", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        try {
            Files.createFile(
                    browser.file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(
                    browser.file,
                    "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">"
                            + "<title>Parley</title><meta http-equiv=\"refresh\" content=\"0;url=" + address + "\">\n",
                    UTF_8);
            ProcessBuilder program = new ProcessBuilder(List.of(opener, browser.file.toString()))
                    .redirectInput(Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(Redirect.DISCARD)
                    .redirectError(Redirect.DISCARD);
            program.environment().clear();
            program.environment().putAll(environment);
            program.start();
            return browser;
        } catch (IOException e) {
            browser.close();
            throw e;
        }
    }

    /** Removes the file. */
    @Override
    public void close() throws IOException {
        Files.deleteIfExists(file);
        Files.deleteIfExists(directory);
    }
}
