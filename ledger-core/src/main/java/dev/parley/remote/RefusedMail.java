package dev.parley.remote;

import dev.parley.address.HostName;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * What came from other machines and was no mail: set aside with the reason, for people to look at. Safe for use by several threads
 * and processes.
 */
public interface RefusedMail {

    /** So many are kept, the newest. */
    int KEPT = 100;

    /** So much is kept of each, in bytes. */
    int KEPT_BYTES = 16_384;

    /**
     * One of them.
     *
     * @param number how many were set aside with it since the store was made
     * @param host the machine it came from, as the hub has proven it
     * @param id the last part of its address
     * @param at when it came
     * @param reason what is wrong with it
     */
    record Refusal(long number, HostName host, String id, Instant at, String reason) {}

    /** Sets one aside. Survives the death of the process. */
    void keep(HostName host, String id, String reason, byte[] content) throws IOException;

    /** What is kept, newest last. */
    List<Refusal> all() throws IOException;
}
