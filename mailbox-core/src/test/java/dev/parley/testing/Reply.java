package dev.parley.testing;

import dev.parley.store.Disk;
import java.util.List;

/** What the kernel answered to one {@link SystemCall}. Replies are values, as calls are. */
public sealed interface Reply {

    /** It happened, and there is nothing to tell. */
    record Done() implements Reply {}

    /** It did not happen. */
    record Failed(Errno error) implements Reply {}

    /** A handle, or the content of a file. */
    record Text(String text) implements Reply {}

    /** The names in a directory. */
    record Names(List<String> names) implements Reply {}

    /** What a name stands for. */
    record Seen(Disk.Stat stat) implements Reply {}

    /** The answer to a {@link SystemCall.Question}. */
    record Answer(Object value) implements Reply {}

    /** It happened. */
    Reply DONE = new Done();
}
