package dev.parley.client;

import dev.parley.mailbox.Mailbox;
import dev.parley.office.PostOffice;
import dev.parley.peer.WakeOutcome;
import dev.parley.peer.WakeRequest;
import dev.parley.peer.Waker;
import dev.parley.trace.Why;
import java.io.IOException;
import java.time.Duration;

/**
 * The first rung: a session whose client watches its doorbell file, which was touched when the message was stored, comes for
 * its mail by itself.
 *
 * <p>Nothing is sent here; the rung waits until the mail has left the mailbox, which is the proof. How fast that is, is in
 * {@code docs/WAKING.md}.
 */
final class DoorbellWaker implements Waker {

    /** The client reports a change of the file about a second after it; twice that is late. */
    private static final Duration PROOF = Duration.ofMillis(2500);

    private static final Duration LOOK = Duration.ofMillis(25);

    private final PostOffice office;
    private final String client;

    /** For the sessions of one client. */
    DoorbellWaker(PostOffice office, String client) {
        this.office = office;
        this.client = client;
    }

    @Override
    public String rung() {
        return Client.DOORBELL;
    }

    @Override
    public boolean reaches(String client) {
        return client.equals(this.client);
    }

    @Override
    public int order() {
        return 100;
    }

    @Override
    public WakeOutcome wake(WakeRequest request) throws InterruptedException {
        if (!request.client().equals(client)) {
            return new WakeOutcome.NotApplicable("this rung is for sessions of " + client);
        }
        try {
            if (!office.notes().isHeardFrom(request.target())) {
                return new WakeOutcome.NotApplicable("none of our hooks has run in it; run 'parley setup'");
            }
            return awaitReader(office.mailbox(request.target()));
        } catch (IOException e) {
            return new WakeOutcome.NotApplicable("the store failed: " + Why.of(e));
        }
    }

    /** A hand-over has a budget: that some of the mail has left proves as well as all that somebody came for it. */
    private static WakeOutcome awaitReader(Mailbox mailbox) throws IOException, InterruptedException {
        long start = System.nanoTime();
        int most = 0;
        for (int waiting = mailbox.waiting(); waiting > 0 && waiting >= most; waiting = mailbox.waiting()) {
            if (System.nanoTime() - start > PROOF.toNanos()) {
                return new WakeOutcome.Refused(
                        WakeOutcome.Reason.FAILED,
                        "the bell was rung and nobody came for the mail within " + PROOF.toMillis() + " ms");
            }
            most = waiting;
            Thread.sleep(LOOK.toMillis());
        }
        return new WakeOutcome.Accepted("the mail was fetched "
                + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms later");
    }
}
