package dev.parley.hub;

import dev.parley.address.MessageId;
import dev.parley.hub.Road.Address;
import dev.parley.hub.Road.Arrival;
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
import java.util.ArrayList;
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

    private static final Duration EARLY = Duration.ofSeconds(1);
    private static final Duration FAILED = Duration.ofSeconds(2);

    private final PostOffice office;
    private final RemoteMail mail;
    private final Team team;
    private final Road road;
    private final Dispatch dispatch;
    private final Reports reports;

    Reception(PostOffice office, RemoteMail mail, Team team, Road road, Dispatch dispatch, Reports reports) {
        this.office = office;
        this.mail = mail;
        this.team = team;
        this.road = road;
        this.dispatch = dispatch;
        this.reports = reports;
    }

    /** What is to be told of the mail of one batch before that is acknowledged. */
    private static final class Batch {
        private final Map<Pair, Receipt> receipts = new LinkedHashMap<>();
        private final Map<Pair, Address> addresses = new LinkedHashMap<>();
        private final List<Arrival> taken = new ArrayList<>();
        private final Set<Pair> refused = new HashSet<>();
    }

    /**
     * Takes what is there.
     *
     * @param limit how long to wait for the first
     * @return how much came
     */
    int run(Duration limit) throws IOException, InterruptedException {
        List<Arrival> arrivals = road.fetch(MOST, limit);
        Batch batch = new Batch();
        for (Arrival arrival : arrivals) {
            try {
                take(arrival, batch);
            } catch (RoadException e) {
                throw e;
            } catch (IOException e) {
                failed(arrival.address(), e);
                arrival.later(FAILED);
            }
        }
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

    private void failed(Address address, IOException why) {
        office.trace()
                .event(
                        Event.NOT_TAKEN_IN,
                        Map.of("host", address.from().value(), "id", address.id(), "reason", why.toString()));
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
        }
    }

    private void learn(Address address, Progress progress) throws IOException {
        if (mail.sent().learn(address.from(), progress) && progress.refused().isPresent()) {
            Optional<Pair> pair =
                    mail.sent().find(progress.message()).map(sent -> Pair.of(sent.host(), sent.envelope()));
            pair.ifPresent(dispatch::refused);
        }
    }

    private void takeMail(Arrival arrival, Batch batch) throws IOException, InterruptedException, BadMailException {
        Address address = arrival.address();
        Parcel parcel = Wire.mail(address, arrival.content());
        requireOwnBusiness(address, parcel.envelope());
        Optional<String> refusal = refusal(address, parcel);
        Intake.Outcome outcome = refusal.isPresent()
                ? new Intake.Refused(refusal.get())
                : mail.intake().take(parcel);
        if (outcome instanceof Intake.Refused refused) {
            // The hub is not where it waits: this machine's share of the hub is for those whose mail can be taken.
            batch.refused.add(parcel.pair());
            reports.refuse(address, parcel.envelope().id(), refused.reason());
            arrival.done();
            return;
        }
        if (outcome instanceof Intake.Early early) {
            answer(batch, address, early.receipt());
            if (batch.refused.contains(parcel.pair())) {
                arrival.done();
            } else {
                arrival.later(EARLY);
            }
            return;
        }
        answer(batch, address, receipt(outcome));
        if (outcome instanceof Intake.Stored) {
            follow(parcel.envelope().id(), address, parcel.envelope());
            // What came of taking it back is told also if its sender had heard all there was to say of it.
            if (parcel.envelope().takesBack().isPresent()) {
                follow(parcel.envelope().takesBack().get(), address, parcel.envelope());
            }
        }
        batch.taken.add(arrival);
    }

    private void follow(MessageId message, Address address, Envelope of) throws IOException {
        reports.follow(new Item(message, address.from(), address.project(), of.to(), Optional.empty()));
    }

    /** A post office cancels what its machine has sent, which the intake looks at, and tells of what was sent to it; else any machine could speak as one of anything. */
    private void requireOwnBusiness(Address address, Envelope envelope) throws IOException, BadMailException {
        if (envelope.origin() != Envelope.Origin.OFFICE || envelope.cancels().isPresent()) {
            return;
        }
        boolean isOfOurs = envelope.sourceMessageId().isPresent()
                && mail.sent()
                        .find(envelope.sourceMessageId().get())
                        .filter(sent -> sent.host().equals(address.from()))
                        .isPresent();
        if (!isOfOurs) {
            throw new BadMailException("it tells, as a post office, of no message that went to its machine");
        }
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
        Optional<Peer> receiver =
                office.peers().find(office.peers().current(parcel.envelope().to()));
        if (project == null
                || receiver.filter(peer -> peer.project().equals(project)).isEmpty()) {
            // Who is there in other projects is nobody's business.
            return Optional.of("no session " + parcel.envelope().to() + " of this project is known on " + team.host());
        }
        return Optional.empty();
    }

    private void setAside(Arrival arrival, String reason) throws IOException {
        Address address = arrival.address();
        office.trace()
                .event(
                        Event.MAIL_REFUSED,
                        Map.of("host", address.from().value(), "id", address.id(), "reason", reason));
        mail.refused().keep(address.from(), address.id(), reason, arrival.content());
        if (MessageId.isValid(address.id())) {
            reports.refuse(address, new MessageId(address.id()), reason);
        }
        arrival.done();
    }
}
