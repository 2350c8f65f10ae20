package dev.parley.office.contract;

import dev.parley.mailbox.Batch.Seen;
import java.time.Duration;
import java.util.Set;

/** One step of a history of one session's mailbox. Processes and batches are given by number, modulo how many there are. */
sealed interface MailboxStep {

    /** A process sends a message of so many characters. */
    record Send(int process, int size) implements MailboxStep {}

    /** A process sends an answer to a request. */
    record Answer(int process, int request) implements MailboxStep {}

    /** A process takes mail while somebody waits for the answers to some requests. */
    record Claim(int process, int messages, int bytes, Set<Integer> awaited) implements MailboxStep {}

    /** A process takes the answer that one sender gave to a request. */
    record ClaimAnswer(int process, int request, int sender) implements MailboxStep {}

    /** A batch was written to the client. */
    record Write(int batch) implements MailboxStep {}

    /** A batch is proven shown. */
    record Confirm(int batch) implements MailboxStep {}

    /** A batch goes back. */
    record GiveBack(int batch, Seen seen) implements MailboxStep {}

    /** A process dies. */
    record Kill(int process) implements MailboxStep {}

    /** A process dies if it lives, starts again, registers the session and takes back what the dead had. */
    record Restart(int process) implements MailboxStep {}

    /** A process gives the session another id. */
    record Move(int process) implements MailboxStep {}

    /** The clock is set. */
    record SetClock(Duration by) implements MailboxStep {}
}
