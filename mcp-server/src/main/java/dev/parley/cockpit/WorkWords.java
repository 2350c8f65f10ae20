package dev.parley.cockpit;

import dev.parley.ledger.Work;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.SessionOverview;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How far a request is, in words, safe to show. */
public final class WorkWords {

    private WorkWords() {}

    /** Its state, and since when it is overdue if it is. */
    public static String state(OwedWork item, Instant now) {
        return item.work().state().word()
                + overdue(item, now).map(late -> ", " + late).orElse("");
    }

    /** The same, but for a state that says nothing more than that it was asked; empty if nothing is left to say. */
    public static Optional<String> news(OwedWork item, Instant now) {
        return item.work().state() == WorkState.OPEN ? overdue(item, now) : Optional.of(state(item, now));
    }

    /** Since when it is overdue; empty if it is not. */
    public static Optional<String> overdue(OwedWork item, Instant now) {
        return item.work()
                .request()
                .due()
                .filter(due -> item.work().isOverdue(now))
                .map(due -> "overdue " + Ages.of(Duration.between(due, now)));
    }

    /** What its owner has said of it, and what it needs, in one line; empty for nothing. */
    public static Optional<String> said(Work work) {
        String note = work.note().map(PlainText::line).orElse("");
        String needs =
                work.needs().map(text -> "needs: " + PlainText.line(text)).orElse("");
        String both = note + (note.isEmpty() || needs.isEmpty() ? "" : "; ") + needs;
        return both.isEmpty() ? Optional.empty() : Optional.of(both);
    }

    /** Who asked, by the present name; of a session that is not among these, the name that it had. */
    public static String requester(OwedWork item, ProjectOverview project) {
        return PlainText.line(item.requester()
                .flatMap(project::session)
                .map(SessionOverview::peer)
                .map(peer -> peer.name())
                .orElseGet(() -> item.work().request().sender()));
    }
}
