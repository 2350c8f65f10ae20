package dev.parley.peer;

import java.util.List;
import java.util.Optional;

/** Whom a caller meant. */
public sealed interface Resolution {

    /** Exactly one session. */
    record Found(Peer peer) implements Resolution {}

    /** The caller itself. */
    record Self() implements Resolution {}

    /**
     * Nobody in this project.
     *
     * @param names of those who run
     * @param nearest the names most like the one that was looked for, also of those who have ended
     * @param reason why nobody can be meant, whoever is there; empty if there is no such reason
     */
    record NotFound(List<String> names, List<String> nearest, Optional<String> reason) implements Resolution {

        /** Nobody is called so. */
        public NotFound(List<String> names, List<String> nearest) {
            this(names, nearest, Optional.empty());
        }

        /** What to do about it. */
        public String hint() {
            if (reason.isPresent()) {
                return reason.get();
            }
            if (!nearest.isEmpty()) {
                return "did you mean " + String.join(" or ", nearest) + "?";
            }
            return names.isEmpty()
                    ? "no other session of this project is running; it appears once its client has started"
                    : "use one of these names";
        }
    }

    /** More than one. */
    record Ambiguous(List<Peer> candidates) implements Resolution {}

    /** A group, which is no session, see {@link Groups}; whether it is there has not been looked at. */
    record Group() implements Resolution {}

    /** A session of another project. */
    record CrossProject() implements Resolution {}
}
