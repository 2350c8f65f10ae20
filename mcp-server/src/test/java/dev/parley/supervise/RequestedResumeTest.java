package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.lock.Leases;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.session.PostOffices;
import dev.parley.session.ResumeSwitch;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Event;
import dev.parley.wake.ResumeLog;
import dev.parley.wake.ResumeRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a session from being resumed for a request, and who is told of it; a script stands in for the client. */
final class RequestedResumeTest {

    private static final SessionId ID = new SessionId("0d80d7d3-b870-4f75-a807-43f541f7b15b");
    private static final SessionId ASKER = new SessionId("asker-0001");

    @TempDir
    private Path root;

    private Path home;
    private Map<String, String> environment;
    private PostOffice office;
    private final List<String> traced = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        home = root.resolve("home");
        environment = new TreeMap<>(Map.of(
                "HOME", root.toString(),
                "PARLEY_HOME", home.toString(),
                "XDG_STATE_HOME", root.resolve("state").toString(),
                "PATH", root + ":" + System.getenv("PATH"),
                "PARLEY_RESUME_BACK_OFF_MS", "1000"));
        office = PostOffices.open(environment, (event, fields) -> {
            if (event == Event.RESUME) {
                traced.add(String.valueOf(fields.get("what")));
            }
        });
        switchedOn();
        Files.createDirectories(root.resolve(".claude/sessions"));
        Files.createDirectories(transcript().getParent());
        Files.writeString(transcript(), "{\"type\":\"user\",\"permissionMode\":\"plan\"}\n");
        client("exit 7");
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        ProcessIdentity ended = new ProcessIdentity(self.pid(), self.start() - 1, self.scope());
        register(ASKER, self);
        register(ID, ended);
        office.delivery()
                .send(
                        new Envelope(
                                MessageId.create(Optional.of(ASKER)),
                                Instant.now(),
                                Envelope.Origin.PEER,
                                Optional.of(ASKER),
                                "asker",
                                ID,
                                Optional.of(RequestId.create()),
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                "do it"),
                        office.peers().find(ID).orElseThrow(),
                        Ring.NO);
    }

    private void switchedOn() throws IOException {
        Files.writeString(home.resolve(ResumeSwitch.FILE), ResumeSwitch.MACHINE + "\n");
    }

    private Path transcript() {
        return root.resolve(".claude/projects/-p/" + ID + ".jsonl");
    }

    private void client(String turn) throws IOException {
        Path program = Files.writeString(
                root.resolve("claude"),
                "#!/bin/sh\n[ \"$1\" != agents ] || { echo '[]'; exit; }\necho >>'" + root + "/starts'\n" + turn
                        + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private void register(SessionId id, ProcessIdentity process) throws Exception {
        office.peers()
                .register(new Registration(
                        id,
                        Peer.CLAUDE_CODE,
                        root.toString(),
                        Project.of(root).key(),
                        Optional.of(process),
                        Optional.of(process),
                        Optional.of(id),
                        Optional.empty(),
                        false,
                        Binding.NONE));
    }

    private String resumed() throws Exception {
        return new RequestedResume(office, environment).run(ID);
    }

    private int starts() throws IOException {
        Path starts = root.resolve("starts");
        return Files.exists(starts) ? Files.readAllLines(starts).size() : 0;
    }

    /** The one message that the office has left for whoever asked. */
    private String told() throws Exception {
        ReceivedLedger.Listing listing = office.ledger(ASKER).listing();
        assertEquals(1, listing.ids().size(), "it is told once");
        return listing.find(listing.ids().iterator().next()).orElseThrow().body();
    }

    private Optional<String> parked() throws IOException {
        return new ResumeRecords(office)
                .parking(office.peers().find(ID).orElseThrow())
                .map(ResumeLog.Parking::reason);
    }

    @Test
    void whatCannotBeReadIsToldToWhoeverAsked() throws Exception {
        Files.createDirectory(root.resolve(".claude/sessions/1.json"));
        resumed();
        assertEquals(Optional.of("unreadable"), parked());
        assertTrue(told().contains("parked: unreadable until "), told());
        assertTrue(told().contains("Is a directory"), told());
        assertEquals(List.of("parked: unreadable"), traced);
        assertEquals(0, starts());
    }

    @Test
    void aTranscriptThatCannotBeReadIsToldAsWell() throws Exception {
        Files.delete(transcript());
        Files.delete(transcript().getParent());
        Path projects = transcript().getParent().getParent();
        Files.delete(projects);
        Files.createSymbolicLink(projects, projects);
        resumed();
        assertEquals(Optional.of("unreadable"), parked());
        assertTrue(told().contains("Too many levels of symbolic links"), told());
        assertEquals(0, starts());
    }

    @Test
    void withoutWhatIsKeptOfStartsNobodyIsStartedAndWhoeverAskedIsTold() throws Exception {
        office.leases()
                .shared("starts")
                .update(Leases.WAIT, present -> "of a version to come\n".getBytes(StandardCharsets.UTF_8));
        resumed();
        assertEquals(Optional.of("unreadable"), parked());
        assertTrue(told().contains("what is kept of starts cannot be used"), told());
        assertEquals(0, starts());
    }

    /** Its user may end that wait, and then nobody would ever have told. */
    @Test
    void whoeverItIsSupervisedByIsLeftToWaitAndWhoeverAskedIsTold() throws Exception {
        Taken taken = (Taken) SessionClaim.of(office.leases(), ID).tryAcquire();
        try (RenewableLease lease = taken.lease()) {
            assertEquals("another process sees to it", resumed());
            Instant until = Instant.parse("2036-01-02T03:04:05Z");
            new SupervisionRecords(office)
                    .note(
                            lease,
                            ID,
                            new SupervisionLog.Step(
                                    Instant.now(),
                                    SupervisionLog.What.PARKED,
                                    office.processes().self(),
                                    Optional.of(1),
                                    Optional.of(until)));
            resumed();
            assertTrue(told().contains("parked: rate_limited until " + until + ": whoever supervises it"), told());
            resumed();
            assertTrue(told().contains("parked: rate_limited"), "once");
        }
        assertEquals(0, starts());
    }

    /** What could not be kept is not taken for done. */
    @Test
    void whoCouldNotBeToldIsToldAnotherTime() throws Exception {
        Files.createDirectory(root.resolve(".claude/sessions/1.json"));
        Path inbox = home.resolve("sessions").resolve(ASKER.value()).resolve("mailbox");
        Path aside = home.resolve("sessions").resolve(ASKER.value()).resolve("aside");
        Files.move(inbox, aside);
        Files.writeString(inbox, "");
        resumed();
        assertEquals(List.of(), new ResumeRecords(office).of(ID).told());
        Files.delete(inbox);
        Files.move(aside, inbox);
        resumed();
        assertTrue(told().contains("parked: unreadable until "), told());
        assertEquals(1, new ResumeRecords(office).of(ID).told().size());
    }

    @Test
    void whoeverSwitchesItOffMeanwhileIsHeard() throws Exception {
        client("rm '" + home.resolve(ResumeSwitch.FILE) + "'\nexit 7");
        assertEquals("resuming for requests has been switched off", resumed());
        assertTrue(told().contains("has been switched off"), told());
        assertEquals(List.of("switched_off"), traced);
        assertEquals(1, starts());
    }

    /** Else it would be started again at once, as often as an hour allows. */
    @Test
    void aLimitThatIsOverIsAFailureAsAnyOther() throws Exception {
        client(limit(-60) + "rm '" + home.resolve(ResumeSwitch.FILE) + "'\nexit 1");
        resumed();
        assertEquals(Optional.empty(), parked());
        assertInstanceOf(
                Admission.NotYet.class,
                new StartBudget(office, StartLimits.DEFAULT).refusal(ID).orElseThrow());
    }

    @Test
    void aLimitOfYearsIsTakenForOneWhoseEndIsNotTold() throws Exception {
        client(limit(400L * 24 * 3600) + "exit 1");
        Instant before = Instant.now();
        resumed();
        ResumeLog.Parking parking = new ResumeRecords(office)
                .parking(office.peers().find(ID).orElseThrow())
                .orElseThrow();
        assertEquals("rate_limited", parking.reason());
        Instant until = parking.until().orElseThrow();
        assertTrue(until.isBefore(before.plus(Duration.ofHours(1))), until::toString);
        assertFalse(until.isBefore(before.plus(ClientTurn.LIMIT_WITHOUT_END)), until::toString);
    }

    /** What a client writes of a limit that ends so many seconds from now. */
    private String limit(long seconds) {
        return "printf '{\"type\":\"assistant\",\"isApiErrorMessage\":true,\"error\":\"rate_limit\",\"timestamp\":\"%s\",'"
                + " \"$(date -u +%FT%TZ)\" >>'" + transcript() + "'\n"
                + "printf '\"apiErrorParams\":{\"rate_limit_info\":{\"resetsAt\":%s}}}\\n' $(($(date +%s) + " + seconds
                + ")) >>'" + transcript() + "'\n";
    }

    /** Who resumed it was killed, and then its user ran it: nobody knows when that turn ended. */
    @Test
    void aBypassIsNeverTakenForATurnOfOurs() throws Exception {
        Files.writeString(transcript(), "{\"type\":\"user\",\"permissionMode\":\"bypassPermissions\"}\n");
        Taken taken = (Taken) SessionClaim.of(office.leases(), ID).tryAcquire();
        try (RenewableLease lease = taken.lease()) {
            new ResumeRecords(office).began(lease, ID, Optional.empty());
        }
        resumed();
        assertEquals(Optional.of("permission"), parked());
        assertTrue(told().contains("bypassPermissions"), told());
        assertEquals(0, starts());
    }
}
