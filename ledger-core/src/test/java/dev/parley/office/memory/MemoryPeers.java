package dev.parley.office.memory;

import dev.parley.address.SessionId;
import dev.parley.office.memory.MemorySession.Said;
import dev.parley.peer.Liveness;
import dev.parley.peer.NameWish;
import dev.parley.peer.NameWish.IfTaken;
import dev.parley.peer.Names;
import dev.parley.peer.NoSuchSessionException;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Registration;
import dev.parley.peer.Resolution;
import dev.parley.peer.Resolver;
import dev.parley.peer.Seats;
import dev.parley.process.ProcessTable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** {@link PeerDirectory} in memory. Names are looked at and cards published in one step, so no name needs a lock. */
final class MemoryPeers implements PeerDirectory {

    private final Memory memory;
    private final Liveness liveness;
    private final Seats seats;

    MemoryPeers(Memory memory, ProcessTable processes, Seats seats) {
        this.memory = memory;
        this.liveness = new Liveness(processes);
        this.seats = seats;
    }

    @Override
    public Peer register(Registration registration) throws IOException {
        synchronized (memory) {
            memory.make(registration.id()).movedTo = Optional.empty();
            return write(
                    registration.id(),
                    IfTaken.GIVE_ANOTHER,
                    present -> registration.over(present, liveness, memory.now()));
        }
    }

    /** Makes the next card from the present one. */
    private interface CardChange {
        Peer apply(Optional<Peer> present) throws IOException;
    }

    private Peer write(SessionId id, IfTaken ifTaken, CardChange change) throws IOException {
        MemorySession session = memory.find(id).orElseThrow(() -> new NoSuchSessionException(id));
        NameWish wish = NameWish.of(session.card, change.apply(session.card), ifTaken);
        boolean isGranted = wish.isGranted(this);
        while (!isGranted) {
            isGranted = wish.isGranted(this);
        }
        Peer next = wish.card();
        if (next.purpose().filter(text -> text.length() > Peer.MAX_PURPOSE).isPresent()) {
            throw new IllegalArgumentException("a purpose has at the most " + Peer.MAX_PURPOSE + " characters");
        }
        session.card = Optional.of(next);
        return next;
    }

    @Override
    public Optional<Peer> find(SessionId id) {
        synchronized (memory) {
            return memory.find(id).flatMap(session -> session.card);
        }
    }

    @Override
    public List<SessionId> ids() {
        synchronized (memory) {
            return memory.sessions().stream().map(session -> session.id).toList();
        }
    }

    @Override
    public boolean exists(SessionId id) {
        synchronized (memory) {
            return memory.find(id).isPresent();
        }
    }

    @Override
    public Optional<SessionId> movedTo(SessionId id) {
        synchronized (memory) {
            return memory.movedTo(id);
        }
    }

    @Override
    public SessionId current(SessionId id) {
        synchronized (memory) {
            return memory.current(id);
        }
    }

    @Override
    public List<Peer> peersOf(String project) {
        synchronized (memory) {
            return memory.sessions().stream()
                    .filter(session -> session.movedTo.isEmpty())
                    .flatMap(session -> session.card.stream())
                    .filter(card -> card.project().equals(project))
                    .sorted(Comparator.comparing(Peer::name).thenComparing(Peer::id))
                    .toList();
        }
    }

    @Override
    public Resolution resolve(String target, Peer caller) throws IOException {
        synchronized (memory) {
            return new Resolver(this, memory::olderIds).resolve(target, caller);
        }
    }

    @Override
    public Map<SessionId, List<String>> tmuxSessions(List<Peer> peers) {
        return seats.of(peers);
    }

    @Override
    public Peer update(SessionId id, UnaryOperator<Peer> change) throws IOException {
        synchronized (memory) {
            return write(
                    id,
                    IfTaken.REFUSE,
                    present -> change.apply(present.orElseThrow(() -> new NoSuchSessionException(id))));
        }
    }

    @Override
    public Peer move(SessionId from, Registration to) throws IOException {
        if (from.equals(to.id())) {
            return register(to);
        }
        synchronized (memory) {
            Optional<Peer> old = find(from);
            memory.move(from, to.id());
            return write(to.id(), IfTaken.GIVE_ANOTHER, present -> {
                Peer next = to.over(present, liveness, memory.now());
                return old.isPresent() ? next.inheriting(old.get(), memory.now()) : next;
            });
        }
    }

    @Override
    public void settle(SessionId id) {
        // A move is made in one step.
    }

    @Override
    public void finishMove(SessionId id) {
        // A move is made in one step.
    }

    @Override
    public void ready(SessionId id, boolean hooked) throws IOException {
        synchronized (memory) {
            MemorySession session = memory.find(id).orElseThrow(() -> new NoSuchSessionException(id));
            boolean isReady =
                    session.said.isEmpty() ? hooked : session.said.get().activity() == Activity.ENDED;
            if (isReady) {
                session.said = Optional.of(new Said(Activity.IDLE, memory.now()));
            }
        }
    }

    @Override
    public List<Peer> giveWay(Peer to) throws IOException {
        synchronized (memory) {
            List<Peer> renamed = new ArrayList<>();
            for (Peer holder : peersOf(to.project())) {
                if (!holder.id().equals(to.id()) && Names.isBeginningOf(holder.name(), to.id())) {
                    renamed.add(update(holder.id(), card -> card.withName("")));
                }
            }
            return renamed;
        }
    }

    @Override
    public void give(SessionId address, SessionId to) throws IOException {
        synchronized (memory) {
            if (address.equals(to) || find(to).isEmpty() || !exists(address)) {
                throw new IOException(address + " cannot be given to " + to + ": both have to be sessions, and two");
            }
            if (find(address).isPresent()) {
                Peer.Taking taking = new Peer.Taking(to, memory.now());
                var unused = update(address, card -> card.withTaken(Optional.of(taking)));
            }
            memory.move(address, to);
        }
    }

    @Override
    public Presence presence(Peer peer) {
        synchronized (memory) {
            Optional<Said> said = memory.find(peer.id()).flatMap(session -> session.said);
            Activity activity = said.map(Said::activity).orElse(Activity.UNKNOWN);
            Optional<Instant> since = said.map(Said::at);
            return new Presence(activity == Activity.ENDED ? Presence.Life.GONE : liveness.of(peer), activity, since);
        }
    }
}
