package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a client's command line: enough to start its session again with the options that its user gave. The first
 * word of each is the program.
 */
public interface CommandForm {

    /**
     * A command line that goes on with a session.
     *
     * @param words the command line
     * @param leftOut options that are not known, and could not be told from what was said to the model, or that would allow more
     *     than the session was last allowed
     */
    record Resuming(List<String> words, List<String> leftOut) {}

    /** Whether it opens a conversation in the terminal: not a single turn, and none of the client's other commands. */
    boolean isConversation(List<String> words);

    /** The same command line for a client that is supervised: its session is to live in its own process, and to end with that. */
    List<String> supervised(List<String> words);

    /** The session that it goes on with, or gives an id to; empty if it says none, as where the user is to choose. */
    Optional<SessionId> session(List<String> words);

    /**
     * The command line that goes on with a session, with the user's options, and without the first words to the model: the
     * session has had them.
     *
     * @param seen how the session was last run
     */
    Resuming resuming(List<String> words, SessionId own, Binding seen);
}
