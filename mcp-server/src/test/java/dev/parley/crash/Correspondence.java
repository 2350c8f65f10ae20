package dev.parley.crash;

import dev.parley.fixture.Result;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/**
 * What sessions of several machines write to each other: each sends, reads, answers and asks, whatever is done to its server, and a
 * referee hears of all of it. A message is for a session of another machine, at random, and is known by its body.
 *
 * <p>A question's body begins with {@code q-}, and that of its answer with {@code a-}.
 */
final class Correspondence implements AutoCloseable {

    private static final long LOOK_MILLIS = 200;

    /** So a send is refused to a session whose server is dead, as its machine has told the others. */
    private static final String NOBODY = "target-not-found";

    private final Referee referee = new Referee();
    private final Delays delays = new Delays();
    private final Delays questions = new Delays();
    private final Semaphore messages = new Semaphore(0);
    private final Semaphore asks = new Semaphore(0);
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger answeredLater = new AtomicInteger();
    private final Map<String, Integer> refusals = new TreeMap<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<Future<?>> running = new ArrayList<>();
    private final List<Correspondent> all;
    private final PrintWriter log;
    private final long begun = System.nanoTime();
    private volatile boolean isReading = true;
    private volatile boolean isWriting = true;
    private volatile long pauseMillis = 1;

    /** Between these, who have all to be there. */
    Correspondence(List<Correspondent> all, Path log) throws IOException {
        this.all = List.copyOf(all);
        this.log = new PrintWriter(Files.newBufferedWriter(log), true);
    }

    /** Has them all begin; what each writes to whom follows from the seed, but not when. */
    void begin(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (Correspondent each : all) {
            List<Correspondent> others = all.stream()
                    .filter(other -> !other.host().equals(each.host()))
                    .toList();
            SplittableRandom sending = random.split();
            SplittableRandom asking = random.split();
            running.add(threads.submit(() -> send(each, others, sending)));
            running.add(threads.submit(() -> ask(each, others, asking)));
            running.add(threads.submit(() -> read(each)));
        }
    }

    /** Has so many messages and questions be written in about this time. */
    void allow(int moreMessages, int moreQuestions, long millis) {
        pauseMillis = Math.max(1, 2 * millis * all.size() / Math.max(1, moreMessages));
        open.addAndGet(moreMessages + moreQuestions);
        messages.release(moreMessages);
        asks.release(moreQuestions);
    }

    /** Whether all that was allowed has been acknowledged. Fails if one of them cannot go on. */
    boolean isAllWritten() throws ExecutionException, InterruptedException {
        ensureGoing();
        return open.get() == 0;
    }

    private void ensureGoing() throws ExecutionException, InterruptedException {
        for (Future<?> each : running) {
            if (each.isDone()) {
                each.get();
            }
        }
    }

    /** Whether all that was acknowledged has been given. Fails if one of them cannot go on. */
    boolean isAllGiven() throws ExecutionException, InterruptedException {
        ensureGoing();
        return delays.isAllGiven() && questions.isAllGiven();
    }

    /** How long after their messages were acknowledged they were given. */
    Delays delays() {
        return delays;
    }

    /** Writes a line of the log. */
    void log(String line) {
        synchronized (log) {
            log.printf("%10.3f %s%n", (System.nanoTime() - begun) / 1e9, line);
        }
    }

    private Void send(Correspondent me, List<Correspondent> others, SplittableRandom random) throws Exception {
        for (int n = 0; isWriting; n++) {
            if (!messages.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                continue;
            }
            Correspondent to = others.get(random.nextInt(others.size()));
            String body = me.name() + "-to-" + to.name() + "/" + n;
            Optional<Result> sent = told(me, body, "send_message", "target", to.name(), "body", body);
            if (sent.isPresent()) {
                referee.hear("ack " + body);
                delays.acknowledged(body);
                open.decrementAndGet();
            } else {
                messages.release();
            }
            TimeUnit.MILLISECONDS.sleep(random.nextLong(pauseMillis + 1));
        }
        return null;
    }

