package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Seen;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.Upkeep;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.Disk;
import dev.parley.store.ledger.PostWorld.Mutant;
import dev.parley.store.ledger.PostWorld.Work;
import dev.parley.store.mailbox.RememberingMailboxes;
import dev.parley.store.upkeep.StoreSweep;
import dev.parley.testing.Errno;
import dev.parley.testing.Explorer;
import dev.parley.testing.Explorer.Deaths;
import dev.parley.testing.Reply;
import dev.parley.testing.Report;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SystemCall;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Senders, takers, movers and sweepers on the real code and one simulated disk: every interleaving of their system calls,
 * and each of them dying before and after each call.
 */
final class PostModelTest {

    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId EVE = new SessionId("eve");
    private static final SessionId BEN = new SessionId("ben");
    private static final RequestId REQUEST = new RequestId("q-0000000000000001");

    private static final Path WAITING = PostWorld.HOME.resolve("sessions/ann/mailbox/new");
    private static final Path WRITTEN = WAITING.resolveSibling("tmp");
    private static final Path FORMAT = PostWorld.HOME.resolve("format");

    private static Envelope letter(String from, int number, Optional<RequestId> request, Optional<RequestId> answers) {
        return new Envelope(
                PostWorld.messageId(number),
                Instant.EPOCH,
                Origin.PEER,
                Optional.of(new SessionId(from)),
                "bold-fox",
                ANN,
                request,
                answers,
                Optional.empty(),
                0,
                "text");
    }

    private static Envelope plain(String from, int number) {
        return letter(from, number, Optional.empty(), Optional.empty());
    }

    private static Envelope plain(int number) {
        return plain("sender", number);
    }

    private static Work sends(Envelope... letters) {
        return world -> {
            Post post = world.post();
            for (Envelope letter : letters) {
                world.send(post, letter);
            }
            return "sent";
        };
    }

    private static Batch claimed(PostWorld world, Post post, SessionId owner, Budget budget) throws IOException {
        Batch batch = post.mailbox(owner).claim(budget, post.asks(owner).awaited()::contains);
        world.handed(batch);
        return batch;
    }

    private static final Work TAKES_AND_CONFIRMS = world -> {
        Batch batch = claimed(world, world.post(), ANN, Budget.READ);
        batch.written();
        world.confirm(batch);
        return "confirmed " + batch.messages().size();
    };

    private static final Work TAKES_AND_GIVES_BACK_UNSEEN = world -> {
        Batch batch = claimed(world, world.post(), ANN, Budget.READ);
        world.notSeen(batch);
        batch.giveBack(Seen.NO);
        return "gave back " + batch.messages().size();
    };

    private static final Work TAKES_AND_GIVES_BACK = world -> {
        Batch batch = claimed(world, world.post(), ANN, new Budget(1, 100));
        batch.written();
        batch.giveBack(Seen.PERHAPS);
        return "gave back " + batch.messages().size();
    };

    /** As a session that starts again does. */
    private static final Work RESTARTS = world -> {
        Post post = world.post();
        post.peers().register(post.registration(ANN));
        return post.mailbox(ANN).recover();
    };

    /** One of three was taken by a process that is gone. */
    private static final Work TAKEN_BY_THE_DEAD = world -> {
        before(plain("cid", 1), plain(2), plain(3)).run(world);
        Post post = world.post();
        claimed(world, post, ANN, new Budget(1, 100));
        // Nobody has it until it is back.
        world.forget("sent", PostWorld.messageId(1));
        world.forget("handed", PostWorld.messageId(1));
        return "";
    };

    private static final Work RECOVERS_AND_SAYS_SO = world -> {
        int returned = world.post().mailbox(ANN).recover();
        world.note("sent", PostWorld.messageId(1).value());
        return returned;
    };

    /** Of three one is recorded and about to be delivered. */
    private static final Work ONE_IS_WRITTEN = world -> {
        before(plain(2), plain(3), plain("dan", 1)).run(world);
        Disk disk = world.post().store().disk();
        for (String name : disk.list(WAITING)) {
            if (name.contains(PostWorld.messageId(1).value())) {
                disk.rename(WAITING.resolve(name), WRITTEN.resolve(name));
            }
        }
        world.forget("sent", PostWorld.messageId(1));
        return "";
    };

    private static final Work DELIVERS_AND_SAYS_SO = world -> {
        Disk disk = world.post().store().disk();
        for (String name : disk.list(WRITTEN)) {
            disk.rename(WRITTEN.resolve(name), WAITING.resolve(name));
        }
        world.note("sent", PostWorld.messageId(1).value());
        return "delivered";
    };

