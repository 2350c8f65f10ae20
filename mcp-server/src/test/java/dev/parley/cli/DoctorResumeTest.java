package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.session.PostOffices;
import dev.parley.setup.Examination;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import dev.parley.wake.ResumeRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of resuming. */
final class DoctorResumeTest {

    private static final SessionId ID = new SessionId("0d80d7d3-b870-4f75-a807-43f541f7b15b");

    @TempDir
    private Path root;

    private Examination examined(String setting) throws Exception {
        return new DoctorResume(Map.of("PARLEY_HOME", root.resolve("home").toString(), "PARLEY_RESUME", setting), root)
                .examine();
    }

    @Test
    void saysWhetherItIsOnAndWhoIsParked() throws Exception {
        assertEquals(Examination.Level.OK, examined("").level());
        assertTrue(examined("").seen().startsWith("off here"), examined("")::seen);
        assertTrue(examined("on").seen().startsWith("on here"), examined("on")::seen);
        assertEquals(Examination.Level.OK, examined("on").level());

        PostOffice office =
                PostOffices.open(Map.of("PARLEY_HOME", root.resolve("home").toString()), Trace.NONE);
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        ProcessIdentity ended = new ProcessIdentity(self.pid(), self.start() - 1, self.scope());
        office.peers()
                .register(new Registration(
                        ID,
                        Peer.CLAUDE_CODE,
                        root.toString(),
                        Project.of(root).key(),
                        Optional.of(ended),
                        Optional.of(ended),
                        Optional.of(ID),
                        Optional.empty(),
                        false,
                        Binding.NONE));
        Peer peer = office.peers().find(ID).orElseThrow();
        Taken taken = (Taken) office.leases()
                .renewable("resume-" + ID, Duration.ofSeconds(10))
                .tryAcquire();
        try (RenewableLease lease = taken.lease()) {
            new ResumeRecords(office).parked(lease, peer, "crash_loop", Optional.empty());
        }
        Examination parked = examined("on");
        assertEquals(Examination.Level.WARNING, parked.level());
        assertTrue(parked.seen().contains(peer.name() + " (parked: crash_loop)"), parked::seen);
        assertTrue(parked.remedy().contains("parley resume"), parked::remedy);
    }

    @Test
    void whatIsKeptOfStartsAndCannotBeUsedIsAFailure() throws Exception {
        PostOffices.open(Map.of("PARLEY_HOME", root.resolve("home").toString()), Trace.NONE)
                .leases()
                .shared("starts")
                .update(Leases.WAIT, present -> "of a version to come\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(Examination.Level.FAILURE, examined("on").level());
        assertTrue(examined("on").seen().contains("nothing is started"), examined("on")::seen);
        assertEquals(Examination.Level.OK, examined("").level(), "nobody would be started");
    }

    @Test
    void whatCannotBeReadIsAFailure() throws Exception {
        Files.createDirectories(root.resolve("home/resume"));
        assertEquals(Examination.Level.FAILURE, examined("").level());
    }
}