    private Void ask(Correspondent me, List<Correspondent> others, SplittableRandom random) throws Exception {
        for (int n = 0; isWriting; n++) {
            if (!asks.tryAcquire(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
                continue;
            }
            Correspondent to = others.get(random.nextInt(others.size()));
            String body = "q-" + me.name() + "-to-" + to.name() + "/" + n;
            long limit = random.nextLong(1_000, 15_000);
            Optional<Result> asked = told(me, body, "ask_peer", "target", to.name(), "body", body, "timeout_ms", limit);
            if (asked.isPresent() && !asked.get().at("/would_deadlock").asBoolean(false)) {
                referee.hear("ack " + body);
                questions.acknowledged(body);
                open.decrementAndGet();
                JsonNode reply = asked.get().at("/reply");
                if (reply.isObject()) {
                    answered.incrementAndGet();
                    heard(me, reply);
                }
            } else {
                asks.release();
            }
        }
        return null;
    }

    /** Calls until it is not refused; empty if the server died, or if the call would wait in a circle. */
    private Optional<Result> told(Correspondent me, String body, String tool, Object... arguments) throws Exception {
        referee.hear("try " + body);
        while (isWriting) {
            Optional<Result> result = me.call(tool, arguments);
            log((result.isEmpty() ? "died " : "told ") + body);
            if (result.isEmpty() || result.get().at("/ok").asBoolean(false)) {
                return result;
            }
            refused(result.get());
            TimeUnit.MILLISECONDS.sleep(2 * LOOK_MILLIS);
        }
        return Optional.empty();
    }

    private void refused(Result result) {
        String code = result.text("/error");
        synchronized (refusals) {
            refusals.merge(code, 1, Integer::sum);
        }
        log("refused " + result.json());
        if (!code.equals(NOBODY)) {
            System.out.println("crash: three hosts: refused: " + result.json());
        }
    }

    private Void read(Correspondent me) throws Exception {
        Set<String> done = new HashSet<>();
        int attempt = 0;
        while (isReading) {
            Optional<Result> read = me.call("read_my_messages");
            if (read.isEmpty() || read.get().ok().at("/count").asInt() == 0) {
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                continue;
            }
            List<JsonNode> fresh = new ArrayList<>();
            read.get().at("/messages").forEach(fresh::add);
            for (JsonNode message : fresh) {
                heard(me, message);
                if (message.path("body").asString().startsWith("a-")
                        && !message.path("redelivered").asBoolean(false)) {
                    answeredLater.incrementAndGet();
                }
            }
            for (JsonNode message : fresh) {
                String body = message.path("body").asString();
                if (body.startsWith("q-") && !done.contains(body)) {
                    attempt++;
                    if (answer(me, message, body, attempt)) {
                        done.add(body);
                    }
                }
            }
        }
        return null;
    }

    /** Whether it was acknowledged. One that was not may have been sent, so the next one is another message. */
    private boolean answer(Correspondent me, JsonNode question, String body, int attempt) throws Exception {
        String reply = "a-" + body.substring(2).replace('/', '-') + "-by-" + attempt + "/1";
        referee.hear("try " + reply);
        Optional<Result> told =
                me.call("reply_to_message", "message_id", question.path("id").asString(), "body", reply);
        log((told.isEmpty() ? "died " : "told ") + reply);
        if (told.isEmpty()) {
            return false;
        }
        if (!told.get().at("/ok").asBoolean(false)) {
            refused(told.get());
            return false;
        }
        referee.hear("ack " + reply);
        delays.acknowledged(reply);
        return true;
    }

    private void heard(Correspondent me, JsonNode message) {
        String body = message.path("body").asString();
        boolean isMarked = message.path("redelivered").asBoolean(false);
        referee.hear((isMarked ? "again " : "first ") + body);
        log((isMarked ? "again " : "given ") + body + " to " + me.name());
        if (body.startsWith("q-")) {
            questions.given(body);
        } else {
            delays.given(body);
        }
    }

    /** Nothing is written any more. */
    void stopWriting() {
        isWriting = false;
    }

    /** The verdict, once everything has been given and nothing is on its way. */
    void judge() {
        referee.judge();
    }

    /** What came of it. */
    String summary() {
        synchronized (refusals) {
            return referee.summary() + "; " + answered + " questions answered in the call, " + answeredLater
                    + " later; delays: " + delays.summary() + (refusals.isEmpty() ? "" : "; refused: " + refusals);
        }
    }

    @Override
    public void close() {
        isWriting = false;
        isReading = false;
        threads.shutdownNow();
        try {
            // Who is in the middle of a call ends with it.
            boolean unused = threads.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        log.close();
    }
}
