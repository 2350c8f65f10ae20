package dev.parley.address;

import java.util.Optional;

final class RequestIdTest extends IdTest<RequestId> {

    RequestIdTest() {
        super("q", "request");
    }

    @Override
    RequestId of(String text) {
        return new RequestId(text);
    }

    @Override
    String value(RequestId id) {
        return id.value();
    }

    @Override
    boolean isValid(String text) {
        return RequestId.isValid(text);
    }

    @Override
    Optional<RequestId> parse(String text) {
        return RequestId.parse(text);
    }

    @Override
    RequestId create() {
        return RequestId.create();
    }
}
