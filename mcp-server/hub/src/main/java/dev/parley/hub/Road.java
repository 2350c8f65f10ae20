package dev.parley.hub;

import dev.parley.address.HostName;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The hub as a machine of a team sees it: mail that goes out, mail that comes in, and a bucket of keys. It may lose, repeat and
 * reorder everything at any time: what it has acknowledged proves nothing for good, and a call that failed may have
 * worked. Each call ends within a bounded time. Safe for use by several threads.
 */
public interface Road extends AutoCloseable {

    /**
     * Where a message is addressed, and whom it is from.
     *
     * @param project what stands for the project: {@link dev.parley.remote.SharedProject#token}
     * @param to the machine that it is for
     * @param from the machine that sent it, as the hub's permissions prove it; never read from what the message holds
     * @param id {@code [A-Za-z0-9_-]{1,128}}, unique among what is for one machine, from another and of a project
     */
    record Address(String project, HostName to, HostName from, String id) {}

    /** What has come. It comes again until it is done, at the latest half a minute after it was given. */
    interface Arrival {

        /** Whom it is from. */
        Address address();

        /** What it holds, as it was sent. */
        byte[] content();

        /** Lets the hub forget it. If that is not heard, it comes again. */
        void done() throws IOException;

        /** Lets it come again after a while, before the half minute is over. */
        void later(Duration delay) throws IOException;
    }

    /**
     * A key of the bucket.
     *
     * @param key up to 300 characters: {@code [A-Za-z0-9_=-]+(\.[A-Za-z0-9_=-]+)*}
     * @param revision greater with every change of any key
     * @param stamp when it was written, by the hub's clock
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Entry(String key, byte[] content, long revision, Instant stamp) {}

    /**
     * What tells of a loss, and of a hub that is not as it should be.
     *
     * @param created when the hub's stream was made: another time is another stream, and what the former held is lost
     * @param lastSequence how many messages it has ever stored: a number that went back is a loss
     * @param difference what of the hub is other than this version of Parley makes it: then nothing may be sent; empty if nothing
     */
    record Ledger(Instant created, long lastSequence, Optional<String> difference) {}

    /** What became of mail. */
    enum Published {
        /** The hub has it. */
        STORED,
        /** The hub has had it already, and its receiver has not taken it yet. */
        THERE_ALREADY
    }

    /** The revision of a key that is not there. */
    long ABSENT = 0;

    /**
     * Publishes mail. The hub refuses it while mail of the same address is there.
     *
     * @param attempt another one for each try, since the hub takes a repeated one for done
     */
    Published publish(Address address, int attempt, byte[] content) throws RoadException;

    /** Publishes a snapshot, which replaces the one that is there of the same address, also in a full hub. */
    void replace(Address address, byte[] content) throws RoadException;

    /**
     * What is there for this machine.
     *
     * @param most how many at the most; fewer come at once where they are long
     * @param limit how long to wait for the first
     * @return empty if nothing came; also if the hub has lost all it had, which {@link #ledger} tells
     */
    List<Arrival> fetch(int most, Duration limit) throws RoadException, InterruptedException;

    /**
     * What tells of a loss.
     *
     * @throws RoadException {@code MISSING} if stream or bucket are missing: {@link #restore} makes them again
     */
    Ledger ledger() throws RoadException;

    /**
     * Makes what is missing of stream, bucket and this machine's consumer. What is there is not changed.
     *
     * @throws RoadException {@code MISSING} if one is missing and this machine may not make it
     */
    void restore() throws RoadException;

    /** The whole bucket. */
    List<Entry> entries() throws RoadException;

    /** Of the keys without a dot those that were removed, and not lost with the bucket, as the last {@link #entries} saw it. */
    Set<String> removed();

    /**
     * Writes a key.
     *
     * @param expectedRevision the one that is to be replaced; {@link #ABSENT} if there is none
     * @return its revision now
     * @throws RoadException {@code CONFLICT} if it has another revision
     */
    long put(String key, byte[] content, long expectedRevision) throws RoadException;

    /**
     * Removes a key.
     *
     * @throws RoadException {@code CONFLICT} if it has another revision
     */
    void remove(String key, long expectedRevision) throws RoadException;

    /** The time, by the hub's clock. */
    Instant now() throws RoadException;

    /** How long a question to the hub and its answer take. */
    Duration roundTrip() throws RoadException;

    /**
     * Whether there is a connection, as far as is known: a hub that hangs is told by the calls that fail. One that is lost comes back by
     * itself, at the latest with a call.
     */
    boolean isConnected();

    @Override
    void close();
}
