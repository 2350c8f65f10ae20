package dev.parley.cli;

import dev.parley.mailbox.PlainText;
import dev.parley.overview.Unreadable;

/** What is said of something that cannot be read. */
final class Troubles {

    private Troubles() {}

    static String sentence(Unreadable unreadable) {
        return unreadable
                        .messageId()
                        .map(id -> "message " + id + " of session " + unreadable.session() + " cannot be read")
                        .orElseGet(() -> "what session " + unreadable.session()
                                + " has received cannot be read, or not all of it")
                + ": " + PlainText.line(unreadable.reason()) + "; run 'parley check'";
    }
}
