package dev.parley.bench;

import dev.parley.bench.Results.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
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

    private final List<Candidate> candidates;
    private final Map<String, String> user;
    private final int rounds;
    private final Consumer<String> progress;
    private final Results results = new Results();
    private final Random order = new Random(1);

    /**
     * A benchmark; nothing has run yet.
     *
     * @param user the user's environment
     * @param rounds samples of what is slow; what is quick gets more
     * @param progress told what is being measured
     */
    public Benchmark(List<Candidate> candidates, Map<String, String> user, int rounds, Consumer<String> progress) {
        this.candidates = List.copyOf(candidates);
        this.user = Map.copyOf(user);
        this.rounds = rounds;
        this.progress = progress;
    }

    /**
     * Measures everything.
     *
     * @throws BenchException if a server does not do what an MCP server does; nothing of it is left running
     */
    public Results run() throws BenchException, IOException, InterruptedException {
        warmUp();
        start();
        memory();
        List<Pair> pairs = new ArrayList<>();
        try {
            for (Candidate candidate : candidates) {
                progress.accept("two sessions of " + candidate.label());
                Optional<Pair> pair = Pair.open(candidate, user, LIMIT);
                pair.ifPresent(pairs::add);
                if (pair.isEmpty()) {
                    progress.accept(candidate.label() + " has no tools for messages: only its start is compared");
                }
            }
            send(pairs);
            ask(pairs);
            hooks(pairs);
            drain(pairs);
        } finally {
            for (Pair pair : pairs) {
                pair.close();
            }
        }
        return results;
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
            try (Scratch scratch = Scratch.make();
                    Session session = started(candidate, scratch)) {
                session.initialize();
                session.request("tools/list", Session.nothing());
            }
        }
    }

    private Session started(Candidate candidate, Scratch scratch) throws BenchException {
        return Session.start(candidate, scratch.project(), scratch.environment(user), LIMIT);
    }

    private void start() throws BenchException, IOException, InterruptedException {
        Kind initialize = new Kind("start_initialize", "start to initialize answered", "ms");
        Kind list = new Kind("start_tools_list", "start to tools/list answered", "ms");
        for (int round = 1; round <= rounds; round++) {
            progress.accept("start " + round + "/" + rounds);
            for (Candidate candidate : shuffled(candidates)) {
                try (Scratch scratch = Scratch.make()) {
                    long start = System.nanoTime();
                    try (Session session = started(candidate, scratch)) {
                        session.initialize();
                        results.add(initialize, candidate, (System.nanoTime() - start) / NANOS_PER_MILLI);
                        session.request("tools/list", Session.nothing());
                        results.add(list, candidate, (System.nanoTime() - start) / NANOS_PER_MILLI);
                        firstCall(candidate, session, start);
                    }
                }
            }
        }
    }

    private void firstCall(Candidate candidate, Session session, long start)
            throws BenchException, InterruptedException {
        if (candidate.hook().isPresent()) {
            session.call("read_my_messages", Map.of("limit", 1));
            results.add(
                    new Kind("start_first_call", "start to first call answered", "ms"),
                    candidate,
                    (System.nanoTime() - start) / NANOS_PER_MILLI);
        }
    }

    private void memory() throws BenchException, IOException, InterruptedException {
        int servers = Math.min(4, rounds);
        for (Candidate candidate : candidates) {
            progress.accept("memory of " + servers + " servers of " + candidate.label());
            try (Scratch scratch = Scratch.make()) {
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
                } finally {
                    all.forEach(Session::close);
                }
            }
        }
    }

    private void add(Candidate candidate, Memory memory) {
        results.add(new Kind("memory_rss", "memory, with what is shared (RSS)", "MiB"), candidate, memory.resident());
        results.add(new Kind("memory_pss", "memory, its part of it (PSS)", "MiB"), candidate, memory.proportional());
        results.add(new Kind("memory_uss", "memory of its own (USS)", "MiB"), candidate, memory.own());
    }

    private void send(List<Pair> pairs) throws BenchException, IOException, InterruptedException {
        Kind send = new Kind("send", "send 1 KB", "ms");
        Kind floor = new Kind("two_forced_writes", "two forced writes, in turn with it", "ms");
        for (int round = 1; round <= rounds; round++) {
            progress.accept("send " + round + "/" + rounds);
            for (int i = 0; i < SENDS_PER_ROUND; i++) {
                for (Pair pair : shuffled(pairs)) {
                    results.add(send, pair.candidate(), pair.send(BODY));
                    results.add(floor, pair.candidate(), pair.floors().twoForcedWrites());
                }
            }
        }
        for (Pair pair : pairs) {
            pair.drain();
        }
    }

    private void ask(List<Pair> pairs) throws BenchException, InterruptedException {
        Kind ask = new Kind("ask_answered", "reply returned to asker has it", "ms");
        for (int round = 1; round <= rounds; round++) {
            progress.accept("ask " + round + "/" + rounds);
            for (Pair pair : shuffled(pairs)) {
                results.add(ask, pair.candidate(), pair.ask());
            }
        }
    }

    private void hooks(List<Pair> pairs) throws BenchException, IOException, InterruptedException {
        for (Pair pair : pairs) {
            if (pair.candidate().hook().isPresent()) {
                Path hook = pair.candidate().hook().get();
                for (int round = 1; round <= rounds; round++) {
                    progress.accept("hooks " + round + "/" + rounds);
                    results.add(
                            new Kind("empty_shell", "bash -c :", "ms"),
                            pair.candidate(),
                            pair.floors().emptyShell());
                    hooked(pair, hook, 0, "hook_empty", "hook, no mail");
                    hooked(pair, hook, 1, "hook_one", "hook, one message");
                    hooked(pair, hook, FULL_HOOK, "hook_fifty", "hook, 50 messages");
                }
            }
        }
    }

    private void hooked(Pair pair, Path hook, int messages, String name, String title)
            throws BenchException, IOException, InterruptedException {
        for (int i = 0; i < messages; i++) {
            pair.send(HOOK_BODY);
        }
        results.add(new Kind(name, title, "ms"), pair.candidate(), pair.hook(hook));
        pair.drain();
    }

    private void drain(List<Pair> pairs) throws BenchException, InterruptedException {
        int messages = DRAINED_PER_ROUND * Math.min(10, rounds);
        Kind drain = new Kind("drain", "read " + messages + " messages of 1 KB", "ms");
        for (int round = 1; round <= 2; round++) {
            for (Pair pair : shuffled(pairs)) {
                progress.accept("drain " + messages + " messages, " + round + "/2");
                for (int i = 0; i < messages; i++) {
                    pair.send(BODY);
                }
                Pair.Drained drained = pair.drain();
                if (drained.messages() != messages) {
                    throw new BenchException(pair.candidate().label() + " delivered " + drained.messages() + " of "
                            + messages + " messages that it had accepted");
                }
                results.add(drain, pair.candidate(), drained.millis());
            }
        }
    }
}
