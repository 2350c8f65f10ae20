package dev.parley.office.contract;

import dev.parley.mailbox.Batch.Seen;
import dev.parley.mailbox.Budget;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;

/**
 * What every {@link dev.parley.mailbox.Mailbox} promises of any sequence of sending, taking, proving, giving back, dying, starting again, being re-identified and clocks being set:
 * nothing is lost, nothing is handed over twice unless marked, and each sender's mail stays in order.
 */
public abstract class MailboxPropertyContract {

    /** Opens an empty office. */
    protected abstract OfficeUnderTest open() throws IOException;

    /** How often each kind of step is drawn, in all. */
    @Provide
    Arbitrary<List<MailboxStep>> steps() {
        Arbitrary<Integer> processes = Arbitraries.integers().between(0, MailboxModel.PROCESSES - 1);
        Arbitrary<Integer> batches = Arbitraries.integers().between(0, 20);
        Arbitrary<Integer> requests = Arbitraries.integers().between(0, MailboxModel.REQUESTS - 1);
        return Arbitraries.<MailboxStep>frequencyOf(
                        Tuple.of(
                                10,
                                Combinators.combine(
                                                processes,
                                                Arbitraries.integers().between(1, 40))
                                        .as(MailboxStep.Send::new)),
                        Tuple.of(3, Combinators.combine(processes, requests).as(MailboxStep.Answer::new)),
                        Tuple.of(
                                8,
                                Combinators.combine(
                                                processes,
                                                Arbitraries.integers().between(1, 4),
                                                Arbitraries.integers().between(1, 100),
                                                requests.set().ofMaxSize(1))
                                        .as(MailboxStep.Claim::new)),
                        Tuple.of(
                                2,
                                Combinators.combine(processes, requests, processes)
                                        .as(MailboxStep.ClaimAnswer::new)),
                        Tuple.of(4, batches.map(MailboxStep.Write::new)),
                        Tuple.of(4, batches.map(MailboxStep.Confirm::new)),
                        Tuple.of(
                                4,
                                Combinators.combine(batches, Arbitraries.of(Seen.class))
                                        .as(MailboxStep.GiveBack::new)),
                        Tuple.of(2, processes.map(MailboxStep.Kill::new)),
                        Tuple.of(2, processes.map(MailboxStep.Restart::new)),
                        Tuple.of(1, processes.map(MailboxStep.Move::new)),
                        Tuple.of(
                                1,
                                Arbitraries.integers()
                                        .between(-5000, 5000)
                                        .map(ms -> new MailboxStep.SetClock(Duration.ofMillis(ms)))))
                .list()
                .ofMinSize(1)
                .ofMaxSize(60);
    }

    @Property(tries = 300)
    void theMailboxDoesWhatTheModelSays(@ForAll("steps") List<MailboxStep> steps) throws Exception {
        new MailboxModel(open()).run(steps);
    }

    @Tag("slow")
    @Property(tries = 2500)
    void theMailboxDoesWhatTheModelSaysForLong(@ForAll("steps") List<MailboxStep> steps) throws Exception {
        new MailboxModel(open()).run(steps);
    }

    @Property(tries = 200)
    void budgetsAreKeptAndNothingOvertakes(@ForAll("sizes") List<Integer> sizes, @ForAll("budgets") Budget budget)
            throws Exception {
        MailboxModel model = new MailboxModel(open());
        for (int size : sizes) {
            model.step(new MailboxStep.Send(0, size));
        }
        // The model compares each batch with what the budget allows, and the end with what was sent.
        for (int i = 0; i <= sizes.size(); i++) {
            model.step(new MailboxStep.Claim(0, budget.messages(), budget.bodyBytes(), Set.of()));
        }
        model.assertNothingWaits();
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.integers().between(1, 300).list().ofMaxSize(25);
    }

    @Provide
    Arbitrary<Budget> budgets() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 30),
                        Arbitraries.integers().between(1, 1000))
                .as(Budget::new);
    }
}