    private static final Work RECOVERS = world -> world.post().mailbox(ANN).recover();

    private static final Work MOVES = world -> {
        Post post = world.post();
        return post.peers().move(ANN, post.registration(EVE)).id();
    };

    /** Reads twice, and remembers meanwhile what is left: then all is there that anybody said before was there. */
    private static final Work READS_AND_REMEMBERS = world -> {
        Mailbox mailbox = RememberingMailboxes.of(world.post().store(), world).of(ANN);
        world.handed(mailbox.claim(new Budget(1, 100), Set.<RequestId>of()::contains));
        Set<String> told = world.told();
        Batch batch = mailbox.claim(Budget.READ, Set.<RequestId>of()::contains);
        world.handed(batch);
        Set<String> has = world.told();
        for (String note : told) {
            String id = note.substring(note.indexOf('.') + 1);
            if (note.startsWith("sent.") && !has.contains("handed." + id)) {
                throw new IllegalStateException(id + " was there, and is not found");
            }
        }
        return batch.messages().size();
    };

    private static final Work WAITS_FOR_THE_ANSWER = world -> {
        Post post = world.post();
        PendingAsks asks = post.asks(ANN);
        asks.open(new PendingAsk(REQUEST, PostWorld.messageId(9), BEN, Instant.EPOCH));
        world.note("asked", REQUEST.value());
        try (PendingAsks.Waiting waiting = asks.waiting(REQUEST)) {
            for (int look = 0; look < 2; look++) {
                Optional<Batch> answer = post.mailbox(ANN).claimAnswer(waiting.requestId(), BEN::equals);
                if (answer.isPresent()) {
                    world.handed(answer.get());
                    world.confirm(answer.get());
                    world.note("answered", REQUEST.value());
                    asks.close(REQUEST);
                    return "answered";
                }
            }
        }
        return "timed out";
    };

    private static final Work TAKES_BACK = world -> {
        MessageId id = PostWorld.messageId(1);
        boolean isTakenBack = world.post().mailbox(ANN).withdraw(id);
        if (isTakenBack) {
            world.note("withdrawn", id.value());
        }
        return isTakenBack;
    };

    /** Sweeps as if everything were old. */
    private static final Work SWEEPS = world -> {
        Post post = world.post();
        return new StoreSweep(post.store(), world, Duration.ofMillis(-1))
                .sweep(Upkeep.Mode.REMOVE)
                .size();
    };

    /** Before the search: sessions, and what waits already. */
    private static Work before(Envelope... letters) {
        return world -> {
            Post post = world.post();
            for (SessionId session : List.of(ANN, BEN)) {
                post.peers().register(post.registration(session));
            }
            for (Envelope letter : letters) {
                world.send(post, letter);
            }
            return "";
        };
    }

    /** A bound of the search: what is there before, and who does what at once. */
    private record Bound(String what, PostRules rules, Set<String> fixed, Work before, List<Work> works) {}

    private static Report explore(Bound bound) throws IOException {
        SimulatedFiles files = SimulatedFiles.timeless();
        files.disk().makeDirectory(PostWorld.HOME);
        files.disk().makeDirectory(PostWorld.LOG);
        Explorer explorer = new Explorer(files, PostModelTest::alive, bound.rules, Deaths.ANY_TIME);
        explorer.with(0, world -> PostWorld.programAfter(world, bound.before));
        for (Work work : bound.works) {
            explorer.with(1, world -> PostWorld.program(world, work));
        }
        long start = System.nanoTime();
        Report report =
                explorer.unnoticed(call -> isUnnoticed(call, bound.fixed)).explore();
        System.out.printf(
                "MEASURED %-60s %,9d states %,10d steps %,7d file states %,6d endings %,6d ms%n",
                bound.what,
                report.states(),
                report.steps(),
                report.files(),
                bound.rules.endings,
                (System.nanoTime() - start) / 1_000_000);
        assertTrue(bound.rules.endings >= 20, report::toString);
        return report;
    }

    private static void explore(String what, Work before, Work... works) throws IOException {
        explore(new Bound(what, rules(), FIXED, before, List.of(works)));
    }

    private static List<Object> alive(Object subject, IntPredicate lives) {
        PostWorld.Alive alive = (PostWorld.Alive) subject;
        // The first set up the store and is gone.
        return List.of(alive.process() > 0 && lives.test(alive.process()) ? Vitality.ALIVE : Vitality.DEAD);
    }

