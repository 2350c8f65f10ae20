package dev.parley.store.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Batch.Claimed;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.office.Finding.Severity;
import dev.parley.office.Upkeep;
import dev.parley.process.ProcessIdentity;
import dev.parley.process.ProcessTable;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.upkeep.StoreCheck;
import dev.parley.store.upkeep.StoreSweep;
import dev.parley.testing.Rules;
import dev.parley.testing.SimulatedFiles;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What must hold of the files when every process of a search is dead or done, whichever way it came to that. */
final class PostRules implements Rules {

    private final List<SessionId> receivers;

    /** What else must hold of one end, by the names in the log. */
    interface More {
        void holds(Set<String> log, Map<MessageId, Claimed> found) throws IOException;
    }

    private final More more;

    /** Different endings looked at. */
    int endings;

    PostRules(List<SessionId> receivers, More more) {
        this.receivers = receivers;
        this.more = more;
    }

    /** An exception of a program is one more outcome, but none that is not an {@link IOException} was foreseen. */
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
        Post post = Post.over(store, new Survivor());
        assertEquals(
                List.of(),
                new StoreCheck(store, post.processes())
                        .check().stream()
                                .filter(finding -> finding.severity() == Severity.ERROR)
                                .toList());
        // A removal that was cut short is finished by the next sweep.
        new StoreSweep(store, post.processes(), StoreSweep.KEEP_ENDED).sweep(Upkeep.Mode.REMOVE);
        Map<MessageId, Claimed> found = new HashMap<>();
        Set<SessionId> current = new TreeSet<>();
        for (SessionId receiver : receivers) {
            current.add(store.currentOf(receiver));
        }
        for (SessionId receiver : current) {
            post.peers().register(post.registration(receiver));
            post.mailbox(receiver).recover();
            collect(post, receiver, found);
        }
        Set<String> log = new TreeSet<>(disk.list(PostWorld.LOG));
        for (String note : log) {
            if (note.startsWith("sent.")) {
                assertKept(post, current, new MessageId(note.substring("sent.".length())), found);
            } else if (note.startsWith("withdrawn.")) {
                MessageId id = new MessageId(note.substring("withdrawn.".length()));
                assertTrue(
                        !found.containsKey(id) && !log.contains("handed." + id),
                        () -> id + " was taken back, and is handed over");
            }
        }
        found.forEach((id, claimed) -> assertTrue(
                claimed.redelivered() || !log.contains("handed." + id), () -> id + " comes back and does not say so"));
        more.holds(log, found);
    }

    /** The only process there is any more. */
    static final class Survivor implements ProcessTable {

        @Override
        public ProcessIdentity self() {
            return new ProcessIdentity(90, 1, "model");
        }

        @Override
        public Optional<ProcessIdentity> identify(long pid) {
            return Optional.of(self()).filter(self -> self.pid() == pid);
        }

        @Override
        public Vitality vitality(ProcessIdentity process) {
            return process.equals(self()) ? Vitality.ALIVE : Vitality.DEAD;
        }
    }

    private static void collect(Post post, SessionId receiver, Map<MessageId, Claimed> found) throws IOException {
        Batch batch = post.mailbox(receiver).claim(Budget.READ, Set.<RequestId>of()::contains);
        Map<SessionId, MessageId> last = new HashMap<>();
        for (Claimed claimed : batch.messages()) {
            MessageId id = claimed.envelope().id();
            assertEquals(null, found.put(id, claimed), id + " is there twice");
            assertTrue(post.ledger(receiver).find(id).isPresent(), () -> id + " cannot be looked up");
            MessageId before = last.put(claimed.envelope().from().orElseThrow(), id);
            assertTrue(before == null || before.compareTo(id) < 0, () -> id + " is out of order");
        }
    }

    private static void assertKept(Post post, Set<SessionId> receivers, MessageId id, Map<MessageId, Claimed> found)
            throws IOException {
        boolean kept = found.containsKey(id);
        for (SessionId receiver : receivers) {
            Optional<Place> place = post.mailbox(receiver).locate(id).map(Position::place);
            kept |= place.filter(Set.of(Place.SHOWN, Place.WITHDRAWN)::contains).isPresent();
        }
        assertTrue(kept, () -> id + " was acknowledged and is lost");
    }
}
