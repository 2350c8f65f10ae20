package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Batch.Seen;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Mailbox;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Registration;
import dev.parley.testing.Letters;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a mailbox should hold, kept beside the real one through the same steps, and compared at each. */
final class MailboxModel {

    static final int PROCESSES = 3;
    static final int REQUESTS = 2;

    /** One message, wherever it is. */
    private static final class Letter {
        final Envelope envelope;
        final int sender;
        final int number;
        boolean marked;

        Letter(Envelope envelope, int sender, int number) {
            this.envelope = envelope;
            this.sender = sender;
            this.number = number;
        }
    }

    private record Taken(int process, int incarnation, Batch batch, List<Letter> letters) {}

    private final OfficeUnderTest office;
    private final int[] incarnations = new int[PROCESSES];
    private final boolean[] alive = new boolean[PROCESSES];
    private final int[] sent = new int[PROCESSES];
    private final RequestId[] requests = new RequestId[REQUESTS];

    private SessionId session = new SessionId("ann");
    private int moves;

    private final Map<MessageId, Letter> waiting = new LinkedHashMap<>();
    private final Map<MessageId, Letter> shown = new HashMap<>();
    private final List<Taken> taken = new ArrayList<>();

    /** Beside an empty office. */
    MailboxModel(OfficeUnderTest office) throws IOException, InterruptedException {
        this.office = office;
        for (int i = 0; i < REQUESTS; i++) {
            requests[i] = RequestId.create();
        }
        for (int p = 0; p < PROCESSES; p++) {
            start(p);
        }
        directory(0).register(registration(0));
    }

    private static String process(int p) {
        return "process " + p;
    }

    private void start(int p) {
        incarnations[p]++;
        alive[p] = true;
    }

    private PeerDirectory directory(int p) throws IOException {
        return office.as(process(p)).peers();
    }

    private Registration registration(int p) {
        return office.registration(
                session, Peer.CODEX, OfficeContract.PROJECT, Optional.empty(), Optional.of(process(p)));
    }

    private Mailbox mailbox(int p) throws IOException {
        return mailbox(p, session);
    }

    private Mailbox mailbox(int p, SessionId owner) throws IOException {
        return office.as(process(p)).mailbox(owner);
    }

    void run(List<MailboxStep> steps) throws Exception {
        for (MailboxStep step : steps) {
            step(step);
        }
        office.assertSound(Tolerated.LEFTOVERS);
        everybodyDiesAndAllIsTakenAgain();
    }

    void step(MailboxStep step) throws Exception {
        office.pass(Duration.ofMillis(1));
        if (step instanceof MailboxStep.Send send) {
            send(send.process(), Optional.empty(), "x".repeat(send.size()));
        } else if (step instanceof MailboxStep.Answer answer) {
            send(answer.process(), Optional.of(requests[answer.request()]), "answer");
        } else if (step instanceof MailboxStep.Claim claim) {
            claim(claim);
        } else if (step instanceof MailboxStep.ClaimAnswer claim) {
            claimAnswer(claim);
        } else if (step instanceof MailboxStep.Write write) {
            batch(write.batch()).ifPresent(this::write);
        } else if (step instanceof MailboxStep.Confirm confirm) {
            batch(confirm.batch()).ifPresent(this::confirm);
        } else if (step instanceof MailboxStep.GiveBack back) {
            batch(back.batch()).ifPresent(batch -> giveBack(batch, back.seen()));
        } else if (step instanceof MailboxStep.Kill kill) {
            office.end(process(kill.process()));
            alive[kill.process()] = false;
        } else if (step instanceof MailboxStep.Restart restart) {
            restart(restart.process());
        } else if (step instanceof MailboxStep.Move move) {
            move(move.process());
        } else if (step instanceof MailboxStep.SetClock set) {
            office.pass(set.by());
        }
    }

    private void send(int p, Optional<RequestId> answers, String body) throws IOException {
        if (!alive[p]) {
            return;
        }
        // Senders may know the session by its first id only.
        SessionId to = sent[p] % 2 == 0 ? session : new SessionId("ann");
        SessionId from = new SessionId("sender-" + p);
        Envelope envelope =
                answers.map(id -> Letters.answer(from, to, id, body)).orElseGet(() -> Letters.plain(from, to, body));
        mailbox(p, to).deliver(envelope);
        waiting.put(envelope.id(), new Letter(envelope, p, sent[p]++));
        assertEquals(waiting.size(), mailbox(p).waiting());
    }

