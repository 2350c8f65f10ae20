package dev.parley.mcp;

import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** The context of a call that no client made: nobody asked for progress, and nobody gets the answer. */
final class NoCall implements CallContext {
    @Override
    public ClientInfo client() {
        return new ClientInfo("nobody", "0", Optional.empty(), "2025-11-25");
    }

    @Override
    public JsonNode meta() {
        return Json.object();
    }

    @Override
    public String requestId() {
        return "none";
    }

    @Override
    public boolean wantsProgress() {
        return false;
    }

    @Override
    public void progress(double progress, OptionalDouble total, String message) {}

    @Override
    public boolean cancelled() {
        return false;
    }

    @Override
    public void onCancel(Runnable action) {}

    @Override
    public void afterAnswer(Consumer<Answer> listener) {}

    @Override
    public void ifDiscarded(Runnable action) {}
}