    /**
     * Looking at, or opening, directories that are always there; telling by the time of one what nobody looks for; what a process does to a file in {@code tmp/}, whose name
     * nobody else knows.
     */
    static boolean isUnnoticed(SystemCall call, Set<String> fixed) {
        if (call instanceof SystemCall.Look look) {
            return isFixed(look.path(), fixed);
        }
        if (call instanceof SystemCall.OpenDirectory open) {
            return isFixed(open.path(), fixed);
        }
        if (call instanceof SystemCall.Touch touch) {
            return touch.path().endsWith("tmp") && isFixed(touch.path(), fixed);
        }
        if (call instanceof SystemCall.OpenRead open) {
            return open.path().equals(FORMAT);
        }
        if (call instanceof SystemCall.Read read) {
            return read.handle().startsWith(FORMAT.toString());
        }
        if (call instanceof SystemCall.OpenNew open) {
            return isPrivate(open.path());
        }
        return call instanceof SystemCall.Write write && isPrivate(Path.of(write.handle()));
    }

    static final Set<String> FIXED = Set.of(
            "parley",
            "sessions",
            "ann",
            "mailbox",
            "tmp",
            "new",
            "cur",
            "shown",
            "ledger",
            "asks",
            "locks",
            "ben",
            "clients");

    /** Where the time of a directory tells whether anything has come, a look at it is no matter of course. */
    private static final Set<String> TIMELESS = FIXED.stream()
            .filter(name -> !name.equals("tmp") && !name.equals("new"))
            .collect(Collectors.toSet());

    /** Where sessions are removed only these are always there. */
    private static final Set<String> FIXED_BUT_SESSIONS = Set.of("parley", "sessions", "locks", "clients");

    private static boolean isFixed(Path path, Set<String> fixed) {
        for (Path part : path) {
            if (!fixed.contains(part.toString())) {
                return false;
            }
        }
        return true;
    }

    private static boolean isPrivate(Path path) {
        return path.getParent() != null && path.getParent().endsWith("tmp");
    }

    private static PostRules rules() {
        return new PostRules(List.of(ANN), (log, found) -> {});
    }

    @Test
    void aSenderAndATaker() throws Exception {
        Report report = explore(new Bound(
                "a sender of two, a taker",
                rules(),
                FIXED,
                before(),
                List.of(sends(plain(1), plain(2)), TAKES_AND_CONFIRMS)));
        assertTrue(report.states() > 10_000, report::toString);
    }

    @Test
    void twoTakers() throws Exception {
        explore("two takers of two", before(plain(1), plain(2)), TAKES_AND_CONFIRMS, TAKES_AND_GIVES_BACK);
    }

    @Test
    void aTakerAndARecovery() throws Exception {
        explore("a taker, a recovery", before(plain(1), plain(2)), TAKES_AND_GIVES_BACK_UNSEEN, RECOVERS);
    }

    @Test
    void aReaderThatRemembersAndASender() throws Exception {
        remembering("a reader that remembers, a sender", ONE_IS_WRITTEN, DELIVERS_AND_SAYS_SO);
    }

    @Test
    void aReaderThatRemembersAndARecovery() throws Exception {
        remembering("a reader that remembers, a recovery", TAKEN_BY_THE_DEAD, RECOVERS_AND_SAYS_SO);
    }

    private static void remembering(String what, Work before, Work other) throws IOException {
        explore(new Bound(what, rules(), TIMELESS, before, List.of(READS_AND_REMEMBERS, other)));
    }

    @Test
    void aWaiterAnAnswerAndATaker() throws Exception {
        explore(
                "a waiter, his answer",
                before(),
                WAITS_FOR_THE_ANSWER,
                sends(letter(BEN.value(), 1, Optional.empty(), Optional.of(REQUEST))));
    }

    @Test
    @Tag("slow")
    void twoSenders() throws Exception {
        explore("two senders", before(), sends(plain("cid", 1)), sends(plain("dan", 2)));
    }

    @Test
    void aSenderAndAMover() throws Exception {
        explore("a sender, a mover", before(), sends(plain(1)), MOVES);
    }

    @Test
    @Tag("slow")
    void aTakerAndAMover() throws Exception {
        explore("a taker, a mover", before(plain(1), plain(2)), TAKES_AND_CONFIRMS, MOVES);
    }

