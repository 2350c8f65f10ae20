package dev.parley.cockpit.web;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The files of the page, as they are; nothing of what anybody wrote is ever put into them. */
final class Page {

    /**
     * What the page may load and do: its own three files and its own server, and no text ever becomes markup or script. The
     * browser holds it to that.
     */
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
                    + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
                    + " trusted-types 'none'";

    private static final Map<String, String> TYPES = Map.of(
            "cockpit.html", "text/html; charset=utf-8",
            "cockpit.css", "text/css; charset=utf-8",
            "cockpit.js", "text/javascript; charset=utf-8",
            "icon.svg", "image/svg+xml");

    private final Map<String, Content> files;

    /** A file and its media type. */
    static final class Content {

        private final String type;
        private final byte[] bytes;

        private Content(String type, byte[] bytes) {
            this.type = type;
            this.bytes = bytes;
        }

        String type() {
            return type;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    private Page(Map<String, Content> files) {
        this.files = files;
    }

    /** Reads all of them. */
    static Page load() throws IOException {
        Map<String, Content> files = new LinkedHashMap<>();
        for (Map.Entry<String, String> file : TYPES.entrySet()) {
            String path = file.getKey().equals("cockpit.html") ? "/" : "/" + file.getKey();
            files.put(path, new Content(file.getValue(), bytes(file.getKey())));
        }
        return new Page(files);
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new FileNotFoundException("this Parley was built without " + name + "; build it again");
            }
            return in.readAllBytes();
        }
    }

    /** The file at a path of the server; empty if there is none. */
    Optional<Content> at(String path) {
        return Optional.ofNullable(files.get(path));
    }
}
