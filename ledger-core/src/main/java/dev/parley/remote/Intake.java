package dev.parley.remote;

import java.io.IOException;

/**
 * Takes in what comes from other machines, and makes each message visible to its receiver once and in its order, however often
 * and in whichever order it comes. Safe for use by several threads and processes, also by one that stalls and goes on later.
 */
public interface Intake {

    /** What became of a parcel. */
    sealed interface Outcome permits Stored, Known, Early, Astray, Refused {}

    /** The receiver can see it now. On return it survives a power cut. */
    record Stored(Receipt receipt) implements Outcome {}

    /** It was stored before. */
    record Known(Receipt receipt) implements Outcome {}

    /** One before it has not come yet. Nothing was stored: it has to come again. */
    record Early(Receipt receipt) implements Outcome {}

    /** It does not follow the message that has the number before its own: the sender's machine has lost records, or this one. */
    record Astray(Receipt receipt) implements Outcome {}

    /**
     * It cannot be stored now. Nothing was stored: it has to come again, and holds up its own pair only.
     *
     * @param reason for the sender
     */
    record Refused(String reason) implements Outcome {}

    /**
     * Takes a parcel in, if it is the next of its pair.
     *
     * @throws IOException if it could not be stored, or what was begun not be finished: it has to come again
     */
    Outcome take(Parcel parcel) throws IOException, InterruptedException;

    /**
     * Finishes what a process began that has died: afterwards every message of which a receipt was given is visible.
     *
     * @return how many were made visible
     */
    int finish() throws IOException, InterruptedException;
}
