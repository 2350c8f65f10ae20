package dev.parley.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** One sender or reader that is ended over and over, each time at another moment, and always has a successor. */
final class Slot {

    private static final long LONGEST_LIFE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** How a life ends. */
    enum End {
        /** {@code kill -9}. */
        KILLED,
        /** The end of its input. */
        CLEAN,
        /** SIGSTOP for longer than any lease, SIGCONT, and then the end of its input. */
        STALLED
    }

    private final Path home;
    private final Referee referee;
    private final SplittableRandom random;
    private final String sender;
    private final String inbox;
    private long next = 1;

    private Slot(Path home, Referee referee, SplittableRandom random, String sender, String inbox) {
        this.home = home;
        this.referee = referee;
        this.random = random;
        this.sender = sender;
        this.inbox = inbox;
    }

    /** A line of senders. */
    static Slot sender(Path home, Referee referee, SplittableRandom random, String name, String inbox) {
        return new Slot(home, referee, random, name, inbox);
    }

    /** A line of readers. */
    static Slot reader(Path home, Referee referee, SplittableRandom random, String inbox) {
        return new Slot(home, referee, random, "", inbox);
    }

    /** Starts one, lets it live for a moment, and ends it. */
    void live(End end) throws IOException, InterruptedException {
        try (VictimProcess victim = start()) {
            if (end != End.KILLED || random.nextInt(10) > 0) {
                victim.awaitSaid(sender.isEmpty() ? "reading" : "try");
            }
            // Not to wait for anything: this is the random instruction at which it dies.
            LockSupport.parkNanos(random.nextLong(LONGEST_LIFE_NANOS));
            switch (end) {
                case KILLED -> victim.kill();
                case CLEAN -> victim.leave();
                case STALLED -> {
                    victim.stop();
                    Thread.sleep(StalledProcessCrashIT.LONGER_THAN_A_LEASE.toMillis());
                    victim.goOn();
                    victim.leave();
                }
            }
        }
    }

    private VictimProcess start() throws IOException {
        return sender.isEmpty()
                ? VictimProcess.start(home, referee::hear, "read", inbox)
                : VictimProcess.start(home, this::count, "send", sender, inbox, Long.toString(next));
    }

    /** Only the listening thread of the one living victim calls this, and it has ended before the next one is started. */
    private void count(String line) {
        if (line.startsWith("try ")) {
            next = Long.parseLong(line.substring(line.lastIndexOf('/') + 1)) + 1;
        }
        referee.hear(line);
    }
}
