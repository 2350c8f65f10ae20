package dev.parley.setup;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Parley wants of one configuration file.
 *
 * @param file the file, which need not exist
 * @param install makes the text with Parley in it; of a text that has it already, the same text
 * @param remove makes the text without what is Parley's, with that in its place which another text, the file's from before
 *     Parley, had there
 */
record Edit(Path file, Install install, Remove remove) {

    /** From one text of a file to the next; a file that does not exist has the empty text. */
    interface Install {
        /**
         * Applies it.
         *
         * @throws NotEditableException if that cannot be done without risk
         */
        Draft apply(Content current) throws IOException;
    }

    /** From a text of a file back to what it would be without Parley. */
    interface Remove {
        /**
         * Applies it.
         *
         * @param original what was there before; empty if that is not known, and only what nobody but setup writes goes
         * @throws NotEditableException if that cannot be done without risk
         */
        Draft apply(Content current, Optional<Content> original) throws IOException;
    }

    /** A file that is all Parley's own. One of the same name with other content is left alone. */
    static Edit ownFile(Path file, String mark, OwnText content) {
        Install guarded = current -> {
            String text = current.text();
            if (!text.isEmpty() && !text.contains(mark)) {
                throw new NotEditableException("exists and is not Parley's; move it away");
            }
            return Draft.of(current, text, content.get());
        };
        Remove restored = (current, original) -> {
            String text = current.text();
            return Draft.of(
                    current,
                    text,
                    text.contains(mark) ? original.orElse(Content.empty()).text() : text);
        };
        return new Edit(file, guarded, restored);
    }

    /** The text of such a file. */
    interface OwnText {
        String get() throws IOException;
    }
}
