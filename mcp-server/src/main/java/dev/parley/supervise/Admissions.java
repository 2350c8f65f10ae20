package dev.parley.supervise;

import dev.parley.supervise.Admission.Admitted;
import dev.parley.supervise.Admission.NotYet;
import dev.parley.supervise.Admission.Parked;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** What is said of an admission. */
final class Admissions {

    private Admissions() {}

    /** {@code parked: budget until …: it was started 6 times within an hour}. */
    static String inWords(Admission admission) {
        if (admission instanceof Parked parked) {
            return "parked: " + parked.reason().word() + until(parked.until()) + ": " + parked.detail();
        }
        if (admission instanceof NotYet later) {
            return "not yet" + until(later.until()) + ": " + later.detail();
        }
        if (admission instanceof Admitted) {
            return "admitted";
        }
        throw new IllegalArgumentException("an admission of an unknown kind");
    }

    private static String until(Optional<Instant> end) {
        return end.map(at -> " until " + at.truncatedTo(ChronoUnit.SECONDS)).orElse("");
    }
}
