package dev.parley.cockpit.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.MessageId;
import dev.parley.cockpit.OperatorPost;
import dev.parley.cockpit.OperatorPost.NoReceiverException;
import dev.parley.cockpit.OperatorPost.Woken;
import dev.parley.ledger.OtherMachineException;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.MailboxFullException;
import dev.parley.mailbox.PlainText;
import dev.parley.mailbox.Utf8;
import dev.parley.overview.Message;
import dev.parley.peer.Peer;
import dev.parley.remote.OutboxFullException;
import dev.parley.trace.Why;
import dev.parley.wake.Outlook.Effort;
import dev.parley.wake.Outlook.Speaker;
import dev.parley.wake.WakeReport;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the operator writes on the page: the same way as {@code parley send}. */
final class WritingApi {

    /** A body of the greatest length whose every byte is escaped, and what stands around it. */
    static final int MAX_REQUEST_BYTES = Envelope.MAX_BODY_BYTES * 6 + 1024;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ProjectView view;
    private final OperatorPost post;

    WritingApi(ProjectView view, OperatorPost post) {
        this.view = view;
        this.post = post;
    }

    /** Sends a message to a session. */
    Map<String, Object> send(byte[] request) throws IOException, RefusedException, InterruptedException {
        JsonNode input = input(request, Set.of("to", "body", "wake"));
        return sent(receiver(text(input, "to")), input, Optional.empty());
    }

    /** Sends a message to the session that wrote another, and refers to that. */
    Map<String, Object> answer(byte[] request) throws IOException, RefusedException, InterruptedException {
        JsonNode input = input(request, Set.of("message_id", "body", "wake"));
        Optional<MessageId> id = MessageId.parse(text(input, "message_id"));
        Optional<Message> message = id.isPresent() ? view.correspondence().find(id.get()) : Optional.empty();
        if (message.isEmpty()) {
            throw new RefusedException(404, "message-not-found", "that message is not kept in this project any more");
        }
        Optional<String> sender = Fields.sender(message.get());
        if (sender.isEmpty()) {
            throw new RefusedException(
                    409,
                    "no-reply-target",
                    "no session wrote message " + id + ", so nobody can be answered; write to its receiver instead");
        }
        return sent(receiver(sender.get()), input, Optional.of(message.get().envelope()));
    }

    private Peer receiver(String target) throws IOException, RefusedException {
        try {
            return post.resolve(target);
        } catch (NoReceiverException e) {
            throw new RefusedException(409, "no-receiver", PlainText.line(String.valueOf(e.getMessage())));
        }
    }

    private Map<String, Object> sent(Peer to, JsonNode input, Optional<Envelope> about)
            throws IOException, RefusedException, InterruptedException {
        String body = text(input, "body");
        checkSize(body);
        Effort effort = effort(input);
        Envelope letter;
        try {
            letter = post.store(to, body, about, effort);
        } catch (MailboxFullException e) {
            throw new RefusedException(409, "mailbox-full", PlainText.line(String.valueOf(e.getMessage())));
        } catch (OutboxFullException e) {
            throw new RefusedException(409, "outbox-full", PlainText.line(String.valueOf(e.getMessage())));
        } catch (OtherMachineException e) {
            throw new RefusedException(409, "other-machine", PlainText.line(String.valueOf(e.getMessage())));
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("message_id", letter.id().value());
        out.put("to", to.id().value());
        out.put("to_name", PlainText.line(to.called()));
        try {
            Woken woken = post.wake(letter, to, effort, Speaker.PAGE);
            out.put("outlook", woken.outlook().word());
            woken.outlook().hint().ifPresent(hint -> out.put("hint", PlainText.line(hint)));
            woken.report().flatMap(WakeReport::reason).ifPresent(why -> out.put("not_woken", PlainText.line(why)));
        } catch (IOException e) {
            // It is stored all the same.
            out.put("outlook", "when_read");
            out.put("not_woken", PlainText.line(Why.of(e)));
        }
        return out;
    }

    private static JsonNode input(byte[] request, Set<String> names) throws RefusedException {
        JsonNode input;
        try {
            input = JSON.readTree(new String(request, UTF_8));
        } catch (JacksonException e) {
            throw bad("its body is not JSON");
        }
        if (!input.isObject()) {
            throw bad("its body is not a JSON object");
        }
        if (!names.containsAll(input.propertyNames())) {
            throw bad("it takes " + String.join(", ", names.stream().sorted().toList()) + " and nothing else");
        }
        return input;
    }

    private static String text(JsonNode input, String name) throws RefusedException {
        JsonNode value = input.path(name);
        if (!value.isString()) {
            throw bad("it needs " + name + ", a string");
        }
        return value.asString();
    }

    private static void checkSize(String body) throws RefusedException {
        int bytes;
        try {
            bytes = Utf8.length(body);
        } catch (IllegalArgumentException e) {
            throw bad("its text is not valid Unicode");
        }
        if (bytes < 1 || bytes > Envelope.MAX_BODY_BYTES) {
            throw new RefusedException(
                    400,
                    "bad-length",
                    "a message has 1 to " + Envelope.MAX_BODY_BYTES + " bytes, this one has " + bytes
                            + "; nothing was sent");
        }
    }

    private static Effort effort(JsonNode input) throws RefusedException {
        JsonNode wake = input.path("wake");
        if (wake.isMissingNode()) {
            return Effort.NATIVE;
        }
        return switch (wake.asString("")) {
            case "off" -> Effort.NONE;
            case "auto" -> Effort.ALL;
            default -> throw bad("its wake is off or auto, or is left out");
        };
    }

    private static RefusedException bad(String why) {
        return new RefusedException(400, "bad-request", "this cannot be sent: " + why);
    }
}
