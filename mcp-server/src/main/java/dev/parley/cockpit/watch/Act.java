package dev.parley.cockpit.watch;

import dev.parley.address.SessionId;
import dev.parley.mailbox.Envelope;
import java.util.Optional;

/** What a key asks to be done that the board alone cannot do. */
sealed interface Act {

    /** Nothing, but to draw. */
    record Draw() implements Act {}

    /** To draw all of the screen anew, whatever is on it. */
    record DrawAll() implements Act {}

    /** To end. */
    record Quit() implements Act {}

    /** To send a message as the operator. */
    record Say(SessionId to, Optional<Envelope> about, String text) implements Act {}

    /** To bring the pane of a session to the front. */
    record Open(SessionId session) implements Act {}

    /** To put a text onto the clipboard. */
    record Copy(String text) implements Act {}
}
