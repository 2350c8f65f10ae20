package dev.parley.hub;

import dev.parley.address.HostName;
import dev.parley.hub.Road.Entry;
import dev.parley.remote.RemoteCards;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whether a machine may act in its name. Each time a machine says that it is there, it writes a new word to the hub, which it
 * has kept in its store before. A word that the store does not know is that of another machine, or of one with a copy of it.
 *
 * @param host the name
 * @param incarnation made when this machine joined; empty if it is about to
 * @param known the words that its store knows
 */
public record HostClaim(HostName host, Optional<String> incarnation, List<String> known) {

    /** Copies the list. */
    public HostClaim {
        known = List.copyOf(known);
    }

    /**
     * Why not; empty if it may, also once the other has been silent for long.
     *
     * @param entries the bucket
     * @param now the hub's time
     */
    public Optional<String> refusal(List<Entry> entries, Instant now) {
        return entries.stream()
                .filter(entry -> entry.key().equals(host.value()))
                .findFirst()
                .flatMap(entry -> refusal(entry, now));
    }

    Optional<String> refusal(Entry entry, Instant now) {
        if (Duration.between(entry.stamp(), now).compareTo(RemoteCards.SILENCE) >= 0) {
            return Optional.empty();
        }
        try {
            Wire.Beat beat = Wire.beat(entry.content());
            return known.contains(beat.beat())
                    ? Optional.empty()
                    : Optional.of(incarnation.equals(Optional.of(beat.incarnation())) ? copy() : other());
        } catch (BadMailException e) {
            // Nothing is known of who wrote it.
            return Optional.of(other());
        }
    }

    private String copy() {
        return "a copy of this store is in use on another machine, as " + host
                + ": mail of the two would be mixed up. On one of them run parley hub leave, and join under another name";
    }

    private String other() {
        return "another machine of the team is called " + host
                + ": run parley hub leave on one of the two, and join under another name";
    }
}
