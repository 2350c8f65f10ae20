package dev.parley.supervise;

import dev.parley.process.ProcessIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Supplier;

/** Tells the present {@link Moment}. Where there is no {@code /proc/uptime}, only by the time of day. Safe for use by several threads. */
final class BootClock implements Supplier<Moment> {

    private static final Path UPTIME = Path.of("/proc/uptime");
    private static final int MILLIS = 1_000;

    private final InstantSource clock;
    private final ProcessIdentity self;
    private final Path uptime;

    BootClock(InstantSource clock, ProcessIdentity self) {
        this(clock, self, UPTIME);
    }

    BootClock(InstantSource clock, ProcessIdentity self, Path uptime) {
        this.clock = clock;
        this.self = self;
        this.uptime = uptime;
    }

    @Override
    public Moment get() {
        return new Moment(clock.millis(), self.scope(), upMillis());
    }

    private long upMillis() {
        try {
            String text = Files.readString(uptime);
            return Math.round(Double.parseDouble(text.substring(0, text.indexOf(' '))) * MILLIS);
        } catch (IOException | NumberFormatException | StringIndexOutOfBoundsException e) {
            // Not on this platform: then the time of day has to do.
            return -1;
        }
    }
}
