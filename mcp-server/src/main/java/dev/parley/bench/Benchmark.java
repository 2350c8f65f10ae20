package dev.parley.bench;

import dev.parley.bench.Results.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Measures servers from outside, as their clients see them: one sample of each in turn, in changing order, so that what
 * else the machine does at a moment falls on all of them.
 *
 * <p>Everything happens in directories of its own, which are gone afterwards; so are the processes.
 */
public final class Benchmark {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int BODY = 1024;
    private static final int SENDS_PER_ROUND = 20;
    private static final int DRAINED_PER_ROUND = 100;
    private static final int FULL_HOOK = 50;
    private static final int HOOK_BODY = 150;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final String READ = "read_my_messages";
    private static final Kind FIRST_CALL = new Kind("start_first_call", "start to first call that works", "ms");
    private static final Kind SEND = new Kind("send", "send 1 KB", "ms");

    private final List<Candidate> candidates;
    private final Map<String, String> user;
    private final int rounds;
    private final int servers;
    private final Consumer<String> progress;
    private final Results results = new Results();
    private final Random order = new Random(1);
    private final Map<Candidate, Pair> pairs = new LinkedHashMap<>();

    /** Those whose sessions can do nothing before they have claimed an address. */
    private final Set<Candidate> claiming = new HashSet<>();

    /**
     * A benchmark; nothing has run yet.
     *
     * @param user the user's environment
     * @param rounds samples of what is slow; what is quick gets more
     * @param servers so many run at once where their memory is measured
     * @param progress told what is being measured
     */
    public Benchmark(
            List<Candidate> candidates, Map<String, String> user, int rounds, int servers, Consumer<String> progress) {
        this.candidates = List.copyOf(candidates);
        this.user = Map.copyOf(user);
        this.rounds = rounds;
        this.servers = servers;
        this.progress = progress;
    }

    /** What was measured so far; another thread may ask. */
    public Results results() {
        return results;
    }

    /**
     * Measures everything. What a candidate cannot do is noted, and all else is measured.
     *
     * @throws BenchException if a server does not do at its first start what an MCP server does, or this process is being ended
     */
    public void run() throws BenchException, IOException, InterruptedException {
        warmUp();
        start();
        memory();
        try {
            for (Candidate candidate : candidates) {
                progress.accept("two sessions of " + candidate.label());
                open(SEND, candidate);
            }
            send();
            ask();
            hooks();
            drain();
        } finally {
            for (Pair pair : pairs.values()) {
                pair.close();
            }
        }
    }

    /** What a candidate is asked to do. */
    @FunctionalInterface
    private interface Measurement {
        void run(Pair pair) throws BenchException, IOException, InterruptedException;
    }

    private void open(Kind kind, Candidate candidate) throws BenchException, IOException, InterruptedException {
        try {
            Pair pair = Pair.open(candidate, user, LIMIT, results::freeze);
            if (pair.hasMessages()) {
                pairs.put(candidate, pair);
            } else {
                pair.close();
                results.cannot(kind, candidate, candidate.label() + " has no tools to send and to read messages");
            }
        } catch (BenchException e) {
            cannot(kind, candidate, e);
        }
    }

    /**
     * Measures something of all that can send, in changing order. Who fails is not asked for it again, and goes on with new
     * sessions: what the old ones are in the middle of is not known.
     *
     * @param failed who has failed already
     */
    private void each(Kind kind, Set<Candidate> failed, Measurement measurement)
            throws BenchException, IOException, InterruptedException {
        for (Candidate candidate : shuffled(List.copyOf(pairs.keySet()))) {
            Pair pair = pairs.get(candidate);
            if (pair == null || failed.contains(candidate)) {
                continue;
            }
            try {
                measurement.run(pair);
            } catch (BenchException e) {
                failed.add(candidate);
                cannot(kind, candidate, e);
                pairs.remove(candidate);
                pair.close();
                open(kind, candidate);
            }
        }
    }

    private <T> List<T> shuffled(List<T> all) {
        List<T> turn = new ArrayList<>(all);
        Collections.shuffle(turn, order);
        return turn;
    }

