package dev.parley.peer;

import java.io.IOException;

/** No session, or not this one, can be called so. Nothing changed. */
public final class NameRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Says which name, and why. */
    public NameRefusedException(String name, String why) {
        super("a session cannot be called " + name + ": " + why + "; choose another name");
    }
}
