package dev.parley.wake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock.Taken;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.session.PostOffices;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which message has what resumes a session started, and what its sender is told. */
final class ResumeRungTest {

    private static final SessionId ID = new SessionId("0d80d7d3-b870-4f75-a807-43f541f7b15b");
    private static final SessionId SENDER = new SessionId("sender-0001");

    @TempDir
    private Path home;

    private PostOffice office;
    private final List<SessionId> started = new ArrayList<>();

    @BeforeEach
    void open() throws Exception {
        office = PostOffices.open(Map.of("PARLEY_HOME", home.toString()), Trace.NONE);
    }

    private Peer peer(String client, Optional<SessionId> own, ProcessIdentity process) throws Exception {
        office.peers()
                .register(new Registration(
                        ID,
                        client,
                        "/p",
                        "/p/.git",
                        Optional.of(process),
                        Optional.of(process),
                        own,
                        Optional.empty(),
                        own.isEmpty(),
                        Binding.NONE));
        return office.peers().find(ID).orElseThrow();
    }

    private int ended;

    /** Another at each call. */
    private ProcessIdentity gone() {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        return new ProcessIdentity(self.pid(), self.start() - ++ended, self.scope());
    }

    private Envelope message(boolean isRequest) throws IOException {
        Envelope message = new Envelope(
                MessageId.create(Optional.of(SENDER)),
                Instant.now(),
                Envelope.Origin.PEER,
                Optional.of(SENDER),
                "sender",
                ID,
                isRequest ? Optional.of(RequestId.create()) : Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                "do it");
        office.delivery().send(message, office.peers().find(ID).orElseThrow(), dev.parley.ledger.Delivery.Ring.NO);
        return message;
    }

    private Optional<WakeReport> climb(Peer target, boolean isRequest, String... settings) throws Exception {
        Map<String, String> environment = new java.util.HashMap<>(Map.of("PARLEY_HOME", home.toString()));
        for (int i = 0; i < settings.length; i += 2) {
            environment.put(settings[i], settings[i + 1]);
        }
        return new ResumeRung(environment, office, started::add).climb(message(isRequest), target);
    }

    @Test
    void aRequestForWhoIsGoneStartsIt() throws Exception {
        Peer target = peer(Peer.CLAUDE_CODE, Optional.of(ID), gone());
        WakeReport report = climb(target, true, "PARLEY_RESUME", "on").orElseThrow();
        assertEquals(Optional.of("resume"), report.via());
        assertEquals(List.of(ID), started);
    }

    @Test
    void nothingElseDoes() throws Exception {
        Peer target = peer(Peer.CLAUDE_CODE, Optional.of(ID), gone());
        assertEquals(Optional.empty(), climb(target, false, "PARLEY_RESUME", "on"), "no request");
        assertEquals(Optional.empty(), climb(target, true), "not switched on");
        assertEquals(Optional.empty(), climb(target, true, "PARLEY_RESUME", "on", "PARLEY_WAKE", "off"));
        Peer living = peer(Peer.CLAUDE_CODE, Optional.of(ID), LocalProcessTable.INSTANCE.self());
        assertEquals(Optional.empty(), climb(living, true, "PARLEY_RESUME", "on"), "it lives");
        assertEquals(List.of(), started);
    }

    @Test
    void whoCannotBeResumedIsLeftAlone() throws Exception {
        Peer other = peer("some-client", Optional.empty(), gone());
        assertEquals(Optional.empty(), climb(other, true, "PARLEY_RESUME", "on"));
        assertEquals(List.of(), started);
    }

    /** Of a process in another container nobody knows whether it lives. */
    @Test
    void unknownMeansNo() throws Exception {
        Peer target = peer(Peer.CLAUDE_CODE, Optional.of(ID), new ProcessIdentity(1, 1, "000000000000n1"));
        assertEquals(Optional.empty(), climb(target, true, "PARLEY_RESUME", "on"));
        assertEquals(List.of(), started);
    }

