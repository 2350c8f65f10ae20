package dev.parley.wake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The wakes of one target, newest last: what the gates decide by. Immutable.
 *
 * @param entries at most {@value #MOST}
 */
record WakeLog(List<Entry> entries) {

    /** More than any gate needs: 30 wakes of a pair, from several senders. */
    static final int MOST = 128;

    /** What no gate looks at any more. */
    static final Duration MEMORY = Duration.ofHours(1);

    private static final String NONE = "-";
    private static final int FIELDS = 4;

    /**
     * One wake.
     *
     * @param at when
     * @param sender the session that wanted it
     * @param replyTo the request its mail answered
     * @param nonce tells it from every other: the id of the message it was for
     */
    record Entry(Instant at, String sender, Optional<String> replyTo, String nonce) {}

    WakeLog {
        entries = List.copyOf(entries);
    }

    static WakeLog empty() {
        return new WakeLog(List.of());
    }

    /** The log with one more, and without what is too old or too much. A stamp from the future is of a clock set back. */
    WakeLog plus(Entry entry) {
        List<Entry> next = new ArrayList<>();
        for (Entry old : entries) {
            Duration age = Duration.between(old.at(), entry.at());
            if (age.compareTo(MEMORY) <= 0 && !age.isNegative()) {
                next.add(old);
            }
        }
        next.add(entry);
        return new WakeLog(next.subList(Math.max(0, next.size() - MOST), next.size()));
    }

    /** The log without this one: it came to nothing. */
    WakeLog minus(String nonce) {
        return new WakeLog(
                entries.stream().filter(e -> !e.nonce().equals(nonce)).toList());
    }

    /** The newest; an accepted wake's, since what came to nothing is taken out. */
    Optional<Entry> last() {
        return entries.isEmpty() ? Optional.empty() : Optional.of(entries.get(entries.size() - 1));
    }

    byte[] encode() {
        StringBuilder out = new StringBuilder();
        for (Entry entry : entries) {
            out.append(entry.at().toEpochMilli())
                    .append(' ')
                    .append(entry.sender())
                    .append(' ');
            out.append(entry.replyTo().orElse(NONE))
                    .append(' ')
                    .append(entry.nonce())
                    .append('\n');
        }
        return out.toString().getBytes(UTF_8);
    }

    /**
     * The reverse of {@link #encode}.
     *
     * @throws IllegalArgumentException if it is no log
     */
    static WakeLog decode(byte[] content) {
        List<Entry> entries = new ArrayList<>();
        for (String line : new String(content, UTF_8).lines().toList()) {
            String[] fields = line.split(" ", -1);
            if (line.isEmpty()) {
                continue;
            }
            if (fields.length != FIELDS) {
                throw new IllegalArgumentException("a line has " + fields.length + " fields");
            }
            Optional<String> replyTo = fields[2].equals(NONE) ? Optional.empty() : Optional.of(fields[2]);
            entries.add(new Entry(Instant.ofEpochMilli(Long.parseLong(fields[0])), fields[1], replyTo, fields[3]));
        }
        return new WakeLog(entries);
    }
}
