package dev.parley.trace;

import java.io.IOException;

/** Something that is kept does not hold what it should. It is as it was found; trying again does not help. */
public abstract class DamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String what;

    /**
     * Says what is damaged.
     *
     * @param message for a person: where, what, and what to do
     * @param what what is wrong with it, in a few words
     */
    protected DamagedException(String message, String what) {
        super(message);
        this.what = what;
    }

    /** What is wrong with it, in a few words. */
    public final String what() {
        return what;
    }
}
