package dev.parley.store.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkState;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Cancellation;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.process.ProcessTable;
import dev.parley.remote.Intake;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Receipt;
import dev.parley.store.Disk;
import dev.parley.store.Store;
import dev.parley.store.ledger.Ledgers;
import dev.parley.store.lock.Locks;
import dev.parley.store.mailbox.Mailboxes;
import dev.parley.store.mailbox.MessageName;
import dev.parley.testing.Kernel;
import dev.parley.testing.Letters;
import dev.parley.testing.SimulatedDisk;
import dev.parley.testing.SimulatedProcesses;
import dev.parley.testing.SteppedClock;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Two stores on one simulated disk, and a road between them that may lose, repeat and reorder what it carries. */
final class TwoHosts {

    static final HostName HERE = new HostName("laptop");
    static final HostName THERE = new HostName("build-server");
    static final SessionId ANN = new SessionId("ann-0001");
    static final SessionId BEN = new SessionId("ben-0001");
    static final SessionId CLEO = new SessionId("cleo-0001");

    static final Path SENDER = Path.of("/sender");
    private static final Path RECEIVER = Path.of("/receiver");

    private TwoHosts() {}

    /** What the road does with what it is given. */
    interface Road {

        Road GOOD = new Road() {
            @Override
            public <T> List<T> carry(List<T> given) {
                return given;
            }
        };

        <T> List<T> carry(List<T> given);

        /** Loses a third, repeats a third, and carries all in any order. */
        static Road bad(long seed) {
            Random random = new Random(seed);
            return new Road() {
                @Override
                public <T> List<T> carry(List<T> given) {
                    List<T> carried = new ArrayList<>();
                    for (T one : given) {
                        carried.addAll(Collections.nCopies(random.nextInt(3), one));
                    }
                    Collections.shuffle(carried, random);
                    return carried;
                }
            };
        }
    }

    static void make(Disk disk) throws IOException {
        disk.makeDirectory(SENDER);
        disk.makeDirectory(RECEIVER);
        disk.forceDirectory(SENDER.getRoot());
    }

    /** A process on each machine. */
    static final class Processes {
        final FileOutbox outbox;
        final FileIntake intake;
        final Store there;
        final Mailboxes mailboxes;

        Processes(Kernel kernel, SteppedClock clock, SimulatedProcesses machine, long pid) throws IOException {
            Disk disk = new SimulatedDisk(kernel);
            ProcessTable process = machine.start(pid);
            Store here = Store.over(SENDER, disk, clock, Trace.NONE);
            outbox = new FileOutbox(here, new Locks(here, process));
            there = Store.over(RECEIVER, disk, clock, Trace.NONE);
            there.makeSession(BEN);
            there.makeSession(CLEO);
            mailboxes = new Mailboxes(there, process);
            intake = new FileIntake(
                    there, new Locks(there, process), mailboxes, new Ledgers(there, process, Retention.DEFAULT));
        }

        /** Carries what waits, and the receipts back. */
        void carry(Road road) throws IOException, InterruptedException {
            List<Parcel> waiting = new ArrayList<>();
            for (Pair pair : outbox.pairs()) {
                waiting.addAll(outbox.waiting(pair, 20));
            }
            List<Receipt> receipts = new ArrayList<>();
            for (List<Parcel> run : runs(road.carry(waiting))) {
                intake.take(run).forEach(outcome -> receipts.add(receipt(outcome)));
            }
            for (Receipt receipt : road.carry(receipts)) {
                outbox.settle(returned(receipt));
            }
        }

        /** What comes one after the other of one pair and epoch is taken in at once. */
        private static List<List<Parcel>> runs(List<Parcel> carried) {
            List<List<Parcel>> runs = new ArrayList<>();
            for (Parcel parcel : carried.stream().map(TwoHosts::arrived).toList()) {
                List<Parcel> last = runs.isEmpty() ? List.of() : runs.get(runs.size() - 1);
                if (last.isEmpty()
                        || !last.get(0).pair().equals(parcel.pair())
                        || !last.get(0).epoch().equals(parcel.epoch())) {
                    last = new ArrayList<>();
                    runs.add(last);
                }
                last.add(parcel);
            }
            return runs;
        }

        void carryAll(Road road) throws IOException, InterruptedException {
            for (int round = 0; outbox.size() > 0; round++) {
                assertTrue(round < 1_000, "it never arrives");
                carry(road);
            }
        }

        /** A reader takes what waits, and proves it shown. */
        List<String> read(SessionId who) throws IOException {
            List<String> bodies = new ArrayList<>();
            Batch batch = mailboxes.of(who).claim(new Budget(20, 1 << 20), request -> false);
            batch.messages().forEach(claimed -> bodies.add(claimed.envelope().body()));
            batch.written();
            batch.confirm();
            return bodies;
        }

