package dev.parley.cockpit.watch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Histories;
import dev.parley.cockpit.SessionEvent;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is looked at again, and what is remembered. */
final class LookerTest {

    private static final String PROJECT = "/work/project/.git";
    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId BEN = new SessionId("ben");

    private final SteppedClock clock = new SteppedClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
    private FilePostOffice office;
    private Looker looker;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        Path home = Files.createDirectory(temp.resolve("home"));
        office = new FilePostOffice(
                Store.over(home, Disk.local(Durability.PROCESS), clock, Trace.NONE),
                LocalProcessTable.INSTANCE,
                Retention.DEFAULT);
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        for (SessionId id : List.of(ANN, BEN)) {
            office.peers()
                    .register(new Registration(
                            id,
                            Peer.CLAUDE_CODE,
                            "/work/project",
                            PROJECT,
                            Optional.of(self),
                            Optional.of(self),
                            Optional.of(id),
                            Optional.empty(),
                            false,
                            Binding.NONE));
        }
        looker = new Looker(office, PROJECT);
    }

    /** As send_message sends it: wanted, but nobody holds a ticket. */
    private Envelope want(SessionId from, SessionId to) throws Exception {
        Envelope request = new Envelope(
                MessageId.create(Optional.of(from)),
                clock.instant(),
                Origin.PEER,
                Optional.of(from),
                from.value(),
                to,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                "please");
        office.delivery().send(request, Delivery.Ring.NO);
        return request;
    }

    private static List<WorkState> states(Situation situation) {
        return situation.work().items().stream()
                .map(item -> item.work().state())
                .toList();
    }

    private static int unread(Situation situation, SessionId session) {
        return situation.unread().get(session).count().orElseThrow();
    }

    private List<String> events(Situation situation, SessionId session) {
        return situation.history(session).orElseThrow().events().stream()
                .map(SessionEvent::what)
                .toList();
    }

    @Test
    void whatWasDoneToGoOnWithASessionIsLookedAtAgainOnlyWhenItMayHaveChanged() throws Exception {
        assertEquals(List.of(), events(looker.lookAnew(), ANN));
        Histories.resumes(office, ANN, "run 1 - - - -");
        assertEquals(List.of(), events(looker.look(Set.of(BEN)), ANN));
        assertEquals(List.of("resumed by hand: its end was not noted"), events(looker.look(Set.of(ANN)), ANN));
        Histories.resumes(office, ANN, "run 1 - 2 done -");
        assertEquals(List.of("resumed by hand: did its turn"), events(looker.lookAnew(), ANN));
    }

    @Test
    void aSupervisorThatEndsWithoutAWordIsFound() throws Exception {
        looker.lookAnew();
        Histories.supervised(office, ANN, LocalProcessTable.INSTANCE.self(), "began 1 BY - -");
        Histories.whileHeld(office, ANN, () -> {
            assertTrue(looker.look(Set.of(ANN))
                    .history(ANN)
                    .orElseThrow()
                    .present()
                    .isPresent());
            assertEquals(Set.of(), looker.abandoned());
        });
        assertEquals(Set.of(ANN), looker.abandoned());
        assertEquals(
                Optional.empty(),
                looker.look(Set.of(ANN)).history(ANN).orElseThrow().present());
        assertEquals(Set.of(), looker.abandoned());
    }

    @Test
    void onlyWhatMayHaveChangedIsLookedAtAgain() throws Exception {
        assertEquals(List.of(), states(looker.lookAnew()));
        Envelope request = want(ANN, BEN);
        Situation unchanged = looker.look(Set.of(ANN));
        assertEquals(List.of(), states(unchanged));
        assertEquals(0, unread(unchanged, BEN));

        Situation changed = looker.look(Set.of(BEN));
        assertEquals(List.of(WorkState.OPEN), states(changed));
        assertEquals(1, unread(changed, BEN));
        assertEquals(
                List.of(ANN),
                changed.work().waits().stream().map(wait -> wait.asker()).toList());

        office.work(BEN).change(request.id(), WorkChange.of(Actor.OWNER, WorkState.WORKING));
        assertEquals(List.of(WorkState.OPEN), states(looker.look(Set.of(ANN))));
        assertEquals(List.of(WorkState.WORKING), states(looker.look(Set.of(BEN))));
        office.work(BEN).change(request.id(), WorkChange.of(Actor.OWNER, WorkState.DECLINED));
        Situation anew = looker.lookAnew();
        assertEquals(List.of(), states(anew), "what has ended is not shown");
        assertEquals(List.of(), anew.work().waits());
    }
}
