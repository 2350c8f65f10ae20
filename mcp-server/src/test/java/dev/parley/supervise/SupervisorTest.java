package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.client.Clients;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor decides, where processes, clocks and sessions are simulated; the files are real. */
class SupervisorTest {

    private static final SessionId ID = new SessionId("7b1f0c4e-52a1-4c3e-9a55-0123456789ab");
    private static final SessionId NEXT = new SessionId("8c1f0c4e-52a1-4c3e-9a55-0123456789ab");
    private static final Stopping.Patience PATIENCE =
            new Stopping.Patience(Duration.ofSeconds(3), Duration.ofSeconds(3));

    private final World world = new World();
    private final ProcessIdentity shell = world.start(10);
    private final List<String> traced = new ArrayList<>();
    private Path run;
    private long pid = 100;

    @BeforeEach
    void make(@TempDir Path root) throws IOException {
        run = Files.createDirectory(root.resolve("run"));
    }

    private Supervisor supervisor(String client, String... words) {
        return new Supervisor(
                new Supervisor.Task(new RunDirectory(run), shell, Path.of("/here"), List.of(words)),
                Clients.named(client).commandForm().orElseThrow(),
                world,
                world,
                PATIENCE,
                world,
                (event, fields) -> traced.add(event + " " + fields.get("what")));
    }

    /** One whose client has just been allowed to start. */
    private Supervisor begun(String client, String... words) throws Exception {
        Supervisor supervisor = supervisor(client, words);
        assertTrue(supervisor.begin());
        assertTrue(supervisor.step());
        return supervisor;
    }

    private Supervisor begun() throws Exception {
        return begun(Peer.CLAUDE_CODE, "claude", "--model", "x", "do it");
    }

    private ProcessIdentity startClient(int number) throws IOException {
        ProcessIdentity client = world.start(pid++);
        Files.writeString(run.resolve("client." + number), client.pid() + "\n");
        return client;
    }

    private void ended(int number, int code) throws IOException {
        Files.writeString(run.resolve("ended." + number), code + "\n");
    }

    private String file(String name) throws IOException {
        return Files.readString(run.resolve(name));
    }

    private boolean isThere(String name) {
        return Files.exists(run.resolve(name));
    }

    /** A client with a session, that then ends. */
    private Supervisor crashed(int code) throws Exception {
        Supervisor supervisor = begun();
        ProcessIdentity client = startClient(1);
        world.runs(Peer.CLAUDE_CODE, ID, client);
        assertTrue(supervisor.step());
        world.end(client);
        ended(1, code);
        return supervisor;
    }

    private World.Claim claim(SessionId id) {
        return (World.Claim) world.claim(id);
    }

    @Test
    void aCrashedClientsSessionIsResumedWithItsOptionsAndWithoutItsFirstWords() throws Exception {
        Supervisor supervisor = crashed(137);

        assertTrue(supervisor.step());

        long until = world.now().plus(Supervisor.TO_START).getEpochSecond();
        assertEquals(
                "word=resume\ntext='session calm-otter (" + ID
                        + ") is resumed: its client was killed by signal 9 (start 1 of 5 in 10 minutes)'\n"
                        + "directory='/work/it'\ngood_until=" + until + "\n"
                        + "set -- 'claude' '--model' 'x' '--resume' '" + ID + "'\n",
                file("answer.1"));
        assertTrue(claim(ID).holder().isPresent());
    }

    @Test
    void noOtherEndingIsFollowedByAStart() throws Exception {
        for (int code : new int[] {0, 126, 127, 129, 130, 131, 143}) {
            Supervisor supervisor = crashed(code);

            assertFalse(supervisor.step());

            assertEquals("word=end\ntext=''\ncode=" + code + "\n", file("answer.1"));
            assertTrue(claim(ID).holder().isEmpty(), "whoever is told so may start it elsewhere at once");
            Files.delete(run.resolve("answer.1"));
            Files.delete(run.resolve("ended.1"));
            Files.delete(run.resolve("client.1"));
        }
    }

