package dev.parley.store.mailbox;

import dev.parley.address.Ids;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.mailbox.PlainText;
import java.time.temporal.ChronoUnit;

/**
 * A message as a hook shows it to a model, escaped so that a shell script can put it into a JSON string as it is.
 *
 * <p>Only four escapes occur, {@code \n}, {@code \t}, {@code \"} and {@code \\}, which {@code printf %b} of a shell also
 * undoes. All other control characters are made visible, so that a message cannot drive a terminal that shows it, and what
 * looks like a tag of the clients' own loses its bracket ({@link Framing}). The body stands between two marks with a random
 * part that its author cannot know.
 */
final class HookText {

    private static final int NONCE = 8;

    private HookText() {}

    static String of(Envelope e) {
        String mark = Ids.random().substring(0, NONCE);
        StringBuilder out = new StringBuilder(e.body().length() + 256);
        out.append("message ").append(e.id()).append(" from ").append(sender(e));
        out.append(", sent ").append(e.sentAt().truncatedTo(ChronoUnit.SECONDS));
        e.group().ifPresent(group -> out.append(", to all of @").append(group));
        // What the office says of a request is no answer of the peer's.
        String why = e.origin() == Origin.OFFICE ? ", about your request " : ", answers your request ";
        e.replyTo().ifPresent(id -> out.append(why).append(id));
        e.requestId()
                .ifPresent(id -> out.append(", waits for your answer (request ")
                        .append(id)
                        .append(')'));
        e.due().ifPresent(due -> out.append(", due ").append(due.truncatedTo(ChronoUnit.SECONDS)));
        e.supersedes().ifPresent(id -> out.append(", in place of ").append(id).append(", which no longer counts"));
        out.append("\\n<<<").append(mark).append("\\n");
        escape(PlainText.untagged(e.body()), out);
        return out.append("\\n").append(mark).append(">>>\\n").toString();
    }

    private static String sender(Envelope e) {
        StringBuilder out = new StringBuilder();
        if (e.origin() == Origin.OFFICE) {
            return out.append("Parley itself").append(host(e)).toString();
        }
        if (e.origin() == Origin.OPERATOR) {
            // No peer's line is like that: its session's id stands behind its name.
            out.append("the operator");
            if (e.fromName().equals(Envelope.OPERATOR)) {
                return out.append(host(e)).toString();
            }
            out.append(' ');
        }
        // A name stays on its line, so that it cannot begin a text of its own.
        escape(PlainText.untagged(e.fromName()).replace('\n', ' ').replace('\t', ' '), out);
        out.append(host(e));
        e.from().ifPresent(id -> out.append(" (").append(id).append(')'));
        return out.toString();
    }

    /** A name that a session can have holds no space, so none ends like this. */
    private static String host(Envelope e) {
        return e.host().map(host -> " on " + host).orElse("");
    }

    /** In runs, since nearly every character of nearly every message stays as it is. */
    private static void escape(String text, StringBuilder out) {
        char[] chars = text.toCharArray();
        int run = 0;
        int i = 0;
        while (i < chars.length) {
            if (isPlain(chars[i])) {
                i++;
                continue;
            }
            out.append(chars, run, i - run);
            int c = Character.codePointAt(chars, i);
            out.append(escaped(i == 0 ? 0 : Character.codePointBefore(chars, i), c));
            i += Character.charCount(c);
            run = i;
        }
        out.append(chars, run, chars.length - run);
    }

    /** Spares the look into the tables of Unicode. */
    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
    }

    private static String escaped(int before, int c) {
        return switch (c) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default -> PlainText.isInvisible(before, c) ? visible(c) : Character.toString(c);
        };
    }

    /** C0 as its Unicode picture (U+2400 block), the rest by number. */
    private static String visible(int c) {
        if (c < 0x20) {
            return Character.toString(0x2400 + c);
        }
        return c == 0x7f ? "␡" : String.format(java.util.Locale.ROOT, "<U+%04X>", c);
    }
}
