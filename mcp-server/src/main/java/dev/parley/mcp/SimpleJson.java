package dev.parley.mcp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads simple JSON objects as maps, lists, strings, longs, booleans and nulls, for the {@link Doorman} alone. What is not simple,
 * or no JSON, is not read at all, and is then for Jackson and the SDK to judge.
 *
 * <p>It is here because a handshake must not wait for numbers: every parser of Jackson has a constant of {@code BigDecimal}, which
 * takes 20 ms to initialize on Java 25, and 60 if nothing is compiled ({@code .ci/measure/big-decimal.sh}).
 */
final class SimpleJson {
    /** No handshake is nested deeper. */
    private static final int MAX_DEPTH = 64;

    /** More digits than these might not fit in 64 bits. */
    private static final int MAX_DIGITS = 18;

    private static final class NotSimple extends Exception {
        private static final long serialVersionUID = 1L;

        NotSimple() {
            super(null, null, false, false);
        }
    }

    private final String text;
    private int at;
    private int depth;

    private SimpleJson(String text) {
        this.text = text;
    }

    /** The object that this text is, if it is one and simple. Never throws. */
    static Optional<Map<String, @Nullable Object>> object(String text) {
        SimpleJson json = new SimpleJson(text);
        try {
            json.skipBlanks();
            json.expect('{');
            Map<String, @Nullable Object> object = json.members();
            json.skipBlanks();
            return json.at == text.length() ? Optional.of(object) : Optional.empty();
        } catch (NotSimple e) {
            return Optional.empty();
        }
    }

    private char next() throws NotSimple {
        if (at == text.length()) {
            throw new NotSimple();
        }
        return text.charAt(at++);
    }

    private void expect(char wanted) throws NotSimple {
        if (next() != wanted) {
            throw new NotSimple();
        }
    }

    private void skipBlanks() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    /** Goes on behind the blanks, and behind this character if it is the next one. */
    private boolean passes(char wanted) {
        skipBlanks();
        boolean isThere = at < text.length() && text.charAt(at) == wanted;
        if (isThere) {
            at++;
        }
        return isThere;
    }

    /** Behind the opening brace. A name that is there twice is not simple: of two readers each could take another. */
    private Map<String, @Nullable Object> members() throws NotSimple {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        deeper();
        if (!passes('}')) {
            do {
                skipBlanks();
                expect('"');
                String name = string();
                skipBlanks();
                expect(':');
                Object value = value();
                if (object.containsKey(name)) {
                    throw new NotSimple();
                }
                object.put(name, value);
            } while (passes(','));
            expect('}');
        }
        depth--;
        return object;
    }

    private List<@Nullable Object> items() throws NotSimple {
        List<@Nullable Object> list = new ArrayList<>();
        deeper();
        if (!passes(']')) {
            do {
                list.add(value());
            } while (passes(','));
            expect(']');
        }
        depth--;
        return list;
    }

    private void deeper() throws NotSimple {
        if (++depth > MAX_DEPTH) {
            throw new NotSimple();
        }
    }

    private @Nullable Object value() throws NotSimple {
        skipBlanks();
        char first = next();
        switch (first) {
            case '"':
                return string();
            case '{':
                return members();
            case '[':
                return items();
            case 't':
                word("rue");
                return true;
            case 'f':
                word("alse");
                return false;
            case 'n':
                word("ull");
                return null;
            default:
                return number(first);
        }
    }

    private void word(String rest) throws NotSimple {
        for (int i = 0; i < rest.length(); i++) {
            expect(rest.charAt(i));
        }
    }

    /** A fraction, an exponent and a zero before other digits leave something behind that no value may be followed by. */
    private long number(char first) throws NotSimple {
        int from = first == '-' ? at : at - 1;
        at = from;
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
        int digits = at - from;
        if (digits == 0 || digits > MAX_DIGITS || (text.charAt(from) == '0' && (digits > 1 || first == '-'))) {
            throw new NotSimple();
        }
        long number = Long.parseLong(text, from, at, 10);
        return first == '-' ? -number : number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** Behind the opening quotation mark. */
    private String string() throws NotSimple {
        StringBuilder out = new StringBuilder();
        for (char c = next(); c != '"'; c = next()) {
            if (c < ' ') {
                throw new NotSimple();
            }
            out.append(c == '\\' ? escaped() : c);
        }
        return out.toString();
    }

    private char escaped() throws NotSimple {
        char c = next();
        switch (c) {
            case '"':
            case '\\':
            case '/':
                return c;
            case 'b':
                return '\b';
            case 'f':
                return '\f';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 't':
                return '\t';
            case 'u':
                return unicode();
            default:
                throw new NotSimple();
        }
    }

    private char unicode() throws NotSimple {
        int unit = 0;
        for (int i = 0; i < 4; i++) {
            int digit = "0123456789abcdef".indexOf(Character.toLowerCase(next()));
            if (digit < 0) {
                throw new NotSimple();
            }
            unit = unit * 16 + digit;
        }
        return (char) unit;
    }
}
