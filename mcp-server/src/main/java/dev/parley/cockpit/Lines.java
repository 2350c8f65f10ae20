package dev.parley.cockpit;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.ledger.MessageState;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Message;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the forms of a log say alike of a message. */
final class Lines {

    private Lines() {}

    /** By hand: to load what formats times in every way takes longer than to show a short log. */
    static String time(Instant at, ZoneId zone) {
        LocalDateTime time = LocalDateTime.ofInstant(at, zone);
        return two(time.getYear())
                + '-'
                + two(time.getMonthValue())
                + '-'
                + two(time.getDayOfMonth())
                + ' '
                + two(time.getHour())
                + ':'
                + two(time.getMinute())
                + ':'
                + two(time.getSecond());
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : Integer.toString(number);
    }

    static String sender(Message message) {
        return PlainText.untagged(PlainText.line(message.senderName()));
    }

    static String receiver(Message message) {
        return PlainText.untagged(PlainText.line(message.receiverName()));
    }

    /** How far it has come, and that an answer is wanted and not there. */
    static String state(Message message) {
        String state = message.status().state().name().toLowerCase(Locale.ROOT);
        return message.isQuestion() && message.status().state() != MessageState.ANSWERED
                ? state + ", not answered"
                : state;
    }

    /** What it answers or refers to, where that does not stand right before it. */
    static Optional<String> reference(Message message, int depth) {
        if (depth > 0) {
            return Optional.empty();
        }
        Optional<String> source = message.envelope().sourceMessageId().map(MessageId::value);
        Optional<String> request = message.envelope().replyTo().map(RequestId::value);
        return request.isPresent()
                ? Optional.of("answers " + source.or(() -> request).orElseThrow())
                : source.map(id -> "about " + id);
    }

    /** A body as it may be shown, whoever reads it. */
    static List<String> body(Message message) {
        return PlainText.foreign(message.envelope().body()).lines().toList();
    }

    /** A line in pieces of so many cells, broken at spaces where there are any. */
    static List<String> wrapped(String line, int cells) {
        List<String> pieces = new ArrayList<>();
        String rest = line;
        while (Cells.of(rest) > cells) {
            int end = fitting(rest, cells);
            int space = rest.lastIndexOf(' ', end);
            int cut = space > 0 && space * 3 > end ? space : end;
            pieces.add(rest.substring(0, cut).stripTrailing());
            rest = rest.substring(cut).stripLeading();
        }
        pieces.add(rest);
        return pieces;
    }

    /** How many of its chars fit; at least one character. */
    private static int fitting(String text, int cells) {
        int used = 0;
        int at = 0;
        while (at < text.length()) {
            int next = text.offsetByCodePoints(at, 1);
            used += Cells.of(text.substring(at, next));
            if (used > cells && at > 0) {
                return at;
            }
            at = next;
        }
        return at;
    }
}
