package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.ClientNotes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a hook wrote into {@code clients/<pid>}: the only word of a client that tells its servers no session id. */
final class HookedSessionIds implements SessionIdSource {

    private final String source;
    private final View view;

    /**
     * For one server.
     *
     * @param source the word for it in results
     */
    HookedSessionIds(String source, View view) {
        this.source = source;
        this.view = view;
    }

    @Override
    public List<Clue> clues(ClientNotes notes) throws IOException {
        if (view.parent().isEmpty()) {
            return List.of(clue(Optional.empty(), "the server's parent is not known"));
        }
        ClientNotes.Pointer pointer = notes.sessionOf(view.parent().get(), view.parentSince());
        return List.of(clue(pointer.session(), pointer.evidence()));
    }

    /** Nothing: what its own clients need not be told, is not told of it. */
    @Override
    public List<Clue> cluesBelowAnother() {
        return List.of();
    }

    private Clue clue(Optional<SessionId> id, String detail) {
        String next = id.isPresent() ? Clue.LASTS : "run 'parley setup' once and start the client again";
        return new Clue(source, id, detail, next);
    }
}
