package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.ledger.OpenWork.Edge;
import dev.parley.ledger.OpenWork.FellDue;
import dev.parley.ledger.OpenWork.Outcome;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.PendingAsks;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.office.Finding.Severity;
import dev.parley.process.ProcessTable.Vitality;
import dev.parley.store.Disk;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.ledger.PostWorld.Mutant;
import dev.parley.store.ledger.PostWorld.Work;
import dev.parley.store.lock.FileLease;
import dev.parley.store.peer.Relocation;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.testing.Explorer;
import dev.parley.testing.Explorer.Deaths;
import dev.parley.testing.Oracle;
import dev.parley.testing.Reply;
import dev.parley.testing.Report;
import dev.parley.testing.Rules;
import dev.parley.testing.SimulatedFiles;
import dev.parley.testing.SystemCall;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Owners and requesters who change one request at once, on the real code and one simulated disk: every interleaving of their
 * system calls, each of them dying before and after each call, and taking one that lives for dead.
 */
final class WorkModelTest {

    private static final SessionId ANN = new SessionId("ann");
    private static final SessionId EVE = new SessionId("eve");
    private static final SessionId BEN = new SessionId("ben");
    private static final RequestId REQUEST = new RequestId("q-0000000000000001");
    private static final RequestId OTHER = new RequestId("q-0000000000000002");
    private static final MessageId ID = PostWorld.messageId(1);

    private static Envelope letter(SessionId from, SessionId to, int number, RequestId request) {
        return new Envelope(
                PostWorld.messageId(number),
                Instant.EPOCH,
                Origin.PEER,
                Optional.of(from),
                "bold-fox",
                to,
                Optional.of(request),
                Optional.empty(),
                Optional.empty(),
                0,
                "text");
    }

    private static final Work ONE_REQUEST = world -> {
        Post post = world.post();
        for (SessionId session : List.of(ANN, BEN)) {
            post.peers().register(post.registration(session));
        }
        post.asks(BEN).open(new PendingAsk(REQUEST, ID, ANN, Instant.EPOCH));
        post.delivery().send(letter(BEN, ANN, 1, REQUEST), Ring.NO);
        return "";
    };

    /** Changes the request, and notes what it was told of that. */
    private static Work changes(WorkState... states) {
        return world -> {
            Post post = world.post();
            StringBuilder told = new StringBuilder();
            for (WorkState next : states) {
                WorkChange change = WorkChange.of(next.mover().orElseThrow(), next);
                Outcome outcome = world.work(post, ANN).change(ID, change).orElseThrow();
                told.append(outcome.work().state().word()).append(outcome.work().revision());
                world.knows(told.toString());
                if (outcome.isChanged()) {
                    assertEquals(next, outcome.work().state());
                    world.note("did", next.word() + "." + outcome.work().revision());
                } else {
                    // Only what is final refuses anything.
                    assertTrue(outcome.work().state().isTerminal(), outcome::toString);
                    world.note("saw", outcome.work().state().word());
                }
            }
            return told.toString();
        };
    }

    /** Looks twice: nothing goes back. */
    private static final Work LOOKS = world -> {
        Post post = world.post();
        dev.parley.ledger.Work first =
                world.work(post, ANN).find(ID).orElseThrow(() -> new AssertionError("no request"));
        dev.parley.ledger.Work then =
                world.work(post, ANN).find(ID).orElseThrow(() -> new AssertionError("no request"));
        assertTrue(
                first.state().isTerminal() ? then.equals(first) : then.revision() >= first.revision(),
                () -> "what is seen goes back: " + first + " " + then);
        return then.revision();
    };

    private static Work claims(Edge edge) {
        return world -> {
            boolean isMine = world.work(world.post(), ANN).claim(ID, edge);
            if (isMine) {
                world.tell("edge");
            }
            return isMine;
        };
    }

    private static Work claims(PendingAsks.Edge edge) {
        return world -> {
            boolean isMine = world.asks(world.post(), BEN).claim(REQUEST, edge);
            if (isMine) {
                world.tell("edge");
            }
            return isMine;
        };
    }

    private static Work moves(SessionId from) {
        return world -> {
            Post post = world.post();
            return post.peers().move(from, post.registration(EVE)).id();
        };
    }

    /** What must hold when all are done or dead, by what they were told. */
    private static final class WorkRules implements Rules {

