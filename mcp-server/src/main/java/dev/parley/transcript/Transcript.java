package dev.parley.transcript;

import dev.parley.address.SessionId;
import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.client.ConfigurationDirectory;
import dev.parley.client.LimitSign;
import dev.parley.client.TranscriptForm;
import dev.parley.client.Turn;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.session.HomeDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The transcript of one session, as its client writes it. Only ever read, from the end, in constant memory.
 *
 * <p>A card can claim any path, so only a regular file is taken whose name carries the id that the client gave the session,
 * and ends in {@code .jsonl}; nothing else is ever opened. An address that was pinned by hand is no such id, whatever
 * transcript has it in its name.
 */
public final class Transcript {

    /** What a look at the end of a transcript reads at the most, in bytes. */
    private static final long TAIL_BYTES = 16L * 1024 * 1024;

    /** What a look for the settings of the newest turn reads at the most, in bytes. */
    private static final long SETTINGS_BYTES = 2L * 1024 * 1024;
    /** The same for a limit, which ends a turn: it is near the end. */
    private static final long LIMIT_BYTES = 512L * 1024;

    /** The longest first line. */
    private static final int FIRST_LINE_BYTES = 1024 * 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path file;
    private final TranscriptForm form;

    private Transcript(Path file, TranscriptForm form) {
        this.file = file;
        this.form = form;
    }

