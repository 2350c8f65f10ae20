package dev.parley.hub;

import dev.parley.address.MessageId;
import dev.parley.hub.Road.Address;
import dev.parley.hub.Road.Arrival;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Envelope;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.remote.Followed.Item;
import dev.parley.remote.Intake;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Progress;
import dev.parley.remote.Receipt;
import dev.parley.remote.RemoteMail;
import dev.parley.trace.Event;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes in what comes from other machines: mail, receipts, and what is told of messages. What comes is acknowledged only when all that
 * follows from it is stored; so whatever fails comes again. What is no mail is set aside, and stops nothing. Belongs to one thread.
 */
final class Reception {

    static final int MOST = 64;

    /**
     * So long a batch is worked on, then what is left of it is given back. Far less than the hub waits for an acknowledgement, and than
     * it lets one be given: on a machine that is busy all of it would come again, again and again.
     */
    static final Duration SLICE = Duration.ofSeconds(5);

    /** So many of one course are taken in before it is looked whether it takes too long. */
    private static final int AT_ONCE = 16;

    private static final Duration EARLY = Duration.ofSeconds(1);
    private static final Duration FAILED = Duration.ofSeconds(2);

    /**
     * So much mail that cannot be taken in yet waits at the hub, which gives that first, and nothing new to a machine that keeps a
     * thousand waiting. More is let go: its sender's machine has it, and sends it again.
     */
    static final int MOST_WAITING = MOST / 2;

    /** By then the hub has given it again, or has lost it. */
    private static final Duration SURELY_AGAIN = Duration.ofMinutes(1);

    private final PostOffice office;
    private final RemoteMail mail;
    private final Team team;
    private final Road road;
    private final Ticks ticks;
    private final Dispatch dispatch;
    private final Reports reports;

    /** Mail that the hub was told to give again, and when. */
    private final Map<Address, Instant> waiting = new HashMap<>();

    Reception(
            PostOffice office, RemoteMail mail, Team team, Road road, Ticks ticks, Dispatch dispatch, Reports reports) {
        this.office = office;
        this.mail = mail;
        this.team = team;
        this.road = road;
        this.ticks = ticks;
        this.dispatch = dispatch;
        this.reports = reports;
    }

    /** What is to be told of the mail of one batch before that is acknowledged. */
    private static final class Batch {
        private final Map<Pair, Receipt> receipts = new LinkedHashMap<>();
        private final Map<Pair, Address> addresses = new LinkedHashMap<>();
        private final List<Arrival> taken = new ArrayList<>();
        private final Set<Pair> refused = new HashSet<>();

        /** The mail that can be taken in, by its course, as it came. */
        private final Map<Course, List<Mail>> mail = new LinkedHashMap<>();
    }

    /** Mail that came. */
    private record Mail(Arrival arrival, Parcel parcel) {}

    /** What is taken in one after the other. */
    private record Course(Pair pair, String epoch) {}

    /**
     * Takes what is there.
     *
     * @param limit how long to wait for the first
     * @return how much came
     */
    int run(Duration limit) throws IOException, InterruptedException {
        List<Arrival> arrivals = road.fetch(MOST, limit);
        Batch batch = new Batch();
        long begun = ticks.nanos();
        for (Arrival arrival : arrivals) {
            try {
                waiting.remove(arrival.address());
                if (isOver(begun)) {
                    arrival.later(Duration.ZERO);
                } else {
                    take(arrival, batch);
                }
            } catch (RoadException e) {
                throw e;
            } catch (IOException e) {
                failed(arrival, e);
            }
        }
        takeIn(batch, begun);
        for (Map.Entry<Pair, Receipt> each : batch.receipts.entrySet()) {
            Address address = batch.addresses.get(each.getKey());
            if (address != null) {
                road.replace(
                        new Address(address.project(), address.from(), team.host(), Wire.idOf(each.getValue())),
                        Wire.receipt(each.getValue(), team.host()));
            }
        }
        for (Arrival arrival : batch.taken) {
            arrival.done();
        }
        return arrivals.size();
    }

    /** Some of it however long it has taken until now: else a machine that is slow enough would take in nothing at all. */
    private void takeIn(Batch batch, long begun) throws IOException, InterruptedException {
        boolean isSomeTaken = false;
        for (List<Mail> course : batch.mail.values()) {
            for (int from = 0; from < course.size(); from += AT_ONCE) {
                List<Mail> some = course.subList(from, Math.min(from + AT_ONCE, course.size()));
                if (isSomeTaken && isOver(begun)) {
                    for (Mail each : some) {
                        each.arrival().later(Duration.ZERO);
                    }
                } else {
                    takeIn(some, batch);
                    isSomeTaken = true;
                }
            }
        }
    }

