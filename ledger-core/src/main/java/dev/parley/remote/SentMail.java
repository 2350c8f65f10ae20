package dev.parley.remote;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.mailbox.Envelope;
import java.io.IOException;
import java.util.Optional;

/**
 * What a machine keeps of the messages that its sessions sent to other machines: those in its {@link Outbox}, and the newest of
 * those that have left it. Safe for use by several threads and processes.
 */
public interface SentMail {

    /** So many of those that have left are kept at the least. */
    int KEPT = 10_000;

    /**
     * A message to another machine.
     *
     * @param host which
     * @param envelope the message
     * @param isStoredThere whether that machine has said that it has stored it; if not, it waits in the outbox
     * @param progress what that machine told of it last
     */
    record Sent(HostName host, Envelope envelope, boolean isStoredThere, Optional<Progress> progress) {}

    /** A message; empty if no session of this machine sent it to another one, or it is no longer kept. */
    Optional<Sent> find(MessageId messageId) throws IOException;

    /**
     * Keeps what a machine told of a message. Survives the death of the process.
     *
     * @return false if the message was not sent to that machine, or more is known of it: nothing changed
     */
    boolean learn(HostName host, Progress progress) throws IOException;

    /** Forgets the oldest of those that have left, where more than {@link #KEPT} and a tenth are kept. */
    int prune() throws IOException;
}
