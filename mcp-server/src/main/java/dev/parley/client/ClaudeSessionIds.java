package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.ClientNotes;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What a hook wrote into {@code clients/<pid>}, and before the first hook the environment. */
final class ClaudeSessionIds implements SessionIdSource {

    /** The variable that Claude Code sets for its servers: right at the start, stale after {@code /clear}. */
    static final String VARIABLE = "CLAUDE_CODE_SESSION_ID";

    private final View view;

    ClaudeSessionIds(View view) {
        this.view = view;
    }

    @Override
    public List<Clue> clues(ClientNotes notes) throws IOException {
        return List.of(clientFile(notes), environment());
    }

    @Override
    public List<Clue> cluesBelowAnother() {
        return List.of(notItsServer(), environment().withoutId());
    }

    /** Follows {@code /clear} and {@code /resume}. */
    private Clue clientFile(ClientNotes notes) throws IOException {
        if (view.parent().isEmpty()) {
            return notItsServer();
        }
        ClientNotes.Pointer pointer = notes.sessionOf(view.parent().get(), view.parentSince());
        return clientFile(pointer.session(), pointer.evidence());
    }

    private static Clue notItsServer() {
        return clientFile(Optional.empty(), "the client is not Claude Code");
    }

    private static Clue clientFile(Optional<SessionId> id, String detail) {
        return new Clue("claude_client_file", id, detail, Clue.LASTS);
    }

    private Clue environment() {
        String value = view.environment().getOrDefault(VARIABLE, "");
        return new Clue(
                "claude_environment",
                SessionId.isValid(value) ? Optional.of(new SessionId(value)) : Optional.empty(),
                value.isEmpty() ? VARIABLE + " is not set" : VARIABLE + "=" + OtherClient.plain(value),
                "run 'parley setup' once, so that the address also survives /clear");
    }
}