    /** The first start fills the system's caches. */
    private void warmUp() throws BenchException, IOException, InterruptedException {
        for (Candidate candidate : candidates) {
            progress.accept("a first start of " + candidate.label());
            try (Scratch scratch = Scratch.make(results::freeze);
                    Session session = started(candidate, scratch)) {
                session.initialize();
                Set<String> tools = session.tools();
                if (tools.contains(READ) && tools.contains(Pair.CLAIM) && refusesToRead(session)) {
                    claiming.add(candidate);
                }
            }
        }
    }

    private static boolean refusesToRead(Session session) throws InterruptedException {
        try {
            var unused = session.call(READ, Map.of());
            return false;
        } catch (BenchException e) {
            return true;
        }
    }

    private Session started(Candidate candidate, Scratch scratch) throws BenchException {
        return Session.start(candidate, scratch.project(), scratch.environment(user), LIMIT);
    }

    private void start() throws BenchException, IOException, InterruptedException {
        Set<Candidate> uncalled = new HashSet<>();
        Set<Candidate> failed = new HashSet<>();
        for (int round = 1; round <= rounds; round++) {
            progress.accept("start " + round + "/" + rounds);
            for (Candidate candidate : shuffled(candidates)) {
                if (!failed.contains(candidate)) {
                    try (Scratch scratch = Scratch.make(results::freeze)) {
                        start(candidate, scratch, !uncalled.contains(candidate));
                    } catch (BenchException e) {
                        // Most likely it is the call: what is before that is measured all the same.
                        if (!uncalled.add(candidate)) {
                            failed.add(candidate);
                        }
                        cannot(FIRST_CALL, candidate, e);
                    }
                }
            }
        }
    }

    private void start(Candidate candidate, Scratch scratch, boolean isCalled)
            throws BenchException, InterruptedException {
        long start = System.nanoTime();
        try (Session session = started(candidate, scratch)) {
            session.initialize();
            results.add(
                    new Kind("start_initialize", "start to initialize answered", "ms"),
                    candidate,
                    (System.nanoTime() - start) / NANOS_PER_MILLI);
            Set<String> tools = session.tools();
            results.add(
                    new Kind("start_tools_list", "start to tools/list answered", "ms"),
                    candidate,
                    (System.nanoTime() - start) / NANOS_PER_MILLI);
            if (!isCalled) {
                return;
            }
            if (!tools.contains(READ)) {
                throw new BenchException(candidate.label() + " has no tool " + READ);
            }
            if (claiming.contains(candidate)) {
                String unused = Pair.claim(session, tools);
            }
            var unused = session.call(READ, Map.of());
            results.add(FIRST_CALL, candidate, (System.nanoTime() - start) / NANOS_PER_MILLI);
        }
    }

    /**
     * Notes that a candidate cannot do something.
     *
     * @throws BenchException if that is because this process is ended
     */
    private void cannot(Kind kind, Candidate candidate, BenchException why) throws BenchException {
        if (results.isFrozen()) {
            throw why;
        }
        results.cannot(kind, candidate, String.valueOf(why.getMessage()));
    }

    private void memory() throws BenchException, IOException, InterruptedException {
        for (Candidate candidate : candidates) {
            progress.accept("memory of " + servers + " servers of " + candidate.label());
            try (Scratch scratch = Scratch.make(results::freeze)) {
                List<Session> all = new ArrayList<>();
                try {
                    for (int i = 0; i < servers; i++) {
                        Session session = started(candidate, scratch);
                        all.add(session);
                        session.initialize();
                        session.request("tools/list", Session.nothing());
                    }
                    // What a server does after its start, such as registering, belongs to it.
                    Thread.sleep(1000);
                    all.forEach(session -> Memory.of(session.process()).ifPresent(memory -> add(candidate, memory)));
                } catch (BenchException e) {
                    cannot(new Kind("memory_rss", memoryOf("shared too (RSS)"), "MiB"), candidate, e);
                } finally {
                    all.forEach(Session::close);
                }
            }
        }
    }

