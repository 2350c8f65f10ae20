package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.overview.Overview;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.setup.Examination;
import dev.parley.setup.Examination.Level;
import dev.parley.store.Durability;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.supervise.SessionClaim;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code parley doctor} says of bindings, and of sessions that are or were supervised. */
final class DoctorBindingsTest {

    private static final SessionId ID = new SessionId("7b1f0c4e-52a1-4c3e-9a55-0123456789ab");
    private static final String PROJECT = "/work/project/.git";
    private static final ProcessIdentity SELF = LocalProcessTable.INSTANCE.self();
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");

    private final Map<String, String> unreadable = new HashMap<>();
    private Store store;
    private FilePostOffice office;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        Trace trace = (event, fields) -> {
            if (event == Event.BINDING_UNREADABLE) {
                unreadable.put(String.valueOf(fields.get("session")), "it is damaged");
            }
        };
        store = Store.open(home.resolve("store"), Durability.PROCESS, trace);
        office = new FilePostOffice(store, LocalProcessTable.INSTANCE, Retention.DEFAULT);
    }

    private Peer register(Optional<ProcessIdentity> process) throws Exception {
        office.peers()
                .register(new Registration(
                        ID, Peer.CLAUDE_CODE, "/work/project", PROJECT, process, process, Optional.empty(), false));
        return office.peers().update(ID, peer -> peer.withName("calm-otter"));
    }

    private void busy() throws IOException {
        Files.writeString(store.activity(ID), "busy\n");
    }

    private List<Examination> examine() throws IOException {
        var unused = office.peers().noted(office.peers().find(ID).orElseThrow());
        return new DoctorBindings(office, unreadable)
                .examine(new Overview(office).of(PROJECT).sessions());
    }

    private Examination only(String check) throws IOException {
        List<Examination> found = examine().stream()
                .filter(examination -> examination.check().equals(check))
                .toList();
        assertEquals(1, found.size(), () -> found + " of " + check);
        return found.get(0);
    }

    /** In the words of the format, as a supervisor notes it. */
    private void supervised(ProcessIdentity by, String... steps) throws Exception {
        RenewableLease lease = ((Taken) SessionClaim.of(office.leases(), ID).tryAcquire()).lease();
        StringBuilder lines = new StringBuilder();
        for (String step : steps) {
            lines.append(step.replace("BY", by.toString())).append('\n');
        }
        office.leases()
                .value(ID, "supervised")
                .update(
                        java.time.Duration.ofSeconds(2),
                        present -> lines.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8));
        if (!by.equals(SELF)) {
            lease.close();
        }
    }

    @Test
    void whatIsKeptIsWell() throws Exception {
        register(Optional.of(SELF));
        busy();
        Files.writeString(
                store.part(ID, Part.BINDING), "{\"v\":1,\"session\":\"" + ID + "\",\"permission_mode\":\"plan\"}\n");

        Examination found = only("bindings");

        assertEquals(Level.OK, found.level());
        assertTrue(found.seen().contains("kept for 1 of those that run"), found::toString);
    }

    @Test
    void whatHooksDidNotNoteOrNobodyCanReadIsNamed() throws Exception {
        register(Optional.of(SELF));
        busy();
        Examination missing = only("binding of calm-otter");
        assertEquals(Level.WARNING, missing.level());
        assertTrue(missing.seen().contains("its hooks have noted nothing"), missing::toString);

        Files.createDirectory(store.part(ID, Part.BINDING));
        Examination damaged = only("binding of calm-otter");
        assertTrue(damaged.seen().contains("cannot be read: it is damaged"), damaged::toString);
        assertTrue(damaged.remedy().contains("parley check"), damaged::toString);
    }

    /** Of a session that has not been prompted no hook of Codex has run yet. */
    @Test
    void whatNeedNotBeThereYetIsNotMissed() throws Exception {
        office.peers()
                .register(new Registration(
                        ID,
                        Peer.CODEX,
                        "/work/project",
                        PROJECT,
                        Optional.of(SELF),
                        Optional.of(SELF),
                        Optional.empty(),
                        false));
        Files.writeString(store.activity(ID), "idle\n");
        assertEquals(
                List.of("bindings"), examine().stream().map(Examination::check).toList());
    }

    @Test
    void whoIsLookedAfterIsSaidByWhom() throws Exception {
        register(Optional.of(SELF));
        supervised(SELF, "began " + AT.toEpochMilli() + " BY - -", "resumed " + AT.toEpochMilli() + " BY 137 -");

        Examination found = only("supervision of calm-otter");

        assertEquals(Level.OK, found.level());
        assertTrue(found.seen().contains("by process " + SELF.pid() + ", resumed 1 times"), found::toString);
    }

    @Test
    void whoIsParkedIsSaidUntilWhenAndWhetherAnybodyWaits() throws Exception {
        register(Optional.empty());
        String parked = "parked " + AT.toEpochMilli() + " BY 1 " + AT.toEpochMilli();
        supervised(SELF, parked);
        Examination waits = only("supervision of calm-otter");
        assertEquals(Level.WARNING, waits.level());
        assertTrue(
                waits.seen().contains("parked: rate_limited until 2026-01-02T03:04:05Z, by process"), waits::toString);
        assertTrue(waits.remedy().contains("Ctrl-C"), waits::toString);
    }

    @Test
    void aSupervisorThatHasEndedIsNamed() throws Exception {
        register(Optional.of(SELF));
        ProcessIdentity gone = new ProcessIdentity(SELF.pid(), SELF.start() + 1, SELF.scope());
        supervised(gone, "began " + AT.toEpochMilli() + " BY - -");
        Examination alone = only("supervision of calm-otter");
        assertEquals(Level.WARNING, alone.level());
        assertTrue(alone.seen().contains("nobody resumes the session after a crash"), alone::toString);

        supervised(gone, "parked " + AT.toEpochMilli() + " BY 1 -");
        Examination parked = only("supervision of calm-otter");
        assertTrue(parked.seen().contains("but whoever waited for that has ended"), parked::toString);
        assertEquals("parley resume calm-otter", parked.remedy());

        supervised(gone, "ended " + AT.toEpochMilli() + " BY 0 -");
        assertTrue(examine().stream().noneMatch(each -> each.check().startsWith("supervision")));
    }
}