    @Test
    void aParkedOneIsToldOfAtOnceAndNotAgain() throws Exception {
        Peer target = peer(Peer.CLAUDE_CODE, Optional.of(ID), gone());
        ResumeRecords records = new ResumeRecords(office);
        Taken taken = (Taken) office.leases()
                .renewable("resume-" + ID, Duration.ofSeconds(10))
                .tryAcquire();
        try (RenewableLease lease = taken.lease()) {
            records.parked(lease, target, "permission", Optional.empty());
        }
        WakeReport report = climb(target, true, "PARLEY_RESUME", "on").orElseThrow();
        assertEquals(WakeStatus.SKIPPED_PARKED, report.status());
        assertTrue(report.reason().orElseThrow().contains("parked: permission"));
        assertEquals(List.of(), started);
        assertFalse(records.claimTelling(ID, records.of(ID).told().get(0)), "the result has told it");
        Peer back = peer(Peer.CLAUDE_CODE, Optional.of(ID), gone());
        assertEquals(
                Optional.of("resume"),
                climb(back, true, "PARLEY_RESUME", "on").orElseThrow().via(),
                "somebody has started it since");
    }

    @Test
    void whatCannotBeBegunIsSaid() throws Exception {
        Peer target = peer(Peer.CLAUDE_CODE, Optional.of(ID), gone());
        ResumeRung rung =
                new ResumeRung(Map.of("PARLEY_HOME", home.toString(), "PARLEY_RESUME", "on"), office, session -> {
                    throw new IOException("no shell");
                });
        WakeReport report = rung.climb(message(true), target).orElseThrow();
        assertEquals(Optional.empty(), report.via());
        assertTrue(report.reason().orElseThrow().contains("no shell"));
    }

    /** A person held the session while it came. */
    @Test
    void aRequestThatWasLeftIsTakenUp() throws Exception {
        Peer target = peer(Peer.CLAUDE_CODE, Optional.of(ID), gone());
        Map<String, String> on = Map.of("PARLEY_HOME", home.toString(), "PARLEY_RESUME", "on");
        ResumeRung rung = new ResumeRung(on, office, started::add);
        rung.goOn(target.id());
        assertEquals(List.of(), started, "nothing waits");
        message(true);
        new ResumeRung(Map.of("PARLEY_HOME", home.toString()), office, started::add).goOn(target.id());
        assertEquals(List.of(), started, "it is not switched on");
        rung.goOn(target.id());
        assertEquals(List.of(ID), started);
        new ResumeRung(on, office, session -> {
                    throw new IOException("no shell");
                })
                .goOn(target.id());
    }

    @Test
    void nothingOfTheSendersGoesAlong() {
        Map<String, String> kept = DetachedResume.kept(Map.ofEntries(
                Map.entry("HOME", "/h"),
                Map.entry("PATH", "/bin"),
                Map.entry("LC_ALL", "C.UTF-8"),
                Map.entry("XDG_STATE_HOME", "/s"),
                Map.entry("PARLEY_HOME", "/p"),
                Map.entry("PARLEY_RESUME", "on"),
                Map.entry("HTTPS_PROXY", "http://proxy:3128"),
                Map.entry("HTTP_PROXY", "http://user:word@proxy:3128"),
                Map.entry("ANTHROPIC_API_KEY", "k"),
                Map.entry("OPENAI_API_KEY", "k"),
                Map.entry("GITHUB_TOKEN", "k"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "k"),
                Map.entry("CLAUDE_CODE_SESSION_ID", "s"),
                Map.entry("CODEX_THREAD_ID", "s"),
                Map.entry("TMUX_PANE", "%1"),
                Map.entry("LD_PRELOAD", "/x.so"),
                Map.entry("PARLEY_SECRET", "not a setting")));
        assertEquals(
                List.of("HOME", "HTTPS_PROXY", "LC_ALL", "PARLEY_HOME", "PARLEY_RESUME", "PATH", "XDG_STATE_HOME"),
                List.copyOf(kept.keySet()));
    }
}
