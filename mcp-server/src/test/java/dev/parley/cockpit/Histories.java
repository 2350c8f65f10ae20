package dev.parley.cockpit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.SessionId;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.office.PostOffice;
import dev.parley.process.ProcessIdentity;
import dev.parley.supervise.SessionClaim;
import java.io.IOException;

/** Notes what was done to go on with sessions, in the words of {@code docs/FORMAT.md}. */
public final class Histories {

    private Histories() {}

    /** Has these lines be all that is noted of the starts of a session. */
    public static void resumes(PostOffice office, SessionId session, String... lines)
            throws IOException, InterruptedException {
        write(office, session, "resumes", lines);
    }

    /** Has these lines be all that is noted of its supervision; {@code BY} stands for the process. */
    public static void supervised(PostOffice office, SessionId session, ProcessIdentity by, String... lines)
            throws IOException, InterruptedException {
        String[] named = lines.clone();
        for (int i = 0; i < named.length; i++) {
            named[i] = named[i].replace("BY", by.toString());
        }
        write(office, session, "supervised", named);
    }

    /** What is done while somebody has the right to start a session. */
    public interface Work {
        /** Does it. */
        void run() throws Exception;
    }

    /** Does something while this process has the right to start a session. */
    public static void whileHeld(PostOffice office, SessionId own, Work work) throws Exception {
        Taken taken = (Taken) SessionClaim.of(office.leases(), own).tryAcquire();
        try (RenewableLease lease = taken.lease()) {
            lease.renew();
            work.run();
        }
    }

    private static void write(PostOffice office, SessionId session, String name, String... lines)
            throws IOException, InterruptedException {
        byte[] content = (String.join("\n", lines) + "\n").getBytes(UTF_8);
        office.leases().value(session, name).update(Leases.WAIT, present -> content);
    }
}
