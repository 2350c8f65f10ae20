package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.setup.Draft.Fresh;
import dev.parley.setup.Draft.Kept;
import dev.parley.setup.Draft.Piece;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * A JSON object of any length, in one pass: the members that somebody wants to look at, word for word, and in place of each
 * run of others one stand-in. What is written instead of it later has the stand-ins replaced by the bytes they stand for.
 */
final class JsonOutline {

    /** A run that is no longer than this is shown as it is. */
    private static final int SHORT = 512;

    static final JsonFactory JSON = JsonFactory.builder()
            .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            // Else it keeps every name there is in the file.
            .disable(JsonFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** What a stand-in begins with. A file that holds this by accident is refused. */
    private static final String MARK = "parley-stands-in-for-";

    private static final Pattern STAND_IN = Pattern.compile("\"" + MARK + "(\\d+)\": 0");

    private final Content content;
    private final List<Kept> runs = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    private JsonOutline(Content content) {
        this.content = content;
    }

    /**
     * Reads it.
     *
     * @param wanted the names of the members of the whole that are of interest
     * @throws NotEditableException if it is no JSON object
     */
    static JsonOutline of(Content content, Set<String> wanted) throws IOException {
        JsonOutline outline = new JsonOutline(content);
        try (Reader bytes = new BytesAsCharacters(content.from(0));
                JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() == null) {
                // Nothing but space, and comments perhaps.
                outline.text.append(content.text());
                return outline;
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new NotEditableException("is not a JSON object");
            }
            outline.read(parser, wanted);
        } catch (JacksonException e) {
            if (e.getCause() instanceof CharacterCodingException) {
                throw new NotEditableException("is not UTF-8");
            }
            throw new NotEditableException("is not valid JSON: " + e.getOriginalMessage() + " in line "
                    + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
        }
        return outline;
    }

    private void read(JsonParser parser, Set<String> wanted) throws IOException {
        long shown = 0;
        Run run = new Run();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            long start = offset(parser);
            JsonToken value = parser.nextToken();
            long valueStart = offset(parser);
            parser.skipChildren();
            long end = value.isStructStart() ? offset(parser) + 1 : -1;
            if (wanted.contains(name)) {
                shown = hide(run, shown);
                run = new Run();
            } else {
                run.add(start, valueStart, end);
            }
        }
        if (parser.nextToken() != null) {
            throw new NotEditableException("is not one JSON value");
        }
        shown = hide(run, shown);
        text.append(content.text(shown, content.size()));
        if (runs.isEmpty() || text.indexOf(MARK) < 0) {
            return;
        }
        Matcher matcher = STAND_IN.matcher(text);
        int found = 0;
        while (matcher.find()) {
            found++;
        }
        if (found != runs.size() || text.toString().split(MARK, -1).length != found + 1) {
            throw new NotEditableException("holds the text " + MARK + ", which setup needs for itself");
        }
    }

    private long hide(Run run, long shown) throws IOException {
        if (run.start < 0) {
            return shown;
        }
        long end = run.end >= 0 ? run.end : scalarEnd(run.lastValue);
        if (end - run.start <= SHORT) {
            return shown;
        }
        text.append(content.text(shown, run.start));
        text.append('"').append(MARK).append(runs.size()).append("\": 0");
        runs.add(new Kept(run.start, end));
        return end;
    }

    /** Members that follow each other and are of no interest. */
    private static final class Run {
        private long start = -1;
        private long lastValue;
        /** -1 if the last value is a scalar: its end is only looked for if it is needed. */
        private long end;

        void add(long nameStart, long valueStart, long valueEnd) {
            start = start < 0 ? nameStart : start;
            lastValue = valueStart;
            end = valueEnd;
        }
    }

    private static long offset(JsonParser parser) {
        return parser.currentTokenLocation().getCharOffset();
    }

    /** The parser has accepted it, so all that is left is to find its end. */
    private long scalarEnd(long start) throws IOException {
        try (InputStream in = content.from(start)) {
            int first = in.read();
            long at = start + 1;
            for (int c = in.read(); c >= 0; c = in.read(), at++) {
                if (first == '"') {
                    if (c == '\\') {
                        in.read();
                        at++;
                    } else if (c == '"') {
                        return at + 1;
                    }
                } else if (!(Character.isLetterOrDigit(c) || c == '+' || c == '-' || c == '.')) {
                    return at;
                }
            }
            return at;
        }
    }

    /** The text with stand-ins. */
    String text() {
        return text.toString();
    }

    /** What becomes of the file when its outline is changed like this. */
    Draft changedTo(String after) {
        String before = text.toString();
        if (after.equals(before)) {
            return Draft.unchanged(content);
        }
        List<Piece> pieces = new ArrayList<>();
        Matcher matcher = STAND_IN.matcher(after);
        int at = 0;
        while (!runs.isEmpty() && matcher.find()) {
            pieces.add(new Fresh(after.substring(at, matcher.start())));
            pieces.add(runs.get(Integer.parseInt(matcher.group(1))));
            at = matcher.end();
        }
        pieces.add(new Fresh(after.substring(at)));
        return new Draft(content, List.copyOf(pieces), shown(before), shown(after));
    }

    /** For people: short parts as they are, long ones by their length. */
    private String shown(String outline) {
        return runs.isEmpty()
                ? outline
                : STAND_IN.matcher(outline).replaceAll(match -> {
                    Kept run = runs.get(Integer.parseInt(match.group(1)));
                    return "... (" + (run.to() - run.from()) + " bytes that stay as they are)";
                });
    }

    /** Gives every byte as a character of its own, so that places are counted in bytes; stops at what is no UTF-8. */
    private static final class BytesAsCharacters extends Reader {

        private final InputStream in;
        private final CharsetDecoder decoder = UTF_8.newDecoder();
        private final CharBuffer decoded = CharBuffer.allocate(1 << 14);
        private final ByteBuffer bytes = ByteBuffer.allocate(1 << 14);

        BytesAsCharacters(InputStream in) {
            this.in = in;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            int from = bytes.position();
            int read = in.read(bytes.array(), from, Math.min(length, bytes.remaining()));
            bytes.limit(from + Math.max(read, 0));
            for (int i = 0; i < read; i++) {
                buffer[offset + i] = (char) (bytes.get(from + i) & 0xff);
            }
            bytes.position(0);
            decoded.clear();
            var result = decoder.decode(bytes, decoded, read < 0);
            if (result.isError()) {
                result.throwException();
            }
            bytes.compact();
            return read;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