    private boolean isOver(long begun) {
        return ticks.nanos() - begun > SLICE.toNanos();
    }

    private void later(Arrival arrival, Duration delay) throws IOException {
        Address address = arrival.address();
        Instant now = office.clock().instant();
        waiting.values().removeIf(since -> since.plus(SURELY_AGAIN).isBefore(now));
        if (MessageId.isValid(address.id()) && waiting.size() >= MOST_WAITING) {
            arrival.done();
        } else {
            waiting.put(address, now);
            arrival.later(delay);
        }
    }

    private void failed(Arrival arrival, IOException why) throws IOException {
        Address address = arrival.address();
        office.trace()
                .event(
                        Event.NOT_TAKEN_IN,
                        Map.of("host", address.from().value(), "id", address.id(), "reason", why.toString()));
        later(arrival, FAILED);
    }

    private void take(Arrival arrival, Batch batch) throws IOException, InterruptedException {
        Address address = arrival.address();
        try {
            if (!address.to().equals(team.host()) || address.from().equals(team.host())) {
                throw new BadMailException("it is for another machine");
            }
            if (MessageId.isValid(address.id())) {
                takeMail(arrival, batch);
            } else if (address.id().startsWith("r-")) {
                Receipt receipt = Wire.receipt(address, arrival.content());
                dispatch.settled(receipt.pair(), mail.outbox().settle(receipt));
                arrival.done();
            } else if (address.id().startsWith("s-")) {
                learn(address, Wire.progress(address, arrival.content()));
                arrival.done();
            } else {
                throw new BadMailException(
                        "its address is none of mail, of a receipt, or of what is told of a message");
            }
        } catch (BadMailException e) {
            setAside(arrival, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            notUnderstood(arrival, e);
        }
    }

    /** A fault of this program's. Nothing is lost: of what is set aside no receipt was given. */
    private void notUnderstood(Arrival arrival, RuntimeException why) throws IOException {
        setAside(arrival, "it could not be understood: " + why.getClass().getSimpleName());
    }

    private void learn(Address address, Progress progress) throws IOException {
        if (mail.sent().learn(address.from(), progress) && progress.refused().isPresent()) {
            Optional<Pair> pair =
                    mail.sent().find(progress.message()).map(sent -> Pair.of(sent.host(), sent.envelope()));
            pair.ifPresent(dispatch::refused);
        }
    }

    private void takeMail(Arrival arrival, Batch batch) throws IOException, BadMailException {
        Address address = arrival.address();
        Parcel parcel = Wire.mail(address, arrival.content());
        if (!isOwnBusiness(address, parcel.envelope())) {
            noteRefused(arrival, "it tells, as a post office, of no message that went to its machine");
            // Nobody sees it, and what comes behind it does not wait for it.
            parcel = parcel.withdrawn();
        }
        Optional<String> refusal = refusal(address, parcel);
        if (refusal.isPresent()) {
            refuse(new Mail(arrival, parcel), refusal.get(), batch);
        } else {
            batch.mail
                    .computeIfAbsent(new Course(parcel.pair(), parcel.epoch()), missing -> new ArrayList<>())
                    .add(new Mail(arrival, parcel));
        }
    }

    /** The hub is not where it waits: this machine's share of the hub is for those whose mail can be taken. */
    private void refuse(Mail refused, String reason, Batch batch) throws IOException {
        batch.refused.add(refused.parcel().pair());
        reports.refuse(refused.arrival().address(), refused.parcel().envelope().id(), reason);
        refused.arrival().done();
    }

    private void takeIn(List<Mail> course, Batch batch) throws IOException, InterruptedException {
        List<Intake.Outcome> outcomes;
        try {
            outcomes = mail.intake().take(course.stream().map(Mail::parcel).toList());
        } catch (IOException e) {
            for (Mail each : course) {
                failed(each.arrival(), e);
            }
            return;
        } catch (RuntimeException e) {
            if (course.size() > 1) {
                for (Mail each : course) {
                    takeIn(List.of(each), batch);
                }
            } else {
                notUnderstood(course.get(0).arrival(), e);
            }
            return;
        }
        for (int i = 0; i < course.size(); i++) {
            try {
                settle(course.get(i), outcomes.get(i), batch);
            } catch (RoadException e) {
                throw e;
            } catch (IOException e) {
                failed(course.get(i).arrival(), e);
            }
        }
    }

    private void settle(Mail each, Intake.Outcome outcome, Batch batch) throws IOException {
        Address address = each.arrival().address();
        Parcel parcel = each.parcel();
        if (outcome instanceof Intake.Refused refused) {
            refuse(each, refused.reason(), batch);
            return;
        }
        if (outcome instanceof Intake.Early early) {
            answer(batch, address, early.receipt());
            boolean isFar = parcel.number() - early.receipt().number() > Dispatch.WINDOW;
            if (isFar || batch.refused.contains(parcel.pair())) {
                each.arrival().done();
            } else {
                later(each.arrival(), EARLY);
            }
            return;
        }
        answer(batch, address, receipt(outcome));
        boolean isNew = outcome instanceof Intake.Stored;
        // One that was known: whoever took it in may have died before it was followed.
        if (isNew || outcome instanceof Intake.Known) {
            follow(parcel.envelope().id(), address, parcel.envelope());
            // What came of taking it back is told also if its sender had heard all there was to say of it.
            if (parcel.envelope().takesBack().isPresent()) {
                follow(parcel.envelope().takesBack().get(), address, parcel.envelope());
            }
        }
        if (isNew) {
            ringWhereItListens(parcel.envelope());
        }
        batch.taken.add(each.arrival());
    }

    /** A client listens under the id that it knows, also where its session is addressed by another. */
    private void ringWhereItListens(Envelope envelope) throws IOException {
        Optional<Peer> pinned = receiver(envelope)
                .filter(peer -> peer.ownSession().isPresent()
                        && !peer.ownSession().get().equals(peer.id()));
        if (Ring.of(envelope) == Ring.YES) {
            pinned.ifPresent(office.delivery()::ring);
        }
    }

    private Optional<Peer> receiver(Envelope envelope) throws IOException {
        return office.peers().find(office.peers().current(envelope.to()));
    }

    private void follow(MessageId message, Address address, Envelope of) throws IOException {
        reports.follow(new Item(message, address.from(), address.project(), of.to(), Optional.empty()));
    }

    /**
     * Whether a post office cancels what its machine has sent, which the intake looks at, or tells of what was sent to it; else any
     * machine could speak as one of anything.
     */
    private boolean isOwnBusiness(Address address, Envelope envelope) throws IOException {
        return envelope.origin() != Envelope.Origin.OFFICE
                || envelope.cancels().isPresent()
                || (envelope.sourceMessageId().isPresent()
                        && mail.sent()
                                .find(envelope.sourceMessageId().get())
                                .filter(sent -> sent.host().equals(address.from()))
                                .isPresent());
    }

    private static Receipt receipt(Intake.Outcome outcome) {
        if (outcome instanceof Intake.Stored stored) {
            return stored.receipt();
        } else if (outcome instanceof Intake.Known known) {
            return known.receipt();
        } else if (outcome instanceof Intake.Astray astray) {
            return astray.receipt();
        }
        throw new IllegalStateException("there is no receipt of " + outcome);
    }

    /** The last one of a pair says all that those before it say, but for one that says that records were lost. */
    private static void answer(Batch batch, Address address, Receipt receipt) {
        Receipt before = batch.receipts.get(receipt.pair());
        if (before == null || !before.isLost()) {
            batch.receipts.put(receipt.pair(), receipt);
            batch.addresses.put(receipt.pair(), address);
        }
    }

    /** Why mail is not taken although it is mail; empty if nothing speaks against it. */
    private Optional<String> refusal(Address address, Parcel parcel) throws IOException {
        if (!team.accepts(address.from())) {
            return Optional.of(team.host() + " takes no mail from " + address.from());
        }
        String project = team.projects().get(address.project());
        if (project == null
                || receiver(parcel.envelope())
                        .filter(peer -> peer.project().equals(project))
                        .isEmpty()) {
            // Who is there in other projects is nobody's business.
            return Optional.of("no session " + parcel.envelope().to() + " of this project is known on " + team.host());
        }
        return Optional.empty();
    }

    private void noteRefused(Arrival arrival, String reason) throws IOException {
        Address address = arrival.address();
        office.trace()
                .event(
                        Event.MAIL_REFUSED,
                        Map.of("host", address.from().value(), "id", address.id(), "reason", reason));
        mail.refused().keep(address.from(), address.id(), reason, arrival.content());
    }

    private void setAside(Arrival arrival, String reason) throws IOException {
        Address address = arrival.address();
        noteRefused(arrival, reason);
        if (MessageId.isValid(address.id())) {
            reports.refuse(address, new MessageId(address.id()), reason);
        }
        arrival.done();
    }
}
