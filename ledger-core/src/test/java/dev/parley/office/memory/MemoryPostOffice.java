package dev.parley.office.memory;

import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.MessageTracker;
import dev.parley.ledger.OpenWork;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.ReceivedLedger;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.Changes;
import dev.parley.office.PostOffice;
import dev.parley.office.Upkeep;
import dev.parley.peer.ClientNotes;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessTable;
import dev.parley.trace.Trace;
import java.time.InstantSource;
import java.util.Optional;

/** {@link PostOffice} in memory, as one process sees it. */
final class MemoryPostOffice implements PostOffice {

    private final Memory memory;
    private final ProcessTable processes;
    private final MemoryPeers peers;

    MemoryPostOffice(Memory memory, ProcessTable processes, Seats seats) {
        this.memory = memory;
        this.processes = processes;
        this.peers = new MemoryPeers(memory, processes, seats);
    }

    @Override
    public String place() {
        return "memory";
    }

    @Override
    public Mailbox mailbox(SessionId owner) {
        return new MemoryMailbox(memory, processes, owner);
    }

    @Override
    public ReceivedLedger ledger(SessionId owner) {
        return new MemoryLedger(memory, owner);
    }

    @Override
    public PendingAsks asks(SessionId owner) {
        return new MemoryAsks(memory, processes, owner);
    }

    @Override
    public OpenWork work(SessionId owner) {
        return new MemoryWork(memory, owner);
    }

    @Override
    public MemoryPeers peers() {
        return peers;
    }

    @Override
    public Delivery delivery() {
        return new MemoryDelivery(memory, this);
    }

    @Override
    public MessageTracker tracker() {
        return new MemoryTracker(memory, this);
    }

    @Override
    public Leases leases() {
        return new MemoryLeases(memory, processes);
    }

    @Override
    public ClientNotes notes() {
        return new MemoryNotes(memory);
    }

    @Override
    public ProcessTable processes() {
        return processes;
    }

    @Override
    public Changes changes(String project) {
        return new MemoryChanges(memory, project);
    }

    @Override
    public Optional<Upkeep> upkeep() {
        return Optional.empty();
    }

    @Override
    public InstantSource clock() {
        return memory.clock();
    }

    @Override
    public Trace trace() {
        return Trace.NONE;
    }
}