    private void add(Candidate candidate, Memory memory) {
        results.add(new Kind("memory_rss", memoryOf("shared too (RSS)"), "MiB"), candidate, memory.resident());
        results.add(new Kind("memory_pss", memoryOf("its part (PSS)"), "MiB"), candidate, memory.proportional());
        results.add(new Kind("memory_uss", memoryOf("its own (USS)"), "MiB"), candidate, memory.own());
    }

    private String memoryOf(String what) {
        return "one of " + servers + " servers, " + what;
    }

    private void send() throws BenchException, IOException, InterruptedException {
        Kind floor = new Kind("two_forced_writes", "two forced writes, in turn with it", "ms");
        Set<Candidate> failed = new HashSet<>();
        for (int round = 1; round <= rounds; round++) {
            progress.accept("send " + round + "/" + rounds);
            for (int i = 0; i < SENDS_PER_ROUND; i++) {
                each(SEND, failed, pair -> {
                    results.add(SEND, pair.candidate(), pair.send(BODY));
                    results.add(floor, pair.candidate(), pair.floors().twoForcedWrites());
                });
            }
        }
        each(SEND, failed, pair -> pair.drain());
    }

    private void ask() throws BenchException, IOException, InterruptedException {
        Kind ask = new Kind("ask_answered", "reply returned to asker has it", "ms");
        Set<Candidate> failed = new HashSet<>();
        for (int round = 1; round <= rounds; round++) {
            progress.accept("ask " + round + "/" + rounds);
            each(ask, failed, pair -> {
                if (!pair.has("ask_peer") || !pair.has("reply_to_message")) {
                    throw new BenchException(pair.candidate().label() + " has no tools to ask and to reply");
                }
                results.add(ask, pair.candidate(), pair.ask());
            });
        }
    }

    private void hooks() throws BenchException, IOException, InterruptedException {
        Kind empty = new Kind("hook_empty", "hook, no mail", "ms");
        Set<Candidate> failed = new HashSet<>();
        for (int round = 1; round <= rounds; round++) {
            progress.accept("hooks " + round + "/" + rounds);
            each(empty, failed, pair -> {
                if (pair.candidate().hook().isPresent()) {
                    Path hook = pair.candidate().hook().get();
                    results.add(
                            new Kind("empty_shell", "bash -c :", "ms"),
                            pair.candidate(),
                            pair.floors().emptyShell());
                    hooked(pair, hook, 0, empty);
                    hooked(pair, hook, 1, new Kind("hook_one", "hook, one message", "ms"));
                    hooked(pair, hook, FULL_HOOK, new Kind("hook_fifty", "hook, 50 messages", "ms"));
                }
            });
        }
    }

    private void hooked(Pair pair, Path hook, int messages, Kind kind)
            throws BenchException, IOException, InterruptedException {
        for (int i = 0; i < messages; i++) {
            pair.send(HOOK_BODY);
        }
        results.add(kind, pair.candidate(), pair.hook(hook));
        pair.drain();
    }

    private void drain() throws BenchException, IOException, InterruptedException {
        int messages = DRAINED_PER_ROUND * Math.min(10, rounds);
        Kind drain = new Kind("drain", "read " + messages + " messages of 1 KB", "ms");
        Kind call = new Kind("read_first", "the first call of that", "ms");
        Set<Candidate> failed = new HashSet<>();
        for (int round = 1; round <= 2; round++) {
            progress.accept("drain " + messages + " messages, " + round + "/2");
            each(drain, failed, pair -> {
                for (int i = 0; i < messages; i++) {
                    pair.send(BODY);
                }
                Pair.Drained drained = pair.drain();
                if (drained.messages() != messages) {
                    throw new BenchException(pair.candidate().label() + " delivered " + drained.messages() + " of "
                            + messages + " messages that it had accepted");
                }
                results.add(drain, pair.candidate(), drained.millis());
                results.add(call, pair.candidate(), drained.first());
            });
        }
    }
}
