package dev.parley.store.mailbox;

import dev.parley.mailbox.Mailbox;
import java.nio.file.Path;

/** A {@link Mailbox.Posting} that is a file: whoever keeps a record on the same disk can give it a second name. */
public interface PostedFile extends Mailbox.Posting {

    /** As {@link EnvelopeCodec} made it, whole and forced; there until it is delivered or dropped. */
    Path file();
}
