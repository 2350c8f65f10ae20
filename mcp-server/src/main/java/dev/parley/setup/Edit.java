package dev.parley.setup;

import java.nio.file.Path;

/**
 * What Parley wants of one configuration file.
 *
 * @param file the file, which need not exist
 * @param install makes the text with Parley in it; of a text that has it already, the same text
 * @param remove makes the text without anything of Parley's; of a text that has none, the same text
 */
record Edit(Path file, Rewrite install, Rewrite remove) {

    /** From one text of a file to the next; a file that does not exist has the empty text, and one with it is deleted. */
    interface Rewrite {
        String apply(String current) throws NotEditableException;
    }

    /** A file that is all Parley's own. One of the same name with other content is left alone. */
    static Edit ownFile(Path file, String mark, String content) {
        Rewrite guarded = current -> {
            if (!current.isEmpty() && !current.contains(mark)) {
                throw new NotEditableException("exists and is not Parley's; move it away");
            }
            return content;
        };
        return new Edit(file, guarded, current -> current.contains(mark) ? "" : current);
    }
}
