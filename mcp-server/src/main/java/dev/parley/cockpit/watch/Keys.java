package dev.parley.cockpit.watch;

import dev.parley.cockpit.watch.Key.Kind;
import java.io.IOException;
import java.util.Map;

/**
 * Makes keys of what a terminal sends: single characters, and sequences that begin with an escape. A lone escape is told from the
 * beginning of a sequence by the silence behind it.
 */
final class Keys {

    /** What a source gives when nothing has come in time. */
    static final int NOTHING = -2;

    /** What a source gives when nothing will ever come. */
    static final int END = -1;

    private static final int ESCAPE = 27;
    /** A sequence arrives at once, also over a slow line; nobody presses two keys within this. */
    private static final long SILENCE_MILLIS = 60;

    private static final int MAX_SEQUENCE = 32;
    private static final String PASTE_END = "\u001b[201~";
    /** More than a message can hold. */
    private static final int MAX_PASTE = 100_000;

    private static final Map<String, Kind> SEQUENCES = Map.ofEntries(
            Map.entry("[A", Kind.UP),
            Map.entry("OA", Kind.UP),
            Map.entry("[B", Kind.DOWN),
            Map.entry("OB", Kind.DOWN),
            Map.entry("[C", Kind.RIGHT),
            Map.entry("OC", Kind.RIGHT),
            Map.entry("[D", Kind.LEFT),
            Map.entry("OD", Kind.LEFT),
            Map.entry("[H", Kind.HOME),
            Map.entry("OH", Kind.HOME),
            Map.entry("[1~", Kind.HOME),
            Map.entry("[7~", Kind.HOME),
            Map.entry("[F", Kind.END),
            Map.entry("OF", Kind.END),
            Map.entry("[4~", Kind.END),
            Map.entry("[8~", Kind.END),
            Map.entry("[3~", Kind.DELETE),
            Map.entry("[5~", Kind.PAGE_UP),
            Map.entry("[6~", Kind.PAGE_DOWN),
            Map.entry("[Z", Kind.BACK_TAB),
            Map.entry("\r", Kind.NEW_LINE),
            Map.entry("\n", Kind.NEW_LINE));

    private final Source source;

    /** Where the characters come from. */
    interface Source {
        /**
         * The next UTF-16 unit.
         *
         * @param millis how long to wait at the most; 0 for as long as it takes
         * @return the unit, {@link #NOTHING} or {@link #END}
         */
        int read(long millis) throws IOException;
    }

    Keys(Source source) {
        this.source = source;
    }

    /** Waits for the next key. */
    Key next() throws IOException {
        int c = source.read(0);
        while (c == NOTHING) {
            c = source.read(0);
        }
        return switch (c) {
            case END -> Key.of(Kind.END_OF_INPUT);
            case 3 -> Key.of(Kind.INTERRUPT);
            case 8, 127 -> Key.of(Kind.BACKSPACE);
            case 9 -> Key.of(Kind.TAB);
            case 10, 13 -> Key.of(Kind.ENTER);
            case 12 -> Key.of(Kind.REDRAW);
            case 1 -> Key.of(Kind.HOME);
            case 5 -> Key.of(Kind.END);
            case 21 -> Key.of(Kind.DELETE_LINE);
            case 23 -> Key.of(Kind.DELETE_WORD);
            case ESCAPE -> sequence();
            default -> c < 32 ? Key.of(Kind.UNKNOWN) : typed(c);
        };
    }

    private Key typed(int unit) throws IOException {
        if (!Character.isHighSurrogate((char) unit)) {
            return Character.isLowSurrogate((char) unit)
                    ? Key.of(Kind.UNKNOWN)
                    : Key.typed(Character.toString((char) unit));
        }
        int low = source.read(SILENCE_MILLIS);
        return low >= 0 && Character.isLowSurrogate((char) low)
                ? Key.typed(new String(new char[] {(char) unit, (char) low}))
                : Key.of(Kind.UNKNOWN);
    }

    private Key sequence() throws IOException {
        StringBuilder sequence = new StringBuilder();
        int c = source.read(SILENCE_MILLIS);
        if (c < 0 || c == ESCAPE) {
            return Key.of(Kind.ESCAPE);
        }
        sequence.append((char) c);
        boolean isOpen = c == '[' || c == 'O';
        while (isOpen && sequence.length() < MAX_SEQUENCE) {
            c = source.read(SILENCE_MILLIS);
            if (c < 0) {
                break;
            }
            sequence.append((char) c);
            // Parameters are below '@'; the first above them ends the sequence.
            isOpen = c < '@';
        }
        if (sequence.toString().equals("[200~")) {
            return pasted();
        }
        return Key.of(SEQUENCES.getOrDefault(sequence.toString(), Kind.UNKNOWN));
    }

    /** What is pasted is text, whatever keys it looks like: a line end in it sends nothing. */
    private Key pasted() throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.length() < MAX_PASTE) {
            int c = source.read(1000);
            if (c < 0) {
                break;
            }
            text.append((char) c);
            if (c == '~'
                    && text.length() >= PASTE_END.length()
                    && text.toString().endsWith(PASTE_END)) {
                text.setLength(text.length() - PASTE_END.length());
                break;
            }
        }
        return new Key(Kind.PASTE, text.toString().replace("\r\n", "\n").replace('\r', '\n'));
    }
}