    private void claim(MailboxStep.Claim step) throws IOException {
        if (!alive[step.process()]) {
            return;
        }
        Set<RequestId> awaited = step.awaited().stream().map(i -> requests[i]).collect(Collectors.toSet());
        Batch batch = mailbox(step.process()).claim(new Budget(step.messages(), step.bytes()), awaited::contains);
        List<Letter> letters = assertWaiting(batch);
        List<Letter> left = waiting.values().stream()
                .filter(letter -> !letters.contains(letter)
                        && letter.envelope.replyTo().filter(awaited::contains).isEmpty())
                .toList();
        assertEquals(left.size(), batch.remaining());
        assertFalse(letters.stream()
                .anyMatch(letter ->
                        letter.envelope.replyTo().filter(awaited::contains).isPresent()));
        assertBudget(step, letters, left);
        assertNobodyOvertaken(letters, left);
        assertShared(step, letters, left);
        keep(step.process(), batch, letters);
    }

    private List<Letter> assertWaiting(Batch batch) {
        List<Letter> letters = new ArrayList<>();
        for (Claimed claimed : batch.messages()) {
            Letter letter = waiting.get(claimed.envelope().id());
            assertTrue(letter != null, "it was handed over though it was not waiting");
            assertEquals(letter.envelope, claimed.envelope());
            assertEquals(letter.marked, claimed.redelivered());
            letters.add(letter);
        }
        return letters;
    }

    private static void assertBudget(MailboxStep.Claim budget, List<Letter> letters, List<Letter> left) {
        int bytes = letters.stream().mapToInt(l -> l.envelope.body().length()).sum();
        assertTrue(letters.size() <= budget.messages());
        assertTrue(letters.size() <= 1 || bytes <= budget.bytes());
        assertTrue(!letters.isEmpty() || left.isEmpty(), "the first is taken whatever its size");
        if (letters.size() < budget.messages()) {
            next(left)
                    .values()
                    .forEach(next -> assertFalse(fits(next, budget, letters), "something that fits was left"));
        }
    }

    private static boolean fits(Letter letter, MailboxStep.Claim budget, List<Letter> beside) {
        int bytes = beside.stream().mapToInt(l -> l.envelope.body().length()).sum();
        return bytes + letter.envelope.body().length() <= budget.bytes();
    }

    /** The oldest that was left of each sender. */
    private static Map<Integer, Letter> next(List<Letter> left) {
        Map<Integer, Letter> next = new HashMap<>();
        left.forEach(
                letter -> next.merge(letter.sender, letter, (one, other) -> one.number < other.number ? one : other));
        return next;
    }

    /** Each sender's mail is taken from its beginning, in its order. */
    private static void assertNobodyOvertaken(List<Letter> letters, List<Letter> left) {
        for (int p = 0; p < PROCESSES; p++) {
            int sender = p;
            List<Integer> numbers = letters.stream()
                    .filter(l -> l.sender == sender)
                    .map(l -> l.number)
                    .toList();
            assertEquals(numbers.stream().sorted().toList(), numbers);
            int last = numbers.stream().mapToInt(n -> n).max().orElse(-1);
            assertTrue(left.stream().filter(l -> l.sender == sender).allMatch(l -> l.number > last));
        }
    }

    /** Of whom something was left that fits, nobody else got more than one message more. */
    private static void assertShared(MailboxStep.Claim budget, List<Letter> letters, List<Letter> left) {
        long[] taken = new long[PROCESSES];
        letters.forEach(letter -> taken[letter.sender]++);
        long most = Arrays.stream(taken).max().orElse(0);
        next(left)
                .forEach((sender, next) -> assertTrue(
                        most <= taken[sender] + 1 || !fits(next, budget, letters),
                        () -> "of sender " + sender + " was left what others got: " + Arrays.toString(taken)));
    }

