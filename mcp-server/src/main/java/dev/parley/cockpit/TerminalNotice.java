package dev.parley.cockpit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.mailbox.PlainText;
import java.util.Base64;
import java.util.Map;

/** A notice as the sequence that makes a terminal show it; with the bell, which every terminal has. */
public final class TerminalNotice {

    private static final String ESCAPE = "\u001b";
    private static final String END = ESCAPE + "\\";
    private static final String BELL = "\u0007";

    private TerminalNotice() {}

    /**
     * What is written to the terminal.
     *
     * @param environment tells which terminal it is: those of the rxvt family and foot take the longer form (OSC 777), others OSC 9;
     *     what knows neither ignores it. tmux passes it on if its option {@code allow-passthrough} is on
     */
    public static String sequence(String title, String text, Map<String, String> environment) {
        // A semicolon separates the parts of the sequence.
        String safeTitle = PlainText.line(title).replace(';', ',');
        String safeText = PlainText.line(text).replace(';', ',');
        String terminal = environment.getOrDefault("TERM", "");
        boolean isLong = terminal.startsWith("rxvt") || terminal.startsWith("foot");
        String sequence = isLong
                ? ESCAPE + "]777;notify;" + safeTitle + ";" + safeText + END
                : ESCAPE + "]9;" + safeTitle + ": " + safeText + END;
        return throughTmux(sequence, environment) + BELL;
    }

    /** A text for the terminal's clipboard (OSC 52). */
    public static String clipboard(String text, Map<String, String> environment) {
        String encoded = Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
        String sequence = ESCAPE + "]52;c;" + encoded + BELL;
        // tmux takes this one itself, if it may set the clipboard, and passes the other on, if it may do that.
        return sequence + (environment.containsKey("TMUX") ? throughTmux(sequence, environment) : "");
    }

    private static String throughTmux(String sequence, Map<String, String> environment) {
        return environment.containsKey("TMUX")
                ? ESCAPE + "Ptmux;" + sequence.replace(ESCAPE, ESCAPE + ESCAPE) + END
                : sequence;
    }
}
