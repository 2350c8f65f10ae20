package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.peer.Binding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Where a client writes its transcripts, and how it writes what was said. */
public interface TranscriptForm {

    /**
     * The transcript of a session.
     *
     * @param own the client's own id of the session
     * @param directory see {@link Client#configuration}
     */
    Optional<Path> find(SessionId own, Path directory) throws IOException;

    /** The turn that a line holds; empty if it is none, or is not understood. */
    Optional<Turn> turn(JsonNode line);

    /** What a line says of how the session's turns are run; nothing if it says nothing, or is not understood. */
    default Binding settings(JsonNode line) {
        return Binding.NONE;
    }

    /** What a line tells of a limit of the client's provider; empty if nothing. */
    default Optional<LimitSign> limit(JsonNode line) {
        return Optional.empty();
    }

    /**
     * Whether a session was begun without a terminal, by the first line of its transcript: then nobody chose that it asks for nothing.
     */
    default boolean isUnattended(JsonNode firstLine) {
        return false;
    }

    /** Whether a file may be the transcript of a session, by its name, and is a regular file. */
    static boolean isOf(SessionId own, Path file) {
        String name = "-" + file.getFileName();
        return name.endsWith("-" + own + ".jsonl") && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
