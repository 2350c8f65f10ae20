package dev.parley.peer;

import java.io.IOException;

/** Another session of the project has that name. Nothing changed. */
public final class NameTakenException extends IOException {

    /** Says which name, and who has it. */
    public NameTakenException(String name, Peer owner) {
        super("the name " + name + " is taken by session " + owner.id() + "; choose another");
    }
}
