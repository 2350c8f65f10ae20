package dev.parley.store.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.process.ProcessIdentity;
import dev.parley.store.Disk;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What has become of a turn of Claude Code since Parley's last hook ran in it: when its user presses Esc, or answers a
 * question, no hook runs.
 *
 * <p>Claude Code writes what it does into {@code sessions/<pid>.json} beside its transcripts. That is not documented by it:
 * what is not as it was seen counts for nothing, and then its transcript tells, which grows when a turn goes on and does not
 * while it asks.
 */
final class ClaudeStatus {

    /** What it says before it asks may reach its transcript only then. */
    private static final Duration WRITTEN_LATE = Duration.ofSeconds(2);

    private static final int MAX_BYTES = 16 * 1024;
    private static final Pattern SESSION = Pattern.compile("\"sessionId\":\"([^\"\\\\]*)\"");
    private static final Pattern STATUS = Pattern.compile("\"status\":\"([a-z]+)\"");
    private static final Pattern SINCE = Pattern.compile("\"statusUpdatedAt\":(\\d{13})\\b");

    private final Disk disk;
    private final Peer peer;

    ClaudeStatus(Disk disk, Peer peer) {
        this.disk = disk;
        this.peer = peer;
    }

    /** What is known now, where the hooks' last word is from that time. */
    Presence after(Presence told, Instant at) {
        Optional<Path> transcript = peer.transcript().flatMap(ClaudeStatus::path);
        if (transcript.isEmpty()) {
            return told;
        }
        Optional<Presence> own = own(transcript.get(), told, at);
        if (own.isPresent() || told.activity() != Activity.ASKING) {
            return own.orElse(told);
        }
        return modified(transcript.get())
                .filter(written -> Duration.between(at, written).compareTo(WRITTEN_LATE) > 0)
                .map(written -> new Presence(told.life(), Activity.BUSY, Optional.of(written)))
                .orElse(told);
    }

    private static Optional<Path> path(String text) {
        try {
            Path path = Path.of(text);
            return path.isAbsolute() ? Optional.of(path) : Optional.empty();
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private Optional<Presence> own(Path transcript, Presence told, Instant at) {
        // <configuration>/projects/<project>/<session>.jsonl
        Optional<Path> home =
                Optional.ofNullable(transcript.getParent()).map(Path::getParent).map(Path::getParent);
        Optional<Long> pid = peer.process().map(ProcessIdentity::pid);
        if (home.isEmpty() || pid.isEmpty()) {
            return Optional.empty();
        }
        Path file = home.get().resolve("sessions").resolve(pid.get() + ".json");
        String text;
        try {
            text = new String(disk.readFile(file, MAX_BYTES), UTF_8);
        } catch (IOException e) {
            return Optional.empty();
        }
        Matcher session = SESSION.matcher(text);
        Matcher status = STATUS.matcher(text);
        Matcher since = SINCE.matcher(text);
        if (!session.find()
                || peer.ownId()
                        .filter(own -> own.value().equals(session.group(1)))
                        .isEmpty()
                || !status.find()
                || !since.find()) {
            return Optional.empty();
        }
        Optional<Activity> activity = switch (status.group(1)) {
            case "idle" -> Optional.of(Activity.IDLE);
            case "busy" -> Optional.of(Activity.BUSY);
            case "waiting" -> Optional.of(Activity.ASKING);
            default -> Optional.empty();
        };
        Instant changed = Instant.ofEpochMilli(Long.parseLong(since.group(1)));
        return changed.isAfter(at)
                ? activity.map(is -> new Presence(told.life(), is, Optional.of(changed)))
                : Optional.empty();
    }

    private Optional<Instant> modified(Path file) {
        try {
            return disk.stat(file).map(stat -> Instant.ofEpochMilli(stat.modifiedMillis()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
