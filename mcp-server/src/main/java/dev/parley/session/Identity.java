package dev.parley.session;

import dev.parley.address.SessionId;
import dev.parley.client.Clue;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What says who this session is, and which of it counts.
 *
 * @param claim whether it was pinned by hand with {@code claim_session}: nothing automatic overrides that
 * @param told what the clients tell, strongest first
 * @param made the id that was made up when the server started
 */
public record Identity(Clue claim, List<Clue> told, Clue made) {

    /** Copies the list. */
    public Identity {
        told = List.copyOf(told);
    }

    /** Every clue, strongest first. */
    public List<Clue> clues() {
        return Stream.of(Stream.of(claim), told.stream(), Stream.of(made))
                .flatMap(each -> each)
                .toList();
    }

    /** The clue that counts. */
    public Clue winning() {
        return clues().stream()
                .filter(clue -> clue.id().isPresent())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is always a provisional id"));
    }

    /** What the client itself calls its session, whatever was pinned by hand; empty if it has said nothing. */
    public Optional<SessionId> own() {
        return told.stream().flatMap(clue -> clue.id().stream()).findFirst();
    }

    /** The id that counts. */
    public SessionId id() {
        return winning().id().orElseThrow();
    }
}
