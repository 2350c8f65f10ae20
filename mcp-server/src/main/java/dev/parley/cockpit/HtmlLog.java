package dev.parley.cockpit;

import dev.parley.mailbox.PlainText;
import dev.parley.overview.Message;
import dev.parley.overview.Threads.Placed;
import java.io.PrintWriter;
import java.util.List;

/**
 * Messages as one page that needs nothing else: no script, no outside resource, all text escaped. Readable on a phone, in light
 * and in dark.
 */
public final class HtmlLog implements LogForm {

    /** What every such page begins with, so that one is told from a file of somebody else's. */
    public static final String FIRST_LINE = "<!DOCTYPE html><!-- written by parley -->";

    private static final int DEEPEST = 6;

    private static final String STYLE = """
            :root{color-scheme:light dark;--ink:#1c2024;--faint:#5b6470;--card:#fff;--page:#f3f4f6;--line:#d6dae0;--name:#0b5cad}
            @media(prefers-color-scheme:dark){
            :root{--ink:#e7eaee;--faint:#9aa4b0;--card:#1b1f24;--page:#101317;--line:#2f353d;--name:#7cc0ff}}
            *{box-sizing:border-box}
            body{margin:0 auto;padding:1rem;max-width:52rem;background:var(--page);color:var(--ink);
            font:16px/1.45 system-ui,sans-serif}
            h1{font-size:1.25rem;margin:0 0 .25rem;overflow-wrap:anywhere}
            .about,.meta{color:var(--faint);font-size:.85rem}
            article{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem;margin:.6rem 0}
            .d1{margin-left:4%}.d2{margin-left:8%}.d3{margin-left:12%}.d4{margin-left:16%}.d5{margin-left:20%}.d6{margin-left:24%}
            h2{font-size:1rem;margin:0;color:var(--name);overflow-wrap:anywhere}
            pre{margin:.5rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere;font:.9rem/1.45 ui-monospace,monospace}
            section{margin:1.2rem 0}
            ul{margin:.4rem 0;padding-left:1.1rem;font-size:.9rem;overflow-wrap:anywhere}
            li time{color:var(--faint)}
            .open{font-weight:600;color:var(--ink)}
            """;

    private final PrintWriter out;
    private final Heading heading;

    /** Writes to somewhere. */
    public HtmlLog(PrintWriter out, Heading heading) {
        this.out = out;
        this.heading = heading;
    }

    @Override
    public void begin() {
        String title = "Messages of " + escaped(PlainText.line(heading.project()));
        out.println(FIRST_LINE);
        out.println("<html lang=\"en\"><head><meta charset=\"utf-8\">");
        out.println("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        out.println("<meta http-equiv=\"Content-Security-Policy\""
                + " content=\"default-src 'none'; style-src 'unsafe-inline'\">");
        out.println("<title>" + title + "</title><style>");
        out.print(STYLE);
        out.println("</style></head><body><header><h1>" + title + "</h1>");
        out.println("<p class=\"about\">Read " + Lines.time(heading.at(), heading.zone()) + " ("
                + escaped(heading.zone().toString()) + "). " + escaped(heading.retention()) + "</p></header><main>");
    }

    @Override
    public void message(Placed placed) {
        Message message = placed.message();
        int depth = Math.min(placed.depth(), DEEPEST);
        String state = Lines.state(message);
        out.println("<article id=\"" + message.id() + "\"" + (depth > 0 ? " class=\"d" + depth + "\"" : "") + "><h2>"
                + (placed.depth() > 0 ? "↳ " : "") + escaped(Lines.sender(message)) + " → "
                + escaped(Lines.receiver(message)) + "</h2>");
        out.println("<div class=\"meta\"><time datetime=\"" + message.sentAt() + "\">"
                + Lines.time(message.sentAt(), heading.zone()) + "</time> · "
                + (state.indexOf(',') < 0 ? state : "<span class=\"open\">" + state + "</span>") + " · "
                + message.id()
                + Lines.reference(message, placed.depth())
                        .map(reference -> " · " + reference)
                        .orElse("")
                + "</div>");
        // The first line break of such an element is none of its text.
        out.println("<pre>\n" + escaped(PlainText.lines(message.envelope().body())) + "</pre></article>");
    }

    @Override
    public void events(List<SessionEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        out.println("<section><h2>" + escaped(EVENTS) + "</h2><ul>");
        for (SessionEvent event : events) {
            out.println("<li><time datetime=\"" + event.at() + "\">" + Lines.time(event.at(), heading.zone())
                    + "</time> · <b>" + escaped(event.name()) + "</b> " + escaped(event.words(heading.zone()))
                    + "</li>");
        }
        out.println("</ul></section>");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    @Override
    public void end() {
        out.println("</main></body></html>");
    }
}