    @Test
    void aClientThatSaidItWasOverWasNotInTrouble() throws Exception {
        Supervisor supervisor = crashed(1);
        world.saysEnd(ID);

        assertFalse(supervisor.step());

        assertEquals("word=end\ntext=''\ncode=1\n", file("answer.1"));
    }

    @Test
    void itIsResumedFiveTimesInTenMinutesAndThenNotAgain() throws Exception {
        Supervisor supervisor = crashed(139);
        assertTrue(supervisor.step());
        for (int number = 2; number <= 6; number++) {
            world.pass(Duration.ofMinutes(1));
            ProcessIdentity client = startClient(number);
            world.runs(Peer.CLAUDE_CODE, ID, client);
            assertTrue(supervisor.step());
            world.end(client);
            ended(number, 139);
            assertEquals(number < 6, supervisor.step());
        }
        assertTrue(file("answer.5").contains("(start 5 of 5 in 10 minutes)"));
        assertEquals(
                "word=end\ntext='the client was killed by signal 11 and is not resumed: session calm-otter (" + ID
                        + ") was started again 5 times in 10 minutes'\ncode=139\n",
                file("answer.6"));
    }

    @Test
    void aSessionThatNobodyToldOfIsNotGuessed() throws Exception {
        Supervisor supervisor = begun();
        world.end(startClient(1));
        ended(1, 137);

        assertFalse(supervisor.step());

        assertTrue(
                file("answer.1")
                        .contains("text='the client was killed by signal 9 and is not resumed: no hook and no server of"
                                + " Parley has told which session it was'"),
                file("answer.1"));
    }

    @Test
    void itIsKnownFromTheCommandLineBeforeAnybodyTells() throws Exception {
        Supervisor supervisor = begun(Peer.CLAUDE_CODE, "claude", "--resume", ID.value());
        assertTrue(claim(ID).holder().isPresent(), "held before the client begins");
        world.end(startClient(1));
        ended(1, 134);

        assertTrue(supervisor.step());

        assertTrue(file("answer.1").contains("directory='/here'"), file("answer.1"));
        assertTrue(file("answer.1").contains("set -- 'claude' '--resume' '" + ID + "'"), file("answer.1"));
    }

    /** After /clear another conversation is the client's, and what was held of the former is free. */
    @Test
    void itFollowsTheClientToAnotherConversation() throws Exception {
        Supervisor supervisor = begun();
        ProcessIdentity client = startClient(1);
        world.runs(Peer.CLAUDE_CODE, ID, client);
        supervisor.step();
        world.runs(Peer.CLAUDE_CODE, NEXT, client);
        supervisor.step();
        assertTrue(claim(ID).holder().isEmpty());

        world.end(client);
        ended(1, 137);
        supervisor.step();

        assertTrue(file("answer.1").contains("'--resume' '" + NEXT + "'"), file("answer.1"));
    }

    /** What a wrapper started is ended before the session is started again, and nothing else is. */
    @Test
    void theHostBehindAWrapperIsEndedFirst() throws Exception {
        Supervisor supervisor = begun(Peer.CODEX, "codex", "-s", "read-only");
        ProcessIdentity wrapper = startClient(1);
        ProcessIdentity host = world.startBelow(wrapper, 500);
        ProcessIdentity tool = world.startBelow(wrapper, 501);
        world.runs(Peer.CODEX, ID, host);
        supervisor.step();
        world.deaf.put(host, Signal.TERM);
        world.end(wrapper);
        ended(1, 137);

        assertTrue(supervisor.step());
        assertFalse(isThere("answer.1"), "two of one session otherwise");
        world.pass(Duration.ofSeconds(3));
        supervisor.step();
        supervisor.step();

        assertEquals(List.of("INT 500", "TERM 500"), world.signals);
        assertTrue(
                file("answer.1").contains("set -- 'codex' '--no-daemon' '-s' 'read-only' 'resume' '" + ID + "'"),
                file("answer.1"));
        assertTrue(world.lives(tool));
    }