        int endings;
        final Map<String, Integer> states = new HashMap<>();

        @Override
        public void ended(int process, int round, Object outcome, List<Step> steps) {
            assertTrue(!(outcome instanceof RuntimeException), () -> "a program failed: " + outcome);
        }

        @Override
        public void over(SimulatedFiles files) {
            endings++;
            try {
                inspect(files.disk());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e.toString(), e);
            }
        }

        private void inspect(Disk disk) throws IOException, InterruptedException {
            Store store = Store.over(PostWorld.HOME, disk, InstantSource.fixed(Instant.EPOCH), Trace.NONE);
            Post post = Post.over(store, new PostRules.Survivor());
            assertEquals(
                    List.of(),
                    new StoreCheck(store, post.processes())
                            .check().stream()
                                    .filter(finding -> finding.severity() == Severity.ERROR)
                                    .toList());
            post.peers().register(post.registration(store.currentOf(ANN)));
            dev.parley.ledger.Work last =
                    post.work(ANN).find(ID).orElseThrow(() -> new AssertionError("the request is lost"));
            states.merge(last.state().word() + " " + last.revision(), 1, Integer::sum);
            Set<Integer> revisions = new TreeSet<>();
            for (String note : disk.list(PostWorld.LOG)) {
                String[] parts = note.split("\\.", -1);
                if (parts[0].equals("did")) {
                    int revision = Integer.parseInt(parts[2]);
                    WorkState state = WorkState.of(parts[1]).orElseThrow();
                    assertTrue(
                            revisions.add(revision), () -> "an update is lost: two were told of revision " + revision);
                    assertTrue(revision <= last.revision(), () -> "an update is lost: " + note + ", then " + last);
                    assertTrue(
                            revision < last.revision() || state == last.state(),
                            () -> "an update is lost: " + note + ", then " + last);
                    assertTrue(
                            !state.isTerminal() || revision == last.revision(),
                            () -> "a state after a terminal one: " + note + ", then " + last);
                } else if (parts[0].equals("saw")) {
                    assertEquals(parts[1], last.state().word(), "what was seen as final");
                }
            }
        }
    }

    private static Report explore(String what, Work before, Vitality[] ofTheLiving, Work... works) throws IOException {
        return explore(what, PostModelTest.FIXED, Deaths.ANY_TIME, before, ofTheLiving, works);
    }

    private static Report explore(
            String what, Set<String> fixed, Deaths deaths, Work before, Vitality[] ofTheLiving, Work... works)
            throws IOException {
        WorkRules rules = new WorkRules();
        SimulatedFiles files = SimulatedFiles.timeless();
        files.disk().makeDirectory(PostWorld.HOME);
        files.disk().makeDirectory(PostWorld.LOG);
        Explorer explorer = new Explorer(files, judging(ofTheLiving), rules, deaths);
        for (Work work : works) {
            // The first sets up the store.
            boolean isFirst = work == works[0];
            explorer.with(1, world -> {
                if (isFirst) {
                    PostWorld.programAfter(world, before);
                }
                return PostWorld.program(world, work);
            });
        }
        long start = System.nanoTime();
        Report report = explorer.unnoticed(call -> PostModelTest.isUnnoticed(call, fixed))
                .explore();
        System.out.printf(
                "MEASURED %-60s %,9d states %,10d steps %,7d file states %,6d endings %,6d ms; %s%n",
                what,
                report.states(),
                report.steps(),
                report.files(),
                rules.endings,
                (System.nanoTime() - start) / 1_000_000,
                rules.states);
        assertTrue(rules.endings >= (deaths == Deaths.NEVER ? 2 : 20) && report.states() > 1_000, report::toString);
        return report;
    }

    private static final Vitality[] TRUE = {Vitality.ALIVE};
    private static final Vitality[] STALE = {Vitality.ALIVE, Vitality.DEAD};

    private static Oracle judging(Vitality... ofTheLiving) {
        return (subject, lives) -> lives.test(((PostWorld.Alive) subject).process())
                ? List.<Object>of((Object[]) ofTheLiving)
                : List.of(Vitality.DEAD);
    }

    @Test
    void twoOwnersChangeIt() throws Exception {
        explore("two owners", ONE_REQUEST, STALE, changes(WorkState.WORKING), changes(WorkState.BLOCKED));
    }

    @Test
    void anOwnerAndTheRequesterEndIt() throws Exception {
        explore(
                "an owner declines, the requester cancels",
                ONE_REQUEST,
                STALE,
                changes(WorkState.DECLINED),
                changes(WorkState.CANCELED));
    }

    @Test
    @Tag("slow")
    void anOwnerGoesOnWhileTheRequesterCancels() throws Exception {
        explore(
                "an owner works and is blocked, the requester cancels",
                ONE_REQUEST,
                TRUE,
                changes(WorkState.WORKING, WorkState.BLOCKED),
                changes(WorkState.CANCELED));
    }

    @Test
    @Tag("slow")
    void whoLooksSeesNothingGoBack() throws Exception {
        explore(
                "an owner works, is blocked and declines, somebody looks",
                ONE_REQUEST,
                TRUE,
                changes(WorkState.WORKING, WorkState.BLOCKED, WorkState.DECLINED),
                LOOKS);
    }

    @Test
    @Tag("slow")
    void anOwnerChangesItAndIsMoved() throws Exception {
        explore("an owner works, a mover", ONE_REQUEST, TRUE, changes(WorkState.WORKING), moves(ANN));
    }

    @Test
    void oneIsTold() throws Exception {
        explore("two who claim an edge of a request", ONE_REQUEST, STALE, claims(new FellDue()), claims(new FellDue()));
        PendingAsks.Edge ended = PendingAsks.Edge.of(PendingAsks.Edge.Kind.ENDED);
        explore("two who claim an edge of a question", ONE_REQUEST, STALE, claims(ended), claims(ended));
    }

    @Test
    @Tag("long")
    void oneIsToldWhoIsMoved() throws Exception {
        PendingAsks.Edge ended = PendingAsks.Edge.of(PendingAsks.Edge.Kind.ENDED);
        explore(
                "two who claim an edge of a question, a mover",
                ONE_REQUEST,
                TRUE,
                claims(ended),
                claims(ended),
                moves(BEN));
    }

    @Test
    @Tag("slow")
    void threeChangeIt() throws Exception {
        explore(
                "two owners, the requester",
                ONE_REQUEST,
                TRUE,
                changes(WorkState.WORKING),
                changes(WorkState.DECLINED),
                changes(WorkState.CANCELED));
    }

    @Test
    @Tag("slow")
    void twoOwnersChangeItAndAreMoved() throws Exception {
        Work before = world -> {
            var unused = ONE_REQUEST.run(world);
            Post post = world.post();
            post.store().makeSession(EVE);
            new Relocation(post.store(), world).forward(ANN, EVE);
            return "";
        };
        // The session has its new id, and what is its own lies under the old one.
        Work moves = world -> {
            new Relocation(world.post().store(), world).complete(EVE);
            return "moved";
        };
        Set<String> fixed = new TreeSet<>(PostModelTest.FIXED);
        fixed.add(EVE.value());
        explore(
                "two owners, a mover",
                fixed,
                Deaths.NEVER,
                before,
                TRUE,
                changes(WorkState.WORKING),
                changes(WorkState.DECLINED),
                moves);
    }

    /** Asks the other, and waits only if that closes no circle of waits: first it says that it waits, and then it looks. */
    private static Work asks(SessionId self, SessionId other, RequestId ticket, boolean marksFirst) {
        return world -> {
            Post post = world.post();
            PendingAsks own = world.asks(post, self);
            own.open(new PendingAsk(ticket, PostWorld.messageId(9), other, Instant.EPOCH));
            boolean isSeen = !marksFirst && leadsBack(world, post, other, self);
            try (PendingAsks.Waiting waiting = own.waiting(ticket)) {
                isSeen = isSeen || (marksFirst && leadsBack(world, post, other, self));
                world.note(isSeen ? "refused" : "waits", self.value());
                return waiting.requestId() + " " + isSeen;
            }
        };
    }

    /** Whether somebody who is waited for waits, over others, for this one. */
    private static boolean leadsBack(PostWorld world, Post post, SessionId asked, SessionId self) throws IOException {
        PendingAsks asks = world.asks(post, asked);
        Set<RequestId> awaited = asks.awaited();
        return asks.all().stream()
                .anyMatch(ask -> awaited.contains(ask.requestId()) && ask.to().equals(self));
    }

    /** Two who have both found no circle wait for each other without end: none of them is dead. */
    private static Rules noCircle(AtomicInteger refusals) {
        return new Rules() {
            @Override
            public void over(SimulatedFiles files) {
                try {
                    Set<String> log = new TreeSet<>(files.disk().list(PostWorld.LOG));
                    assertTrue(!log.containsAll(Set.of("waits.ann", "waits.ben")), "both wait for each other");
                    refusals.addAndGet(log.contains("refused.ann") || log.contains("refused.ben") ? 1 : 0);
                } catch (IOException e) {
                    throw new AssertionError(e.toString(), e);
                }
            }
        };
    }

    private static void circle(boolean marksFirst) throws IOException {
        SimulatedFiles files = SimulatedFiles.timeless();
        files.disk().makeDirectory(PostWorld.HOME);
        files.disk().makeDirectory(PostWorld.LOG);
        AtomicInteger refusals = new AtomicInteger();
        // Both go on waiting: nobody's mark is taken away, as it would be when a call ends.
        Mutant stays = (call, kernel) -> call instanceof SystemCall.Unlink unlink
                        && unlink.path().toString().contains(",w=")
                ? Reply.DONE
                : kernel.call(call);
        Report report = new Explorer(files, judging(TRUE), noCircle(refusals), Deaths.NEVER)
                .with(1, world -> {
                    PostWorld.programAfter(world, ONE_REQUEST);
                    return PostWorld.program(world, asks(ANN, BEN, OTHER, marksFirst), stays);
                })
                .with(1, world -> PostWorld.program(world, asks(BEN, ANN, REQUEST, marksFirst), stays))
                .unnoticed(call -> PostModelTest.isUnnoticed(call, PostModelTest.FIXED))
                .explore();
        System.out.printf(
                "MEASURED two who ask each other: %d states, %d endings, in %d one is refused%n",
                report.states(), report.ends(), refusals.get());
        assertTrue(refusals.get() >= 3, "one alone or both are refused: " + refusals);
    }

    @Test
    void ofTwoWhoCloseACircleOneSeesIt() throws Exception {
        circle(true);
    }

    @Test
    void whoLooksBeforeItSaysThatItWaitsIsFound() {
        AssertionError e = assertThrows(AssertionError.class, () -> circle(false));
        assertTrue(String.valueOf(e.getMessage()).contains("both wait for each other"), e::toString);
    }

    /** The proofs that the searches above can fail. */
    private static void explored(String breaks, Work right, Work wrong) throws IOException {
        AssertionError e = assertThrows(AssertionError.class, () -> explore("wrong", ONE_REQUEST, STALE, right, wrong));
        assertTrue(String.valueOf(e.getMessage()).contains(breaks), e::toString);
    }

    private static byte[] blocked(int revision) {
        return new WorkFile(revision, WorkState.BLOCKED, Instant.EPOCH, Optional.empty(), Optional.empty()).encode();
    }

    /** The rename that makes a change must be one that a displaced holder cannot do. */
    @Test
    void whoseChangeIsNotFencedIsFound() throws Exception {
        Work unfenced = world -> {
            Post post = world.post();
            Disk disk = post.store().disk();
            try (FileLease lease = world.locks(post).named("work-" + ID).acquire(Leases.WAIT)) {
                int revision = post.work(ANN).find(ID).orElseThrow().revision() + 1;
                Path aside = post.store().part(ANN, Part.TMP).resolve("work");
                disk.createFile(aside, blocked(revision), Disk.Sync.FORCED);
                lease.ensureHeld();
                disk.rename(aside, post.store().ledger(ANN).resolve(ID + ",work=" + revision));
                world.note("did", "blocked." + revision);
                return revision;
            }
        };
        explored("an update is lost", changes(WorkState.WORKING), unfenced);
    }

    @Test
    void whoLooksBeforeItLocksIsFound() throws Exception {
        Work hasty = world -> {
            Post post = world.post();
            int revision = post.work(ANN).find(ID).orElseThrow().revision() + 1;
            try (FileLease lease = world.locks(post).named("work-" + ID).acquire(Leases.WAIT)) {
                lease.commit(post.store().ledger(ANN).resolve(ID + ",work=" + revision), blocked(revision));
                world.note("did", "blocked." + revision);
                return revision;
            }
        };
        explored("an update is lost", changes(WorkState.WORKING), hasty);
    }
}
