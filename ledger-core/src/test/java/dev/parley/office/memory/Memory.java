package dev.parley.office.memory;

import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.lock.GuardedValue;
import dev.parley.peer.NoSuchSessionException;
import dev.parley.process.ProcessIdentity;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * All that the processes of an office in memory share. Whoever reads or changes anything of it holds its monitor; whoever may
 * have ended somebody's waiting notifies it.
 */
final class Memory {

    /**
     * Who holds a lock.
     *
     * @param name tells this ownership from every other
     */
    record Ownership(ProcessIdentity holder, Instant since, String name) {}

    /**
     * Who holds a name, and renews that.
     *
     * @param renewals how often it did
     */
    record Tenure(ProcessIdentity holder, Instant since, String name, long renewals) {}

    /**
     * Where a {@link GuardedValue} is.
     *
     * @param owner empty if it is the whole office's
     */
    record ValueKey(Optional<SessionId> owner, String name) {}

    final Map<String, Ownership> locks = new HashMap<>();
    final Map<String, Tenure> tenures = new HashMap<>();
    final Map<ValueKey, byte[]> values = new HashMap<>();
    final Map<ProcessIdentity, SessionId> pointers = new HashMap<>();
    final Map<ProcessIdentity, List<SessionId>> hosted = new HashMap<>();

    private final InstantSource clock;
    private final LongSupplier elapsed;
    private final Retention retention;
    private final Map<SessionId, MemorySession> sessions = new TreeMap<>();
    private long lastStamp;

    Memory(InstantSource clock, LongSupplier elapsed, Retention retention) {
        this.clock = clock;
        this.elapsed = elapsed;
        this.retention = retention;
    }

    InstantSource clock() {
        return clock;
    }

    Instant now() {
        return clock.instant();
    }

    /** Nanoseconds since some moment; no setting of the clock changes them. */
    long elapsedNanos() {
        return elapsed.getAsLong();
    }

    Retention retention() {
        return retention;
    }

    /** Greater than all before. */
    long nextStamp() {
        return ++lastStamp;
    }

    Collection<MemorySession> sessions() {
        return sessions.values();
    }

    Optional<MemorySession> find(SessionId id) {
        return Optional.ofNullable(sessions.get(id));
    }

    MemorySession make(SessionId id) {
        return sessions.computeIfAbsent(id, absent -> new MemorySession(absent, now()));
    }

    /** The id that has the mail of a session. */
    SessionId current(SessionId id) {
        SessionId at = id;
        for (Optional<SessionId> next = movedTo(at); next.isPresent(); next = movedTo(at)) {
            at = next.get();
        }
        return at;
    }

    Optional<SessionId> movedTo(SessionId id) {
        return find(id).flatMap(session -> session.movedTo);
    }

    /** The session that has the mail of this one. */
    MemorySession session(SessionId id) throws NoSuchSessionException {
        return find(current(id)).orElseThrow(() -> new NoSuchSessionException(id));
    }

    /** The ids that lead to this one. */
    List<SessionId> olderIds(SessionId id) {
        List<SessionId> older = new ArrayList<>();
        for (MemorySession session : sessions.values()) {
            if (!session.id.equals(id) && current(session.id).equals(id)) {
                older.add(session.id);
            }
        }
        return older;
    }

    /** Lets an id lead to another, and brings over what lies there. */
    void move(SessionId from, SessionId to) throws NoSuchSessionException {
        MemorySession old = find(from).orElseThrow(() -> new NoSuchSessionException(from));
        MemorySession present = make(to);
        present.movedTo = Optional.empty();
        old.movedTo = Optional.of(to);
        present.takeAllOf(old);
        notifyAll();
    }
}