    @Test
    void aSessionThatRunsElsewhereByNowIsLeftThere() throws Exception {
        Supervisor supervisor = crashed(137);
        world.runs(Peer.CLAUDE_CODE, ID, world.start(900));

        assertTrue(supervisor.step(), "its server may end behind it");
        assertTrue(supervisor.isBusy());
        world.pass(Supervisor.LAST_SEEN);
        assertFalse(supervisor.step());

        assertTrue(
                file("answer.1").contains("session calm-otter (" + ID + ") goes on elsewhere: its process 900 runs"),
                file("answer.1"));
        assertEquals(List.of(), world.signals);
        assertEquals(List.of("began", "given_up 137"), world.noted);
    }

    /** What a client had started is seen for a moment longer than the client. */
    @Test
    void aServerThatEndsBehindItsClientIsNoOwner() throws Exception {
        Supervisor supervisor = crashed(137);
        ProcessIdentity server = world.start(900);
        world.runs(Peer.CLAUDE_CODE, ID, server);

        assertTrue(supervisor.step());
        assertFalse(isThere("answer.1"));
        world.end(server);
        world.pass(Duration.ofMillis(100));
        assertTrue(supervisor.step());

        assertTrue(file("answer.1").startsWith("word=resume"), file("answer.1"));
        assertFalse(supervisor.isBusy());
    }

    /** By all that can be told: what is not known to be free is not begun by anybody but its user. */
    @Test
    void whatCannotBeToldIsNotResumed() throws Exception {
        for (Verdict.Ruling ruling :
                List.of(Verdict.Ruling.OWNER_UNKNOWN, Verdict.Ruling.UNKNOWN_SESSION, Verdict.Ruling.NOT_HERE)) {
            Supervisor supervisor = crashed(137);
            world.verdicts.put(ID, new Verdict(ruling, "it cannot be told\u001b", "run 'claude agents' and see"));

            assertFalse(supervisor.step());

            assertTrue(file("answer.1").contains(") cannot be gone on with: it cannot be told"), file("answer.1"));
            assertTrue(file("answer.1").contains("; run '\\''claude agents'\\'' and see"), file("answer.1"));
            assertFalse(file("answer.1").contains("\u001b"));
            assertTrue(claim(ID).holder().isEmpty());
            world.verdicts.clear();
            for (String name : List.of("answer.1", "ended.1", "client.1")) {
                Files.delete(run.resolve(name));
            }
        }
    }

    /** It is his own command line. */
    @Test
    void whatCannotBeToldIsStartedAllTheSameIfItsUserTypesIt() throws Exception {
        world.verdicts.put(ID, new Verdict(Verdict.Ruling.OWNER_UNKNOWN, "it cannot be told", ""));

        assertTrue(
                supervisor(Peer.CLAUDE_CODE, "claude", "--resume", ID.value()).begin());

        assertTrue(file("start").startsWith("word=start"), file("start"));
    }

    @Test
    void whatIsDoneIsNotedAndTraced() throws Exception {
        Supervisor supervisor = crashed(137);
        supervisor.step();
        ProcessIdentity second = startClient(2);
        world.runs(Peer.CLAUDE_CODE, ID, second);
        supervisor.step();
        world.meetsLimit(ID, Optional.of(world.now().plus(Duration.ofHours(1))));
        world.end(second);
        ended(2, 1);
        supervisor.step();
        Instant until = world.now().plus(Duration.ofHours(1)).plusSeconds(5);
        world.pass(Duration.ofHours(2));
        supervisor.step();
        ended(3, 0);
        assertFalse(supervisor.step());

        assertEquals(List.of("began", "resumed 137", "parked 1 " + until, "resumed 1", "ended 0"), world.noted);
        assertEquals(
                List.of(
                        "supervision began",
                        "supervision resumed",
                        "supervision parked",
                        "supervision resumed",
                        "supervision ended"),
                traced);
    }

