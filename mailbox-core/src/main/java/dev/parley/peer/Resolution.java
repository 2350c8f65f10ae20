package dev.parley.peer;

import java.util.List;

/** Whom a caller meant. */
public sealed interface Resolution {

    /** Exactly one session. */
    record Found(Peer peer) implements Resolution {}

    /** The caller itself. */
    record Self() implements Resolution {}

    /** Nobody in this project; these are the names there are. */
    record NotFound(List<String> names) implements Resolution {}

    /** More than one. */
    record Ambiguous(List<Peer> candidates) implements Resolution {}

    /** A session of another project. */
    record CrossProject() implements Resolution {}
}
