package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks.Waiting;
import dev.parley.ledger.Retention;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessTable;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.testing.CountedDisk;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What it costs each second to know who waits. */
final class OwnCardsTest {

    private static final int SESSIONS = 8;
    private static final SessionId FIRST = new SessionId("session-1");

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final MemoryHub hub = new MemoryHub(clock, 1);
    private final Map<String, Integer> asked = new HashMap<>();
    private FilePostOffice office;
    private OwnCards cards;

    @BeforeEach
    void begin() throws Exception {
        SimulatedFiles files = Machine.files(clock);
        ProcessTable process = new SimulatedProcesses().start(1_001);
        office = new FilePostOffice(
                Store.over(Path.of("/parley"), CountedDisk.byVerb(files.disk(), asked), clock, Trace.NONE),
                process,
                Retention.DEFAULT);
        for (int i = 1; i <= SESSIONS; i++) {
            var unused = office.peers()
                    .register(new Registration(
                            new SessionId("session-" + i),
                            "codex",
                            Machine.KEY,
                            Machine.KEY,
                            Optional.of(process.self()),
                            Optional.of(process.self()),
                            Optional.empty(),
                            false));
        }
        HostName host = new HostName("laptop");
        Team team = new Team("team", host, "one", Optional.empty(), Map.of(Machine.PROJECT.token(), Machine.KEY));
        Road road = hub.as(host);
        road.restore();
        cards = new OwnCards(office, team, road);
        cards.write(Map.of());
        assertEquals(SESSIONS, hub.bucket().size());
    }

    private int calls() {
        return asked.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Test
    void whereNobodyWaitsNoFileIsRead() throws Exception {
        asked.clear();
        cards.tellWaits();
        assertFalse(asked.containsKey("readFile"), asked::toString);
        assertTrue(calls() <= 5 * SESSIONS, asked::toString);
    }

    @Test
    void ofWhoWaitsTheQuestionIsReadAndNothingOfTheOthers() throws Exception {
        PendingAsk ask = new PendingAsk(
                RequestId.create(), MessageId.create(Optional.of(FIRST)), new SessionId("session-2"), clock.instant());
        office.asks(FIRST).open(ask);
        try (Waiting waiting = office.asks(FIRST).waiting(ask.requestId())) {
            assertEquals(ask.requestId(), waiting.requestId());
            cards.tellWaits();
            asked.clear();
            cards.tellWaits();
            assertEquals(1, asked.get("readFile"), asked::toString);
            assertTrue(calls() <= 5 * SESSIONS + 45, asked::toString);
        }
        assertTrue(hub.bucket().toString().contains("laptop:session-2:"), "it was said");
        cards.tellWaits();
        assertFalse(hub.bucket().toString().contains("laptop:session-2:"), "and taken back");
    }
}