    /** The note is for those who look; the session is what it is about. */
    @Test
    void whatCannotBeNotedIsTracedAndDoneAllTheSame() throws Exception {
        world.isFull = true;
        Supervisor supervisor = crashed(137);

        supervisor.step();

        assertTrue(file("answer.1").startsWith("word=resume"), file("answer.1"));
        assertTrue(traced.contains("supervision-not-noted resumed"), traced::toString);
    }

    /** Codex resolves the sandbox anew. */
    @Test
    void aThreadThatCouldOnlyReadIsResumedSo() throws Exception {
        world.binding = Binding.ofTurns(Optional.empty(), Optional.of("read-only"), Optional.empty());
        Supervisor supervisor = begun(Peer.CODEX, "codex", "-m", "x");
        ProcessIdentity client = startClient(1);
        world.runs(Peer.CODEX, ID, client);
        supervisor.step();
        world.end(client);
        ended(1, 137);

        supervisor.step();

        assertTrue(
                file("answer.1")
                        .contains("set -- 'codex' '--no-daemon' '-m' 'x' '-s' 'read-only' 'resume' '" + ID + "'"),
                file("answer.1"));
    }

    @Test
    void aLimitOfTheProviderIsWaitedFor() throws Exception {
        Supervisor supervisor = crashed(1);
        world.meetsLimit(ID, Optional.of(world.now().plus(Duration.ofHours(1))));

        assertTrue(supervisor.step());
        assertTrue(file("answer.1").startsWith("word=park\ntext='session calm-otter"), file("answer.1"));
        for (int i = 0; i < 60; i++) {
            assertFalse(isThere("next.1"));
            assertTrue(supervisor.step());
            world.pass(Duration.ofMinutes(1));
        }
        world.pass(Duration.ofSeconds(5));
        assertTrue(supervisor.step());

        assertTrue(
                file("next.1").contains("is resumed: its provider'\\''s limit has ended (start 1 of 5"),
                file("next.1"));
        assertTrue(claim(ID).holder().isPresent(), "all the time");
    }

    @Test
    void aLimitWhoseEndIsNotToldIsTriedAgainAfterAQuarterOfAnHour() throws Exception {
        Supervisor supervisor = crashed(1);
        world.meetsLimit(ID, Optional.empty());

        supervisor.step();
        assertTrue(file("answer.1").contains("whose end is not told"), file("answer.1"));
        world.pass(Supervisor.UNKNOWN_LIMIT.minusMillis(1));
        supervisor.step();
        assertFalse(isThere("next.1"));
        world.pass(Duration.ofMillis(1));
        supervisor.step();
        assertTrue(file("next.1").startsWith("word=resume"), file("next.1"));
    }

    @Test
    void aLimitThatEndsInYearsIsTakenForOneWhoseEndIsNotTold() throws Exception {
        Supervisor supervisor = crashed(1);
        world.meetsLimit(ID, Optional.of(world.now().plus(Duration.ofDays(9))));

        supervisor.step();
        assertTrue(file("answer.1").contains("whose end is not told"), file("answer.1"));
        world.pass(Supervisor.UNKNOWN_LIMIT);
        supervisor.step();
        assertTrue(file("next.1").startsWith("word=resume"), file("next.1"));
    }

    @Test
    void aStoreInTroubleEndsNoWait() throws Exception {
        Supervisor supervisor = crashed(1);
        world.meetsLimit(ID, Optional.of(world.now().plus(Duration.ofHours(1))));
        supervisor.step();
        world.pass(Duration.ofHours(2));
        world.trouble = new IOException("not now");
        assertTrue(supervisor.step());
        assertFalse(isThere("next.1"));
        world.trouble = null;

        supervisor.step();

        assertTrue(file("next.1").startsWith("word=resume"), file("next.1"));
    }