    /**
     * Finds the transcript of a session: where its card says, else where its client is known to write it.
     *
     * @param environment for the home of the user and of the clients
     */
    public static Optional<Transcript> of(Peer peer, Map<String, String> environment) throws IOException {
        Client client = Clients.of(peer);
        Optional<TranscriptForm> form = client.transcript();
        Optional<SessionId> own = peer.ownId();
        if (form.isEmpty() || own.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> file = claimed(peer, own.get());
        if (file.isEmpty()) {
            file = find(client, own.get(), environment);
        }
        return file.map(path -> new Transcript(path, form.get()));
    }

    /** Whether any client has written a transcript of a session with this id. */
    public static boolean exists(SessionId own, Map<String, String> environment) throws IOException {
        for (Client client : Clients.known()) {
            if (find(client, own, environment).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** Where the client is known to write the transcript of this session. */
    private static Optional<Path> find(Client client, SessionId own, Map<String, String> environment)
            throws IOException {
        Optional<TranscriptForm> form = client.transcript();
        Optional<ConfigurationDirectory> configuration = client.configuration();
        if (form.isEmpty() || configuration.isEmpty()) {
            return Optional.empty();
        }
        Optional<Path> named = configuration.get().named(environment);
        Path directory = named.isPresent()
                ? named.get()
                : HomeDirectory.ofUser(environment).resolve(configuration.get().inHome());
        return form.get().find(own, directory);
    }

    private static Optional<Path> claimed(Peer peer, SessionId own) {
        try {
            return peer.transcript()
                    .map(Path::of)
                    .filter(Path::isAbsolute)
                    .filter(path -> TranscriptForm.isOf(own, path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** How much of a transcript is wanted. */
    public enum Count {
        /** Only the end is read: the total is a lower bound. */
        TAIL,
        /** The whole file is read, so that the total is exact. */
        ALL
    }

    /**
     * The end of a transcript.
     *
     * @param turns oldest first
     * @param countTruncated whether turns were left out because there were too many
     * @param bytesTruncated whether turns were left out, or one cut, because they were too long
     * @param total how many turns there are, or at least are
     * @param totalExact whether the whole file was read
     * @param modified when the client last wrote
     */
    public record Tail(
            List<Turn> turns,
            boolean countTruncated,
            boolean bytesTruncated,
            int total,
            boolean totalExact,
            Instant modified) {}

    /** Where it is. */
    public Path file() {
        return file;
    }

    /**
     * Reads the newest turns.
     *
     * @param limit how many at the most
     * @param maxBytes how many bytes of text (UTF-8) at the most; the newest turn is cut if it alone is longer
     */
    public Tail tail(int limit, int maxBytes, Count count) throws IOException {
        List<Turn> turns = new ArrayList<>();
        boolean countTruncated = false;
        boolean bytesTruncated = false;
        boolean complete;
        int bytes = 0;
        int total = 0;
        try (BackwardLines lines = new BackwardLines(file, count == Count.TAIL ? TAIL_BYTES : Long.MAX_VALUE)) {
            for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
                Optional<Turn> turn = turn(line.get());
                if (turn.isPresent()) {
                    total++;
                    int size = turn.get().text().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
                    if (turns.size() >= limit) {
                        countTruncated = true;
                    } else if (bytesTruncated || bytes + size > maxBytes) {
                        if (turns.isEmpty()) {
                            turns.add(cut(turn.get(), maxBytes));
                        }
                        bytesTruncated = true;
                    } else {
                        turns.add(turn.get());
                        bytes += size;
                    }
                }
                if (count == Count.TAIL && (countTruncated || bytesTruncated)) {
                    break;
                }
            }
            complete = lines.atBeginning();
        }
        Collections.reverse(turns);
        return new Tail(List.copyOf(turns), countTruncated, bytesTruncated, total, complete, modified());
    }

    /**
     * How the newest turns were run, as far as the last {@value #SETTINGS_BYTES} bytes tell.
     *
     * @throws IOException if it cannot be read
     */
    public Binding settings() throws IOException {
        Binding found = Binding.NONE;
        try (BackwardLines lines = new BackwardLines(file, SETTINGS_BYTES)) {
            for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
                found = found.over(settings(line.get()));
                if (found.permissionMode().isPresent() && found.model().isPresent()) {
                    break;
                }
            }
        }
        return found;
    }

    private Binding settings(byte[] line) {
        try {
            return form.settings(JSON.readTree(line));
        } catch (JacksonException e) {
            return Binding.NONE;
        }
    }

    /** Whether the session was begun without a terminal, as far as its first line tells. */
    public boolean isUnattended() throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] begin = in.readNBytes(FIRST_LINE_BYTES);
            int end = 0;
            while (end < begin.length && begin[end] != '\n') {
                end++;
            }
            return form.isUnattended(JSON.readTree(Arrays.copyOf(begin, end)));
        } catch (JacksonException e) {
            return false;
        }
    }

    /** When the client last wrote. */
    public Instant modified() throws IOException {
        return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
    }

    /**
     * A limit of the client's provider on which the newest turn ended.
     *
     * @param at when that was, as far as it is told
     * @param until when the limit ends, as far as it is told
     */
    public record Limit(Optional<Instant> at, Optional<Instant> until) {}

    /** The limit on which the newest turn ended; empty if it ended otherwise. Looks at so many of the last bytes, and no more. */
    public Optional<Limit> limit() throws IOException {
        Optional<Limit> reached = Optional.empty();
        try (BackwardLines lines = new BackwardLines(file, LIMIT_BYTES)) {
            for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
                Optional<LimitSign> sign = limitIn(line.get());
                if (sign.isEmpty()) {
                    continue;
                }
                if (sign.get() instanceof LimitSign.Reached end && reached.isEmpty()) {
                    reached = Optional.of(new Limit(end.at(), end.until()));
                    if (end.until().isPresent()) {
                        return reached;
                    }
                } else if (sign.get() instanceof LimitSign.Until limit && reached.isPresent()) {
                    return Optional.of(new Limit(reached.get().at(), Optional.of(limit.until())));
                } else if (!(sign.get() instanceof LimitSign.Until)) {
                    // What was before that turn says nothing of it.
                    return reached;
                }
            }
        }
        return reached;
    }

    private Optional<LimitSign> limitIn(byte[] line) {
        try {
            return form.limit(JSON.readTree(line));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    /** A client may be in the middle of its last line, and future versions may write what is not known yet. */
    private Optional<Turn> turn(byte[] line) {
        try {
            return form.turn(JSON.readTree(line));
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }

    private static Turn cut(Turn turn, int maxBytes) {
        StringBuilder text = new StringBuilder();
        int bytes = 0;
        for (int i = 0; i < turn.text().length(); ) {
            int c = turn.text().codePointAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
            if (bytes > maxBytes) {
                break;
            }
            text.appendCodePoint(c);
            i += Character.charCount(c);
        }
        return new Turn(turn.role(), text.toString(), turn.at());
    }
}
