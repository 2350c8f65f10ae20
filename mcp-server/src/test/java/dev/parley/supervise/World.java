package dev.parley.supervise;

import dev.parley.address.SessionId;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.LockTimeoutException;
import dev.parley.lock.OwnerLock;
import dev.parley.lock.RenewableLease;
import dev.parley.lock.RenewableLock;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import dev.parley.transcript.Transcript;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A machine that exists in memory only: its processes, its clocks, its sessions, and who holds their names. */
final class World implements Processes, Sessions, Clocks {

    static final Instant BEGIN = Instant.parse("2026-01-02T03:04:05Z");

    private Duration elapsed = Duration.ofHours(1);
    private Duration set = Duration.ZERO;
    private final Set<ProcessIdentity> living = new HashSet<>();
    private final Map<ProcessIdentity, List<ProcessIdentity>> children = new HashMap<>();
    /** What ends a process; those that are not named take any. */
    final Map<ProcessIdentity, Signal> deaf = new HashMap<>();

    final List<String> signals = new ArrayList<>();
    private final Map<ProcessIdentity, Peer> running = new HashMap<>();
    private final Map<SessionId, Peer> known = new HashMap<>();
    private final Set<SessionId> saidEnd = new HashSet<>();
    private final Map<SessionId, Transcript.Limit> limits = new HashMap<>();
    /** What was noted of sessions, in words. */
    final List<String> noted = new ArrayList<>();
    /** What is told of who runs a session, where that is not what is seen of the processes. */
    final Map<SessionId, Verdict> verdicts = new HashMap<>();

    Binding binding = Binding.NONE;
    boolean isFull;
    final Map<SessionId, Claim> claims = new HashMap<>();

    @Nullable
    IOException trouble;

    void pass(Duration time) {
        elapsed = elapsed.plus(time);
    }

    /** Somebody sets the time of day. */
    void setClock(Duration by) {
        set = set.plus(by);
    }

    @Override
    public Duration elapsed() {
        return elapsed;
    }

    @Override
    public Instant now() {
        return BEGIN.plus(elapsed).plus(set);
    }

    ProcessIdentity start(long pid) {
        ProcessIdentity process = new ProcessIdentity(pid, elapsed.toMillis(), "test");
        living.add(process);
        return process;
    }

    ProcessIdentity startBelow(ProcessIdentity parent, long pid) {
        ProcessIdentity process = start(pid);
        children.computeIfAbsent(parent, p -> new ArrayList<>()).add(process);
        return process;
    }

    void end(ProcessIdentity process) {
        living.remove(process);
    }

    @Override
    public Optional<ProcessIdentity> identify(long pid) {
        return living.stream().filter(process -> process.pid() == pid).findFirst();
    }

    @Override
    public boolean lives(ProcessIdentity process) {
        return living.contains(process);
    }

    @Override
    public List<ProcessIdentity> below(ProcessIdentity process) {
        return lives(process) ? children.getOrDefault(process, List.of()) : List.of();
    }

    @Override
    public void send(Signal signal, ProcessIdentity process) {
        if (lives(process)) {
            signals.add(signal + " " + process.pid());
            if (signal.compareTo(deaf.getOrDefault(process, Signal.INT)) >= 0) {
                end(process);
            }
        }
    }

    /** A session that runs in a process from now on. */
    Peer runs(String client, SessionId id, ProcessIdentity process) {
        Peer peer = new Peer(
                id,
                "calm-otter",
                client,
                Optional.empty(),
                Optional.empty(),
                "/work/it",
                "/work/it/.git",
                Optional.of(process),
                List.of(),
                Optional.empty(),
                false,
                now(),
                Optional.empty());
        running.put(process, peer);
        known.put(id, peer);
        return peer;
    }

    void saysEnd(SessionId id) {
        saidEnd.add(id);
    }

    void meetsLimit(SessionId id, Optional<Instant> until) {
        limits.put(id, new Transcript.Limit(Optional.of(now()), until));
    }

