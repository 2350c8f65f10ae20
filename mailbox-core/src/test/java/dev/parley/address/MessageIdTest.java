package dev.parley.address;

import java.util.Optional;

final class MessageIdTest extends IdTest<MessageId> {

    MessageIdTest() {
        super("m", "message");
    }

    @Override
    MessageId of(String text) {
        return new MessageId(text);
    }

    @Override
    String value(MessageId id) {
        return id.value();
    }

    @Override
    boolean isValid(String text) {
        return MessageId.isValid(text);
    }

    @Override
    Optional<MessageId> parse(String text) {
        return MessageId.parse(text);
    }

    @Override
    MessageId create() {
        return MessageId.create(Optional.empty());
    }
}