    @Test
    @Tag("slow")
    void aTakerThatGivesBackAndAMover() throws Exception {
        explore("a taker that gives back, a mover", before(plain(1), plain(2)), TAKES_AND_GIVES_BACK, MOVES);
    }

    @Test
    void aTakerAndASenderThatTakesBack() throws Exception {
        explore("a taker, its sender takes it back", before(plain(1), plain(2)), TAKES_AND_CONFIRMS, TAKES_BACK);
    }

    @Test
    void aMoverAndASenderThatTakesBack() throws Exception {
        explore("a mover, a sender that takes back", before(plain(1)), MOVES, TAKES_BACK);
    }

    @Test
    void aTakerAndARestart() throws Exception {
        explore("a taker, a restart", before(plain(1), plain(2)), TAKES_AND_CONFIRMS, RESTARTS);
    }

    @Test
    void aSenderAndASweep() throws Exception {
        explore(new Bound(
                "a sender, a sweep", rules(), FIXED_BUT_SESSIONS, before(), List.of(sends(plain(1)), SWEEPS)));
    }

    @Test
    @Tag("slow")
    void aWaiterHisAnswerAndAnotherTaker() throws Exception {
        explore(
                "a waiter, his answer, another taker",
                before(letter(BEN.value(), 1, Optional.empty(), Optional.of(REQUEST))),
                WAITS_FOR_THE_ANSWER,
                TAKES_AND_GIVES_BACK,
                RECOVERS);
    }

    /** The proofs that the searches above can fail. */
    private static void explored(String breaks, Set<String> fixed, Work before, Work right, Work wrong, Mutant mutant)
            throws IOException {
        SimulatedFiles files = SimulatedFiles.timeless();
        files.disk().makeDirectory(PostWorld.HOME);
        files.disk().makeDirectory(PostWorld.LOG);
        Explorer explorer = new Explorer(files, PostModelTest::alive, rules(), Deaths.ANY_TIME)
                .with(0, world -> PostWorld.programAfter(world, before))
                .with(1, world -> PostWorld.program(world, right))
                .with(1, world -> PostWorld.program(world, wrong, mutant))
                .unnoticed(call -> isUnnoticed(call, fixed));
        AssertionError e = assertThrows(AssertionError.class, explorer::explore);
        assertTrue(String.valueOf(e.getMessage()).contains(breaks), e::toString);
    }

    @Test
    void whoTakesBackWithoutAMarkIsFound() throws Exception {
        Mutant forgetsTheMark = (call, kernel) -> {
            boolean marks = call instanceof SystemCall.Rename rename
                    && rename.to().toString().endsWith(",r");
            return kernel.call(marks ? unmarked((SystemCall.Rename) call) : call);
        };
        explored("does not say so", FIXED, before(plain(1)), TAKES_AND_CONFIRMS, RECOVERS, forgetsTheMark);
    }

    private static SystemCall unmarked(SystemCall.Rename rename) {
        String to = rename.to().toString();
        return new SystemCall.Rename(rename.from(), Path.of(to.substring(0, to.length() - ",r".length())));
    }

    @Test
    void whoGivesBackAndDoesNotTellIsFound() throws Exception {
        Mutant keepsSilent = (call, kernel) ->
                call instanceof SystemCall.Touch touch && touch.path().endsWith("tmp") ? Reply.DONE : kernel.call(call);
        explored("is not found", TIMELESS, TAKEN_BY_THE_DEAD, READS_AND_REMEMBERS, RECOVERS_AND_SAYS_SO, keepsSilent);
    }

    @Test
    void whoRemovesASessionWithoutASecondLookIsFound() throws Exception {
        Mutant looksAway = (call, kernel) -> call instanceof SystemCall.OpenDirectory open
                        && open.path().toString().contains("~ann")
                        && open.path().endsWith("mailbox/new")
                ? new Reply.Failed(Errno.ENOENT)
                : kernel.call(call);
        explored("cannot be looked up", FIXED_BUT_SESSIONS, before(), sends(plain(1)), SWEEPS, looksAway);
    }

    @Test
    void whoRecordsTooLateIsFound() throws Exception {
        Work mailFirst = world -> {
            Post post = world.post();
            post.mailbox(ANN).deliver(plain(1));
            post.ledger(ANN).record(plain(1));
            world.note("sent", plain(1).id().value());
            return "sent";
        };
        explored("cannot be looked up", FIXED, before(), RECOVERS, mailFirst, (call, kernel) -> kernel.call(call));
    }
}
