package dev.parley.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.lock.LeaseLostException;
import dev.parley.lock.Leases;
import dev.parley.mailbox.Batch;
import dev.parley.mailbox.Budget;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.Mailbox;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.session.PostOffices;
import dev.parley.store.lock.FileLease;
import dev.parley.store.lock.Locks;
import dev.parley.store.office.FilePostOffice;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * A process made to be killed. It uses the store as a server does, without the cost of a server's start, and tells the
 * {@link Referee} on standard output what it was told itself. A line is whole only if it ends with a semicolon.
 *
 * <p>It ends cleanly at the end of its input.
 */
final class Victim {

    private static final Duration LOOK = Duration.ofMillis(20);

    /** Small hand-overs, and a client that takes a moment over each: more to be killed in. */
    private static final Budget A_FEW = new Budget(3, Budget.READ.bodyBytes());

    private static final long THINKING_NANOS = Duration.ofMillis(5).toNanos();

    private final FilePostOffice office;
    private volatile boolean ending;

    private Victim(Path home) throws IOException {
        office = (FilePostOffice) PostOffices.open(Map.of("PARLEY_HOME", home.toString()), Trace.NONE);
    }

    /** {@code HOME send ME TO FROM_NUMBER}, {@code HOME read ME}, {@code HOME claim ME}, {@code HOME hold LOCK}. */
    public static void main(String[] args) throws Exception {
        Victim victim = new Victim(Path.of(args[0]));
        switch (args[1]) {
            case "send" -> {
                victim.watchInput();
                victim.send(args[2], new SessionId(args[3]), Long.parseLong(args[4]));
            }
            case "read" -> {
                victim.watchInput();
                victim.read(new SessionId(args[2]));
            }
            case "claim" -> victim.claimAndHold(new SessionId(args[2]));
            case "hold" -> victim.hold(args[2]);
            default -> throw new IllegalArgumentException(args[1]);
        }
    }

    private static void say(String line) {
        System.out.println(line + ";");
    }

    private static void awaitInput() throws IOException {
        System.in.readNBytes(1);
    }

    private void watchInput() {
        Thread watching = new Thread(
                () -> {
                    try {
                        awaitInput();
                    } catch (IOException e) {
                        // An input that fails has ended too.
                    }
                    ending = true;
                },
                "input");
        watching.setDaemon(true);
        watching.start();
    }

    /** One numbered message after another. */
    private void send(String me, SessionId to, long from) throws IOException {
        for (long number = from; !ending; number++) {
            String body = me + "/" + number;
            say("try " + body);
            try {
                office.delivery().send(envelope(me, to, body), Ring.YES);
                say("ack " + body);
            } catch (MailboxFullException e) {
                say("full " + body);
            }
        }
    }

    private Envelope envelope(String me, SessionId to, String body) {
        return new Envelope(
                MessageId.create(Optional.of(new SessionId(me))),
                office.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                Origin.PEER,
                Optional.of(new SessionId(me)),
                me,
                to,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                body);
    }

    /** As a server does: claim, tell, note that it was told, and confirm with the next sign of life. */
    private void read(SessionId me) throws IOException, InterruptedException {
        Mailbox mailbox = office.mailbox(me);
        mailbox.recover();
        say("reading");
        Optional<Batch> unproven = Optional.empty();
        try (Mailbox.Arrivals arrivals = mailbox.arrivals()) {
            while (!ending) {
                Batch batch = mailbox.claim(A_FEW, office.asks(me).awaited()::contains);
                if (unproven.isPresent()) {
                    unproven.get().confirm();
                }
                tell(batch);
                batch.written();
                unproven = Optional.of(batch);
                LockSupport.parkNanos(THINKING_NANOS);
                if (batch.messages().isEmpty()) {
                    arrivals.await(LOOK);
                }
            }
        }
    }

    private static void tell(Batch batch) {
        batch.messages()
                .forEach(claimed -> say((claimed.redelivered() ? "again " : "first ")
                        + claimed.envelope().body()));
    }

    private void claimAndHold(SessionId me) throws IOException {
        Batch batch = office.mailbox(me).claim(Budget.READ, request -> false);
        say("holds " + batch.messages().size());
        awaitInput();
    }

    /** Takes a lock, and commits under it when told to. */
    private void hold(String name) throws IOException, InterruptedException {
        Locks locks = new Locks(office.store(), office.processes());
        try (FileLease lease = locks.named(name).acquire(Leases.WAIT)) {
            say("holds " + name);
            awaitInput();
            lease.commit(office.store().home().resolve("guarded-by-" + name), "the stalled one".getBytes(UTF_8));
            say("committed");
        } catch (LeaseLostException e) {
            say("lost");
        }
    }

    /** The command line that runs it. */
    static List<String> command(Path home, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-Xshare:auto",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                home.toString()));
        command.addAll(List.of(arguments));
        return command;
    }
}
