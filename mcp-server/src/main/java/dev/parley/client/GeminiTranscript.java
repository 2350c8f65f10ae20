package dev.parley.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.SessionId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/**
 * {@code tmp/<project>/chats/session-<time>-<first 8 of the session id>.jsonl}, with a line
 * {@code {"type":"user"|"gemini","content":...,"timestamp"}} for each turn; everything else is bookkeeping. So Gemini CLI
 * 0.61.0 was seen to write, see {@code docs/CLIENTS.md}.
 *
 * <p>A session that is resumed begins a file with a later time in its name, leaves that, and goes on in the old one. So the
 * one that was written last is the session's.
 */
final class GeminiTranscript implements TranscriptForm {

    private static final int OF_THE_ID = 8;

    /** Bytes of the first line that are looked at: an id has at most 128 characters. */
    private static final int OF_THE_HEAD = 160;

    @Override
    public Optional<Path> find(SessionId own, Path directory) throws IOException {
        if (own.value().length() < OF_THE_ID) {
            return Optional.empty();
        }
        SessionId inName = new SessionId(own.value().substring(0, OF_THE_ID));
        Optional<Path> last = Optional.empty();
        FileTime written = FileTime.from(Instant.MIN);
        for (Path project : Directories.newestFirst(directory.resolve("tmp"))) {
            for (Path file : Directories.newestFirst(project.resolve("chats"))) {
                if (TranscriptForm.isOf(inName, file) && begins(file, own)) {
                    FileTime time = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS);
                    if (time.compareTo(written) > 0) {
                        last = Optional.of(file);
                        written = time;
                    }
                }
            }
        }
        return last;
    }

    /** Whether its first line says that it is the session's: its name has too little of the id to tell. */
    private static boolean begins(Path file, SessionId own) throws IOException {
        byte[] start;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            start = in.readNBytes(OF_THE_HEAD);
        }
        return new String(start, UTF_8).startsWith("{\"sessionId\":\"" + own + "\"");
    }

    @Override
    public Optional<Turn> turn(JsonNode line) {
        String type = line.path("type").asString("");
        JsonNode content = line.path("content");
        if (type.equals("gemini")) {
            return Turns.said("assistant", said(content, line.path("toolCalls")), line);
        }
        if (!type.equals("user")) {
            return Optional.empty();
        }
        String text = said(content, content);
        // The client puts its own notes about the machine before the user's first words.
        return text.startsWith("<session_context>") ? Optional.empty() : Turns.said("user", text, line);
    }

    /** What was said, and the tools that were called, by their names. */
    private static String said(JsonNode content, JsonNode calls) {
        StringJoiner said = new StringJoiner("\n");
        if (content.isString()) {
            if (!content.asString().isEmpty()) {
                said.add(content.asString());
            }
        } else {
            for (JsonNode part : content) {
                part.path("text").asStringOpt().ifPresent(said::add);
            }
        }
        for (JsonNode call : calls) {
            call.path("name").asStringOpt().ifPresent(name -> said.add("[tool " + name + "]"));
        }
        return said.toString();
    }
}
