package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.ledger.Aftermath.Crash;
import dev.parley.testing.Faults;
import dev.parley.testing.Journal;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.Reply;
import dev.parley.testing.SimulatedCrash;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SteppedClock;
import dev.parley.testing.Surviving;
import dev.parley.testing.SystemCall;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * A send waits for the medium three times, one after the other: for the content, for the record's name, for the name in the mailbox.
 * Each of these waits is left out, or put beside the next, and then a power cut leaves what it must not: so each is needed, where it
 * is. That nothing is found as it is, {@link CrashModelTest} shows.
 */
final class SendForceModelTest {

    /** The disk wrote what it was made to write, and in the other runs more of it, by chance. */
    private static final int CHANCES = 12;

    private static final Predicate<String> NEVER = handles("");
    private static final Predicate<String> CONTENT = handles(".*/mailbox/tmp/.*");
    private static final Predicate<String> RECORD = handles(".*/ledger#\\d+");
    private static final Predicate<String> MAILBOX = handles(".*/mailbox/new#\\d+");

    private static Predicate<String> handles(String pattern) {
        return Pattern.compile(pattern).asMatchPredicate();
    }

    /** A disk that puts off what it is to force of one kind until it is to force something of another. */
    private static final class PuttingOff implements Kernel {
        private final Kernel kernel;
        private final Predicate<String> late;
        private final Predicate<String> until;
        private final List<SystemCall> waiting = new ArrayList<>();
        int calls;
        /** The calls between which something was put off. */
        int from;

        int to;

        PuttingOff(Kernel kernel, Predicate<String> late, Predicate<String> until) {
            this.kernel = kernel;
            this.late = late;
            this.until = until;
        }

        @Override
        public Reply call(SystemCall call) {
            calls++;
            to = waiting.isEmpty() ? to : calls;
            if (!(call instanceof SystemCall.Force force)) {
                return kernel.call(call);
            }
            if (late.test(force.handle())) {
                assertEquals(0, from, "a send waits once for each");
                from = calls;
                waiting.add(call);
                return Reply.DONE;
            }
            if (until.test(force.handle())) {
                waiting.forEach(kernel::call);
                waiting.clear();
            }
            return kernel.call(call);
        }
    }

    /** One message, sent on such a disk by a process that may die. */
    private static final class Day {
        final Journal journal;
        final History history;
        final PuttingOff disk;

        Day(Predicate<String> late, Predicate<String> until, int callsItLives) throws IOException {
            SteppedClock clock = new SteppedClock(Letters.SENT);
            journal = new Journal(clock);
            Kernel kernel = journal.kernel("process");
            new SimulatedDisk(kernel).makeDirectory(History.HOME);
            new SimulatedDisk(kernel).forceDirectory(History.HOME.getRoot());
            disk = new PuttingOff(kernel, late, until);
            history = new History(new SimulatedDisk(Faults.dieBefore(callsItLives, disk)), clock);
            try {
                history.runSend();
            } catch (SimulatedCrash e) {
                // As it may be.
            }
            assertEquals(Map.of(), history.failures);
        }

        /** What the power cut leaves that it must not; empty if there is no such thing. */
        Optional<String> wrongAfterPowerCut(Surviving surviving) throws IOException, InterruptedException {
            try {
                new Aftermath(history, Crash.POWER_CUT)
                        .inspect(journal.cutPower(surviving).disk());
                return Optional.empty();
            } catch (AssertionError e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
    }

    private static Surviving surviving(int calls, int chance) {
        return chance == 0 ? Surviving.NOTHING : Surviving.some(new SplittableRandom(1_000L * calls + chance));
    }

    private static void assertFound(String what, Predicate<String> late, Predicate<String> until) throws Exception {
        PuttingOff whole = new Day(late, until, Integer.MAX_VALUE).disk;
        assertTrue(whole.from > 0, "nothing was put off");
        for (int calls = whole.to; calls > whole.from; calls--) {
            for (int chance = 0; chance < CHANCES; chance++) {
                Optional<String> wrong = new Day(late, until, calls).wrongAfterPowerCut(surviving(calls, chance));
                if (wrong.isPresent()) {
                    assertTrue(wrong.get().contains(what), wrong.get());
                    assertEquals(
                            Optional.empty(),
                            new Day(NEVER, NEVER, calls).wrongAfterPowerCut(surviving(calls, chance)),
                            "as it is");
                    return;
                }
            }
        }
        throw new AssertionError("nothing was found in the calls from " + whole.from + " to " + whole.to);
    }

    @Test
    void withoutTheContentOnTheMediumAMessageIsDamaged() throws Exception {
        assertFound("a record that cannot be read: it ends without its checksum", CONTENT, NEVER);
    }

    @Test
    void withoutTheRecordOnTheMediumAMessageCannotBeAnswered() throws Exception {
        assertFound("cannot be looked up: one", RECORD, NEVER);
    }

    @Test
    void withoutTheNameInTheMailboxOnTheMediumAMessageIsLost() throws Exception {
        assertFound("lost: one", MAILBOX, NEVER);
    }

    @Test
    void theContentBesideTheRecordsNameLeavesADamagedRecord() throws Exception {
        assertFound("a record that cannot be read: it ends without its checksum", CONTENT, RECORD);
    }

    @Test
    void bothNamesAtOnceLeaveAMessageThatCannotBeAnswered() throws Exception {
        assertFound("cannot be looked up: one", RECORD, MAILBOX);
    }
}