        /** Every message that this session can see or has seen, in the order of the names; one that is there twice, twice. */
        List<MessageName> visible(SessionId who) throws IOException {
            List<MessageName> names = new ArrayList<>();
            Path mailbox = there.mailbox(who);
            addTo(names, mailbox.resolve("new"));
            for (String place : List.of("cur", "shown")) {
                for (String claim : there.disk().list(mailbox.resolve(place))) {
                    addTo(names, mailbox.resolve(place).resolve(claim));
                }
            }
            Collections.sort(names);
            return names;
        }

        private void addTo(List<MessageName> names, Path directory) throws IOException {
            try {
                there.disk()
                        .list(directory)
                        .forEach(name -> MessageName.parse(name).ifPresent(names::add));
            } catch (NoSuchFileException e) {
                // Then there are none.
            }
        }

        /**
         * What was taken back waits nowhere: it was seen before, or nobody ever sees it; and a request is canceled. A cancellation is
         * shown to whoever has seen the request.
         */
        void inspectTakenBack(SessionId who, Envelope earlier, Envelope by) throws IOException {
            Ledgers ledgers = new Ledgers(there, new SimulatedProcesses().start(99), Retention.DEFAULT);
            assertTrue(ledgers.of(who).find(earlier.id()).isPresent(), "it is recorded");
            assertEquals(
                    WorkState.CANCELED,
                    ledgers.work(who).find(earlier.id()).orElseThrow().state());
            Optional<Place> place = place(who, earlier.id());
            boolean isWithdrawn = place.equals(Optional.of(Place.WITHDRAWN))
                    || ledgers.of(who).listing().isWithdrawn(earlier.id());
            boolean isSeen = place.equals(Optional.of(Place.HANDED)) || place.equals(Optional.of(Place.SHOWN));
            assertEquals(!isSeen, isWithdrawn, () -> "it is " + place);
            if (by.cancels().isPresent()) {
                assertEquals(isSeen, place(who, by.id()).isPresent(), "who has seen it is told, nobody else");
            }
        }

        private Optional<Place> place(SessionId who, MessageId message) throws IOException {
            return mailboxes.of(who).locate(message).map(Position::place);
        }

        /**
         * What was sent has arrived once and in its order; what is in doubt has arrived once or not at all.
         *
         * @param sent what has to have arrived, in order
         * @param unordered what may have arrived anywhere among it
         */
        void inspect(SessionId who, List<MessageId> sent, Set<MessageId> unordered) throws IOException {
            List<MessageName> names = visible(who);
            List<MessageId> arrived = names.stream().map(MessageName::messageId).toList();
            assertEquals(new HashSet<>(arrived).size(), arrived.size(), () -> "twice: " + names);
            assertTrue(arrived.containsAll(sent), () -> "lost: " + sent + " of which arrived " + arrived);
            List<MessageId> known = new ArrayList<>(arrived);
            known.removeAll(unordered);
            List<MessageId> expected = new ArrayList<>(sent);
            expected.removeAll(unordered);
            assertEquals(expected, known, "the order");
            Ledgers ledgers = new Ledgers(there, new SimulatedProcesses().start(99), Retention.DEFAULT);
            for (MessageId id : arrived) {
                assertTrue(ledgers.of(who).find(id).isPresent(), () -> "not recorded: " + id);
            }
        }
    }

    static Envelope letter(SessionId to, String body) {
        return Letters.plain(ANN, to, body);
    }

    /** A request in whose place another comes is canceled as well. */
    static Envelope request(SessionId to, String body, Optional<MessageId> supersedes) {
        Envelope plain = Letters.question(ANN, to, RequestId.create(), body);
        return new Envelope(
                plain.id(),
                plain.sentAt(),
                plain.origin(),
                plain.from(),
                plain.fromName(),
                to,
                plain.requestId(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.empty(),
                supersedes,
                body);
    }

    static Envelope cancellation(Envelope request) {
        return new Envelope(
                        MessageId.create(request.from()),
                        request.sentAt(),
                        Envelope.Origin.OFFICE,
                        request.from(),
                        Envelope.OFFICE,
                        request.to(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(request.id()),
                        1,
                        "it is canceled")
                .canceling(new Cancellation(request.id(), Optional.of("too late")));
    }

    /** The receiving machine sees the same pair from its side. */
    static Parcel arrived(Parcel parcel) {
        return new Parcel(
                new Pair(HERE, parcel.pair().from(), parcel.pair().to()),
                parcel.epoch(),
                parcel.number(),
                parcel.settled(),
                parcel.after(),
                parcel.envelope(),
                parcel.isWithdrawn());
    }

    static Receipt returned(Receipt receipt) {
        Pair pair = new Pair(THERE, receipt.pair().from(), receipt.pair().to());
        return new Receipt(pair, receipt.epoch(), receipt.number(), receipt.last(), receipt.isLost());
    }

    static Receipt receipt(Intake.Outcome outcome) {
        if (outcome instanceof Intake.Stored stored) {
            return stored.receipt();
        } else if (outcome instanceof Intake.Known known) {
            return known.receipt();
        } else if (outcome instanceof Intake.Early early) {
            return early.receipt();
        } else if (outcome instanceof Intake.Astray astray) {
            return astray.receipt();
        }
        throw new AssertionError("not stored: " + outcome);
    }
}
