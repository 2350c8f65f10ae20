package dev.parley.supervise;

import java.time.Instant;
import java.util.Optional;

/** Whether a session may be started now. */
public sealed interface Admission {

    /** It may, once; the start is counted, on the disk. */
    record Admitted() implements Admission {}

    /**
     * Not by itself.
     *
     * @param reason why
     * @param until when that ends by itself, as the clock stands now; empty if only somebody else can end it
     * @param detail in words
     */
    record Parked(ParkReason reason, Optional<Instant> until, String detail) implements Admission {}

    /**
     * Not yet: another is being started, or it has failed a moment ago.
     *
     * @param until when it is worth another try; empty if that depends on others
     * @param detail in words
     */
    record NotYet(Optional<Instant> until, String detail) implements Admission {}
}
