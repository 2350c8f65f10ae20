package dev.parley.office.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.office.PostOffice;
import dev.parley.office.contract.OfficeUnderTest;
import dev.parley.office.memory.MemorySession.Letter;
import dev.parley.office.memory.MemorySession.Said;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The office in memory under test. */
public final class MemoryOffice extends OfficeUnderTest {

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final Memory memory;

    /** An empty one. */
    public MemoryOffice(Retention retention) {
        this.memory = new Memory(clock, clock::elapsedNanos, retention);
    }

    @Override
    protected PostOffice open(ProcessTable process, Seats seats) {
        return new MemoryPostOffice(memory, process, seats);
    }

    @Override
    public void pass(Duration time) {
        clock.advance(time);
    }

    @Override
    public void setClock(Duration by) {
        clock.set(by);
    }

    @Override
    public Instant now() {
        return clock.instant();
    }

    @Override
    public void says(SessionId session, String activity) throws IOException {
        synchronized (memory) {
            memory.session(session).said = Optional.of(new Said(Activity.of(activity), now()));
        }
    }

    @Override
    public void points(String process, SessionId session) {
        synchronized (memory) {
            memory.pointers.put(identity(process), session);
        }
    }

    @Override
    public void signsIdle(SessionId asker, RequestId requestId, int revision) throws IOException {
        new MemoryAsks(memory, table("hook"), asker).signIdle(requestId, revision);
    }

    @Override
    public Instant rungAt(SessionId session) throws IOException {
        synchronized (memory) {
            return memory.session(session).rungAt;
        }
    }

    @Override
    public Breakage breakLedger(SessionId session) throws IOException {
        synchronized (memory) {
            MemorySession broken = memory.session(session);
            broken.isLedgerBroken = true;
            return () -> broken.isLedgerBroken = false;
        }
    }

    /** Past the limit for one sender. */
    @Override
    public void fill(SessionId owner, int messages) throws IOException {
        synchronized (memory) {
            for (int i = 0; i < messages; i++) {
                Letter letter =
                        new Letter(memory.nextStamp(), Letters.plain(new SessionId("filler"), owner, "filler"), now());
                memory.session(owner).store(letter);
            }
        }
    }

    @Override
    public void assertSound(Tolerated tolerated) {
        List<String> found = new ArrayList<>();
        Set<MessageId> messages = new HashSet<>();
        synchronized (memory) {
            for (MemorySession session : memory.sessions()) {
                letters(session).map(letter -> letter.envelope.id()).forEach(id -> {
                    if (!messages.add(id)) {
                        found.add(id + " is there twice");
                    }
                    if (tolerated == Tolerated.NOTHING && !session.ledger.containsKey(id)) {
                        found.add(id + " can be seen, and not be looked up");
                    }
                });
                if (session.movedTo.isPresent()) {
                    letters(session)
                            .forEach(letter -> found.add("mail lies under " + session.id + ", which has moved"));
                }
            }
            if (tolerated != Tolerated.LEFTOVERS) {
                processesThatLeftSomething().forEach(process -> found.add(process + " has ended, and left something"));
            }
        }
        assertEquals(List.of(), found);
    }

    private static Stream<Letter> letters(MemorySession session) {
        return Stream.concat(
                session.waiting.values().stream(), session.claims.stream().flatMap(claim -> claim.letters.stream()));
    }

    private Stream<ProcessIdentity> processesThatLeftSomething() {
        ProcessTable processes = table("here");
        return Stream.concat(
                        memory.locks.values().stream().map(Memory.Ownership::holder),
                        memory.sessions().stream()
                                .flatMap(session -> session.waiters.stream())
                                .map(waiter -> waiter.process))
                .filter(process -> processes.vitality(process) == Vitality.DEAD);
    }
}
