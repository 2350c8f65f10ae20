package dev.parley.cockpit;

import dev.parley.cockpit.Ink.Tint;
import dev.parley.ledger.MessageState;
import dev.parley.overview.Message;
import dev.parley.overview.Threads.Placed;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import java.util.OptionalInt;

/** Messages as text for a terminal: a line about each, its body indented below, answers under their questions. */
public final class TextLog implements LogForm {

    /** Deeper answers are indented no further: their text needs room. */
    private static final int DEEPEST = 6;

    private static final int NARROWEST = 20;
    private static final int TAB = 8;

    private final PrintWriter out;
    private final ZoneId zone;
    private final OptionalInt width;
    private final Ink ink;

    /**
     * Writes to somewhere.
     *
     * @param width how many cells a line has; empty for lines of any length
     */
    public TextLog(PrintWriter out, ZoneId zone, OptionalInt width, Ink ink) {
        this.out = out;
        this.zone = zone;
        this.width = width;
        this.ink = ink;
    }

    @Override
    public void begin() {
        // The messages say it all.
    }

    @Override
    public void message(Placed placed) {
        Message message = placed.message();
        String indent = "  ".repeat(Math.min(placed.depth(), DEEPEST));
        String mark = placed.depth() > 0 ? "↳ " : "";
        out.println(indent
                + mark
                + ink.of(Tint.FAINT, Lines.time(message.sentAt(), zone))
                + "  "
                + ink.of(Tint.NAME, Lines.sender(message))
                + " → "
                + ink.of(Tint.NAME, Lines.receiver(message))
                + "  "
                + ink.of(tint(message), Lines.state(message))
                + "  "
                + ink.of(Tint.FAINT, message.id().value())
                + Lines.reference(message, placed.depth())
                        .map(reference -> "  " + ink.of(Tint.FAINT, reference))
                        .orElse(""));
        String margin = indent + "    ";
        for (String line : Lines.body(message)) {
            for (String piece : pieces(line, margin.length())) {
                out.println((margin + piece).stripTrailing());
            }
        }
        out.println();
    }

    private List<String> pieces(String line, int margin) {
        return width.isEmpty()
                ? List.of(line)
                : Lines.wrapped(line.replace("\t", " ".repeat(TAB)), Math.max(NARROWEST, width.getAsInt() - margin));
    }

    private static Tint tint(Message message) {
        MessageState state = message.status().state();
        if (state == MessageState.GONE || (message.isQuestion() && state != MessageState.ANSWERED)) {
            return Tint.ALERT;
        }
        return state == MessageState.ANSWERED || state == MessageState.SHOWN ? Tint.DONE : Tint.FAINT;
    }

    @Override
    public void events(List<SessionEvent> events) {
        for (SessionEvent event : events) {
            out.println(ink.of(Tint.FAINT, Lines.time(event.at(), zone)) + "  " + ink.of(Tint.NAME, event.name()) + " "
                    + ink.of(event.isTrouble() ? Tint.ALERT : Tint.FAINT, event.words(zone)));
        }
    }

    @Override
    public void end() {
        // The messages say it all.
    }
}
