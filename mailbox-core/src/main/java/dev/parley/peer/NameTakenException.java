package dev.parley.peer;

import java.io.IOException;

/** Another session of the project has that name. Nothing changed. */
public final class NameTakenException extends IOException {

    /** Says which name, who has it or one like it, and whether he is only out. */
    public NameTakenException(String name, Peer owner, boolean isOut) {
        super("the name " + name + (name.equals(owner.name()) ? " is taken" : " is too much like " + owner.name())
                + ", the name of session " + owner.id()
                + (isOut ? ", which has ended and can be resumed under it" : "") + "; choose another");
    }
}