    @Test
    void whoeverAsksToEndItEndsTheWaitToo() throws Exception {
        Supervisor supervisor = crashed(1);
        world.meetsLimit(ID, Optional.of(world.now().plus(Duration.ofHours(1))));
        supervisor.step();
        supervisor.stop();

        assertFalse(supervisor.step());

        assertEquals("word=end\ntext=''\ncode=1\n", file("next.1"));
        assertTrue(claim(ID).holder().isEmpty());
    }

    @Test
    void aLimitOfAnEarlierClientIsNoReasonToWait() throws Exception {
        world.meetsLimit(ID, Optional.of(world.now().plus(Duration.ofHours(1))));
        world.pass(Duration.ofMinutes(1));
        Supervisor supervisor = crashed(137);

        supervisor.step();

        assertTrue(file("answer.1").startsWith("word=resume"), file("answer.1"));
    }

    @Test
    void aLimitIsNoReasonToResumeWhoWasEndedByHand() throws Exception {
        Supervisor supervisor = crashed(130);
        world.meetsLimit(ID, Optional.of(world.now().plus(Duration.ofHours(1))));

        assertFalse(supervisor.step());

        assertEquals("word=end\ntext=''\ncode=130\n", file("answer.1"));
    }

    @Test
    void whoeverAsksToEndItEndsItsClientInOrder() throws Exception {
        Supervisor supervisor = begun();
        ProcessIdentity client = startClient(1);
        ProcessIdentity below = world.startBelow(client, 600);
        world.deaf.put(client, Signal.KILL);
        supervisor.step();
        supervisor.stop();
        for (int second = 0; second < 6; second++) {
            assertTrue(supervisor.step());
            world.pass(Duration.ofSeconds(1));
        }
        supervisor.step();
        assertEquals(List.of("INT 100", "TERM 100", "KILL 100"), world.signals);
        assertTrue(world.lives(below), "its children are its own business");
        ended(1, 137);

        assertFalse(supervisor.step());
        assertEquals("word=end\ntext=''\ncode=137\n", file("answer.1"));
    }

    /** The terminal's shell was killed: what it had started would have no terminal. */
    @Test
    void aClientWhoseShellHasGoneIsEnded() throws Exception {
        Supervisor supervisor = begun();
        ProcessIdentity client = startClient(1);
        world.runs(Peer.CLAUDE_CODE, ID, client);
        supervisor.step();
        world.end(shell);

        while (supervisor.step()) {
            world.pass(Duration.ofMillis(100));
        }

        assertEquals(List.of("INT 100"), world.signals);
        assertFalse(Files.exists(run));
        assertTrue(claim(ID).holder().isEmpty());
    }

    /** It slept for longer than its lease, and another took over: whatever it finds then is not its own. */
    @Test
    void whoWasDisplacedLeavesTheClientAlone() throws Exception {
        Supervisor supervisor = begun();
        ProcessIdentity client = startClient(1);
        world.runs(Peer.CLAUDE_CODE, ID, client);
        supervisor.step();
        world.pass(SessionClaim.LEASE.plusSeconds(1));
        claim(ID).isTaken();

        assertTrue(supervisor.step());
        world.end(shell);
        assertFalse(supervisor.step());

        assertEquals(List.of(), world.signals);
        assertTrue(claim(ID).holder().isPresent(), "the other's");
    }

    @Test
    void whoWasDisplacedStartsNothing() throws Exception {
        Supervisor supervisor = crashed(137);
        world.pass(SessionClaim.LEASE.plusSeconds(1));
        claim(ID).isTaken();

        assertFalse(supervisor.step());

        assertTrue(file("answer.1").contains("is looked after by process 4711 now"), file("answer.1"));
    }

    /** Late, but nobody wanted it meanwhile. */
    @Test
    void whoSleptAndWasNotDisplacedGoesOn() throws Exception {
        Supervisor supervisor = crashed(137);
        world.pass(SessionClaim.LEASE.multipliedBy(100));

        supervisor.step();

        assertTrue(file("answer.1").startsWith("word=resume"), file("answer.1"));
    }