    private void claimAnswer(MailboxStep.ClaimAnswer step) throws IOException {
        if (!alive[step.process()]) {
            return;
        }
        SessionId asked = new SessionId("sender-" + step.sender());
        RequestId request = requests[step.request()];
        Optional<Batch> batch = mailbox(step.process()).claimAnswer(request, asked::equals);
        List<Letter> fitting = waiting.values().stream()
                .filter(l -> l.sender == step.sender()
                        && l.envelope.replyTo().filter(request::equals).isPresent())
                .toList();
        assertEquals(!fitting.isEmpty(), batch.isPresent());
        if (batch.isPresent()) {
            List<Letter> letters = assertWaiting(batch.get());
            assertEquals(1, letters.size());
            int first = fitting.stream().mapToInt(l -> l.number).min().orElseThrow();
            assertEquals(first, letters.get(0).number);
            assertEquals(waiting.size() - 1, batch.get().remaining());
            keep(step.process(), batch.get(), letters);
        }
    }

    private void keep(int p, Batch batch, List<Letter> letters) {
        letters.forEach(letter -> waiting.remove(letter.envelope.id()));
        if (!letters.isEmpty()) {
            taken.add(new Taken(p, incarnations[p], batch, letters));
        }
    }

    /** One of the batches that a living process holds. */
    private Optional<Taken> batch(int number) {
        List<Taken> held = taken.stream().filter(this::isHeld).toList();
        return held.isEmpty() ? Optional.empty() : Optional.of(held.get(number % held.size()));
    }

    private boolean isHeld(Taken batch) {
        return alive[batch.process] && incarnations[batch.process] == batch.incarnation;
    }

    private void write(Taken batch) {
        unchecked(() -> batch.batch.written());
    }

    private void confirm(Taken batch) {
        unchecked(() -> batch.batch.confirm());
        taken.remove(batch);
        batch.letters.forEach(letter -> shown.put(letter.envelope.id(), letter));
    }

    private void giveBack(Taken batch, Seen seen) {
        unchecked(() -> batch.batch.giveBack(seen));
        taken.remove(batch);
        goBack(batch, seen);
    }

    private void goBack(Taken batch, Seen seen) {
        for (Letter letter : batch.letters) {
            letter.marked |= seen == Seen.PERHAPS;
            waiting.put(letter.envelope.id(), letter);
        }
    }

    private void restart(int p) throws IOException, InterruptedException {
        office.end(process(p));
        start(p);
        directory(p).register(registration(p));
        int expected = 0;
        for (Taken batch : List.copyOf(taken)) {
            if (!isHeld(batch)) {
                taken.remove(batch);
                goBack(batch, Seen.PERHAPS);
                expected += batch.letters.size();
            }
        }
        assertEquals(expected, mailbox(p).recover());
    }

    private void move(int p) throws IOException, InterruptedException {
        if (!alive[p]) {
            return;
        }
        SessionId from = session;
        // Back and forth between few ids, so that chains and circles would show.
        moves++;
        session = new SessionId(moves % 3 == 0 ? "ann" : "ann-" + moves % 5);
        directory(p).move(from, registration(p));
        assertEquals(waiting.size(), mailbox(p).waiting());
    }

    void assertNothingWaits() throws IOException {
        assertEquals(Map.of(), waiting);
        assertEquals(0, mailbox(0).waiting());
    }

    private void everybodyDiesAndAllIsTakenAgain() throws IOException, InterruptedException {
        office.endAll();
        java.util.Arrays.fill(alive, false);
        restart(0);
        assertEquals(List.of(), taken);
        Map<MessageId, Boolean> expected = new HashMap<>();
        waiting.forEach((id, letter) -> expected.put(id, letter.marked));
        Map<MessageId, Boolean> found = new HashMap<>();
        while (found.size() <= expected.size()) {
            Batch batch = mailbox(0).claim(Budget.READ, Set.<RequestId>of()::contains);
            if (batch.messages().isEmpty()) {
                break;
            }
            batch.messages().forEach(claimed -> found.put(claimed.envelope().id(), claimed.redelivered()));
        }
        assertEquals(expected, found);
        office.assertSound(Tolerated.LEFTOVERS);
    }

    private interface Step {
        void run() throws IOException;
    }

    private static void unchecked(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
