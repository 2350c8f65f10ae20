package dev.parley.wake.tmux;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A program in a pane that draws Claude Code's composer and misbehaves as it is told. It writes down every key it gets, so
 * that a test can say what was typed and, more to the point, what was not.
 */
final class FakeClient {

    /** How it behaves. */
    enum Manner {
        /** Enter submits. */
        SUBMITS,
        /** The first Enter does nothing. */
        DEAF_ONCE,
        /** No Enter does anything. */
        DEAF,
        /** A paste is shown, and then a dialog opens over it. */
        OPENS_DIALOG,
        /** It begins to work when it gets a paste, and shows that in the composer. */
        BEGINS_TO_WORK,
        /** A user types a letter right behind a paste. */
        USER_TYPES_ALONG,
        /** A paste is never shown. */
        SWALLOWS_PASTE,
        /** A dialog is open from the beginning. */
        IN_DIALOG,
        /** A draft stands in the composer from the beginning. */
        HAS_DRAFT
    }

    private static final String PASTE_BEGINS = "\u001b[200~";
    private static final String PASTE_ENDS = "\u001b[201~";

    private final Manner manner;
    private final Path log;
    private final int width;
    private final OutputStream out;
    private final List<String> said = new ArrayList<>();
    private final StringBuilder draft = new StringBuilder();
    private boolean dialog;
    private boolean working;
    private int enters;

    private FakeClient(Manner manner, Path log, int width, OutputStream out) {
        this.manner = manner;
        this.log = log;
        this.width = width;
        this.out = out;
        this.dialog = manner == Manner.IN_DIALOG;
        if (manner == Manner.HAS_DRAFT) {
            draft.append("half a thought");
        }
    }

    /** The command that runs it in a pane. */
    static List<String> command(Manner manner, Path log, int width) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        String classes = classPath();
        return List.of(
                "sh",
                "-c",
                "stty raw -echo && exec \"$@\"",
                "sh",
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classes,
                FakeClient.class.getName(),
                manner.name(),
                log.toString(),
                Integer.toString(width));
    }

    static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Runs until its input ends: {@code MANNER LOG WIDTH}. */
    public static void main(String[] arguments) throws IOException {
        new FakeClient(Manner.valueOf(arguments[0]), Path.of(arguments[1]), Integer.parseInt(arguments[2]), System.out)
                .run(System.in);
    }

    private void run(InputStream in) throws IOException {
        write("\u001b[?2004h");
        draw();
        byte[] buffer = new byte[4096];
        StringBuilder pending = new StringBuilder();
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            pending.append(new String(buffer, 0, n, UTF_8));
            consume(pending);
            draw();
        }
    }

    private void consume(StringBuilder pending) throws IOException {
        while (!pending.isEmpty()) {
            if (pending.indexOf(PASTE_BEGINS) == 0) {
                int end = pending.indexOf(PASTE_ENDS);
                if (end < 0) {
                    return;
                }
                paste(pending.substring(PASTE_BEGINS.length(), end));
                pending.delete(0, end + PASTE_ENDS.length());
            } else {
                key(pending.charAt(0));
                pending.deleteCharAt(0);
            }
        }
    }

    private void paste(String text) throws IOException {
        note("paste " + text);
        if (manner == Manner.SWALLOWS_PASTE) {
            return;
        }
        draft.append(text);
        if (manner == Manner.OPENS_DIALOG) {
            dialog = true;
        } else if (manner == Manner.BEGINS_TO_WORK) {
            working = true;
        } else if (manner == Manner.USER_TYPES_ALONG) {
            draft.append('x');
        }
    }

    private void key(char key) throws IOException {
        note(key == '\r' ? "enter" : key == '\u007f' ? "backspace" : "key " + key);
        if (dialog) {
            return;
        }
        if (key == '\u007f') {
            draft.setLength(Math.max(0, draft.length() - 1));
        } else if (key == '\r') {
            enters++;
            if (manner != Manner.DEAF && !(manner == Manner.DEAF_ONCE && enters == 1)) {
                said.add(draft.toString());
                draft.setLength(0);
            }
        } else if (key >= ' ') {
            draft.append(key);
        }
    }

    private void note(String what) throws IOException {
        Files.writeString(log, what + "\n", UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void draw() throws IOException {
        StringBuilder frame = new StringBuilder("\u001b[0m\u001b[2J\u001b[H");
        said.forEach(text -> frame.append("❯ ").append(text).append("\r\n\r\n"));
        if (dialog) {
            frame.append("Do you want to create made?\r\n ❯ 1. Yes\r\n   2. No\r\n\u001b[2A");
        } else {
            String rule = "─".repeat(width);
            frame.append("\u001b[38;5;244m").append(rule).append("\u001b[39m\r\n");
            frame.append(working ? "\u001b[38;5;246m❯\u00a0\u001b[39m" : "❯\u00a0")
                    .append(draft)
                    .append("\u001b7\r\n");
            frame.append("\u001b[38;5;244m").append(rule).append("\u001b[39m\r\n");
            frame.append("  ⏸ manual mode on")
                    .append(working ? " · esc to interrupt" : "")
                    .append("\u001b8");
        }
        write(frame.toString());
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(UTF_8));
        out.flush();
    }
}