    private void check() throws IOException {
        if (trouble != null) {
            throw trouble;
        }
    }

    @Override
    public Optional<Found> in(List<ProcessIdentity> processes) throws IOException {
        check();
        return processes.stream()
                .filter(running::containsKey)
                .map(process -> new Found(running.get(process), process))
                .findFirst();
    }

    @Override
    public Optional<Peer> named(SessionId own) throws IOException {
        check();
        return Optional.ofNullable(known.get(own));
    }

    @Override
    public boolean hasSaidEnd(Peer peer, Instant since) throws IOException {
        check();
        return saidEnd.contains(peer.id());
    }

    @Override
    public Optional<Transcript.Limit> limit(Peer peer) {
        return Optional.ofNullable(limits.get(peer.id()));
    }

    @Override
    public Standing standing(SessionId own, Optional<Peer> peer, Path directory) throws IOException {
        check();
        Optional<ProcessIdentity> runs = running.entrySet().stream()
                .filter(each -> each.getValue().id().equals(own) && lives(each.getKey()))
                .map(Map.Entry::getKey)
                .findFirst();
        Verdict seen = runs.map(process -> new Verdict(
                        Verdict.Ruling.HELD_ELSEWHERE,
                        "its process " + process.pid() + " runs",
                        "end it where it runs"))
                .orElse(new Verdict(Verdict.Ruling.FREE, "nobody does", ""));
        return new Standing(verdicts.getOrDefault(own, seen), binding);
    }

    @Override
    public void note(RenewableLease lease, Peer peer, SupervisionLog.Step step) throws IOException {
        check();
        if (isFull) {
            throw new IOException("no space");
        }
        noted.add(step.what().word()
                + step.code().map(code -> " " + code).orElse("")
                + step.until().map(until -> " " + until).orElse(""));
    }

    @Override
    public ProcessIdentity self() {
        return new ProcessIdentity(1, 1, "test");
    }

    @Override
    public RenewableLock claim(SessionId own) {
        return claims.computeIfAbsent(own, id -> new Claim());
    }

    /** The name of a session, as all supervisors of this world see it. */
    final class Claim implements RenewableLock {

        @Nullable
        Lease holder;

        /** Somebody else takes it, whether its holder likes it or not. */
        void isTaken() {
            holder = new Lease();
        }

        @Override
        public Attempt tryAcquire() throws IOException {
            check();
            if (holder != null) {
                return new Held(new Holder("other", Optional.of(new ProcessIdentity(4711, 1, "test")), BEGIN));
            }
            holder = new Lease();
            return new Taken(holder);
        }

        @Override
        public RenewableLease acquire(Duration limit) throws IOException {
            Attempt attempt = tryAcquire();
            if (attempt instanceof Taken taken) {
                return taken.lease();
            }
            pass(limit);
            throw new LockTimeoutException("resume", limit, new OwnerLock.Busy("other", limit), "process 4711");
        }

        @Override
        public Optional<Holder> holder() {
            return holder == null
                    ? Optional.empty()
                    : Optional.of(new Holder("other", Optional.of(new ProcessIdentity(4711, 1, "test")), BEGIN));
        }

        final class Lease implements RenewableLease {

            private Duration renewed = elapsed;

            @Override
            public String ownership() {
                return "lease";
            }

            @Override
            public Duration remaining() {
                Duration remaining = SessionClaim.LEASE.minus(elapsed.minus(renewed));
                return holder != this || remaining.isNegative() ? Duration.ZERO : remaining;
            }

            @Override
            public boolean renew() throws IOException {
                check();
                renewed = elapsed;
                return holder == this;
            }

            @Override
            public void ensureHeld(Duration act) throws IOException {
                check();
                if (remaining().compareTo(act) < 0) {
                    throw new LeaseLostException("lease", remaining(), act);
                }
            }

            @Override
            public void close() {
                if (holder == this) {
                    holder = null;
                }
            }
        }
    }
}
