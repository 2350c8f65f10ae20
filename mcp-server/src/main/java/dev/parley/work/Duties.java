package dev.parley.work;

import dev.parley.address.SessionId;
import dev.parley.ledger.Work;
import dev.parley.office.PostOffice;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** Looks at the requests that a session has received, for those that are due at some time. */
final class Duties {

    private final PostOffice office;
    private final Deadlines deadlines;

    Duties(PostOffice office, Deadlines deadlines) {
        this.office = office;
        this.deadlines = deadlines;
    }

    /** Whether there are any. */
    boolean areDue(SessionId owner) throws IOException {
        return office.work(owner).unfinished().stream()
                .anyMatch(work -> work.request().due().isPresent());
    }

    /** Does what is due by now. */
    Ahead look(SessionId owner) throws IOException, InterruptedException {
        Ahead ahead = Ahead.NOTHING;
        for (Work work : office.work(owner).unfinished()) {
            Optional<Instant> next = deadlines.pass(work, owner);
            ahead = ahead.and(new Ahead(next, false));
        }
        return ahead;
    }
}