    @Test
    void whoeverHoldsTheSessionAlreadyIsTheOnlyOne() throws Exception {
        claim(ID).isTaken();
        Supervisor supervisor = crashed(137);

        assertFalse(supervisor.step());

        assertTrue(file("answer.1").contains("is looked after by process 4711'"), file("answer.1"));
    }

    @Test
    void aSessionThatAnotherHoldsIsNotStarted() throws Exception {
        claim(ID).isTaken();
        Supervisor supervisor = supervisor(Peer.CLAUDE_CODE, "claude", "--resume", ID.value());

        assertFalse(supervisor.begin());

        assertEquals(
                "word=end\ntext='session " + ID
                        + " is looked after by process 4711: two would resume it twice. Go on there,"
                        + " or end that first'\ncode=3\n",
                file("start"));
    }

    @Test
    void aSessionThatRunsIsNotStarted() throws Exception {
        world.runs(Peer.CLAUDE_CODE, ID, world.start(900));
        Supervisor supervisor = supervisor(Peer.CLAUDE_CODE, "claude", "--resume", ID.value());

        assertFalse(supervisor.begin());

        assertTrue(file("start").contains("runs already, its process 900 runs: a second client"), file("start"));
        assertTrue(file("start").endsWith("code=3\n"), file("start"));
        assertTrue(claim(ID).holder().isEmpty());
    }

    @Test
    void aStoreInTroubleIsSaidAndKeepsNobodyWaiting() throws Exception {
        Supervisor supervisor = crashed(137);
        world.pass(Duration.ofSeconds(5));
        world.trouble = new IOException("/store: Permission denied\u001b[2J");

        assertFalse(supervisor.step());

        assertTrue(
                file("answer.1").contains("was killed by signal 9 and is not resumed: /store: Permission denied"),
                file("answer.1"));
        assertFalse(file("answer.1").contains("\u001b"));
    }

    @Test
    void aStoreInTroubleForAWhileDoesNotEndTheSupervision() throws Exception {
        Supervisor supervisor = begun();
        ProcessIdentity client = startClient(1);
        world.trouble = new IOException("not now");
        assertTrue(supervisor.step());
        world.trouble = null;
        world.runs(Peer.CLAUDE_CODE, ID, client);
        assertTrue(supervisor.step());
        world.end(client);
        ended(1, 137);

        assertTrue(supervisor.step());

        assertTrue(file("answer.1").startsWith("word=resume"), file("answer.1"));
    }

    /** The time of day decides nothing but until when an answer is good. */
    @Test
    void aClockThatIsSetDisplacesNobody() throws Exception {
        Supervisor supervisor = crashed(137);
        world.setClock(Duration.ofDays(400));

        supervisor.step();

        assertTrue(file("answer.1").startsWith("word=resume"), file("answer.1"));
    }

    @Test
    void aSingleTurnIsRunAndNeverRepeated() throws Exception {
        Supervisor supervisor = begun(Peer.CLAUDE_CODE, "claude", "-p", "do it");
        ProcessIdentity client = startClient(1);
        world.runs(Peer.CLAUDE_CODE, ID, client);
        supervisor.step();
        world.end(client);
        ended(1, 137);

        assertFalse(supervisor.step());

        assertEquals("word=end\ntext=''\ncode=137\n", file("answer.1"));
    }

    @Test
    void optionsThatAreNotKnownAreLeftOutAndNamed() throws Exception {
        Supervisor supervisor = begun(Peer.CLAUDE_CODE, "claude", "--from-the-future", "do it");
        ProcessIdentity client = startClient(1);
        world.runs(Peer.CLAUDE_CODE, ID, client);
        supervisor.step();
        world.end(client);
        ended(1, 137);

        supervisor.step();

        assertTrue(file("answer.1").contains("in 10 minutes, without --from-the-future)"), file("answer.1"));
        assertTrue(file("answer.1").contains("set -- 'claude' '--resume'"), file("answer.1"));
    }
}
