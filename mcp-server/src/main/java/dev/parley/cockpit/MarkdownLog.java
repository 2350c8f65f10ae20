package dev.parley.cockpit;

import dev.parley.mailbox.PlainText;
import dev.parley.overview.Message;
import dev.parley.overview.Threads.Placed;
import java.io.PrintWriter;
import java.util.List;

/** Messages as Markdown: a heading for each, its body in a fence that nothing in it can close. */
public final class MarkdownLog implements LogForm {

    private static final int SHORTEST_FENCE = 3;

    private final PrintWriter out;
    private final Heading heading;

    /** Writes to somewhere. */
    public MarkdownLog(PrintWriter out, Heading heading) {
        this.out = out;
        this.heading = heading;
    }

    @Override
    public void begin() {
        out.println("# Messages of " + escaped(PlainText.line(heading.project())));
        out.println();
        out.println("Read " + Lines.time(heading.at(), heading.zone()) + " (" + heading.zone() + "). "
                + heading.retention());
        out.println();
    }

    @Override
    public void message(Placed placed) {
        Message message = placed.message();
        String quote = "> ".repeat(placed.depth());
        out.println(quote + "**" + escaped(Lines.sender(message)) + " → " + escaped(Lines.receiver(message)) + "** · "
                + Lines.time(message.sentAt(), heading.zone()) + " · " + Lines.state(message) + " · `" + message.id()
                + "`"
                + Lines.reference(message, placed.depth())
                        .map(reference -> " · " + reference)
                        .orElse(""));
        out.println(quote.stripTrailing());
        List<String> body = Lines.body(message);
        String fence = fence(body);
        out.println(quote + fence + "text");
        body.forEach(line -> out.println(quote + line));
        out.println(quote + fence);
        out.println();
    }

    @Override
    public void events(List<SessionEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        out.println("## " + EVENTS);
        out.println();
        for (SessionEvent event : events) {
            out.println("- " + Lines.time(event.at(), heading.zone()) + " · **" + escaped(event.name()) + "** "
                    + escaped(event.words(heading.zone())));
        }
        out.println();
    }

    /** More back-quotes than stand anywhere in a row. */
    private static String fence(List<String> body) {
        int longest = 0;
        for (String line : body) {
            int row = 0;
            for (int i = 0; i < line.length(); i++) {
                row = line.charAt(i) == '`' ? row + 1 : 0;
                longest = Math.max(longest, row);
            }
        }
        return "`".repeat(Math.max(SHORTEST_FENCE, longest + 1));
    }

    /** A text of one line in which nothing means anything to Markdown or HTML. */
    private static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c < 0x80 && !Character.isLetterOrDigit(c) && c != ' ') {
                out.append('\\');
            }
            out.appendCodePoint(c);
        });
        return out.toString();
    }

    @Override
    public void end() {
        // The messages say it all.
    }
}
