package dev.parley.mcp;

import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a server gives a plug-in when it starts it. Valid until the server ends; safe for use from any thread. */
public interface PluginContext {
    /** The environment that the server was given; read this, never {@code System.getenv}. */
    Map<String, String> environment();

    /** Who is at the other end; empty until {@code initialize} has been answered. */
    Optional<ClientInfo> client();

    /**
     * The one object of this type that all plug-ins of the server share, made by whoever asks first. The type is
     * looked up as given: agree on an interface that both plug-ins can see.
     */
    <T> T shared(Class<T> type, Supplier<? extends T> maker);

    /** The shared object of this type, if a plug-in made one. */
    <T> Optional<T> shared(Class<T> type);

    /**
     * Has {@code listener} told of every request on arrival, before it is dispatched, in the order of arrival. It runs
     * on the thread that reads, so it must be short and must not block. An exception of it is traced, no more.
     */
    void onRequest(Consumer<IncomingRequest> listener);

    /**
     * Has {@code action} run once the client has said that it is ready ({@code notifications/initialized}), at most once;
     * {@link #client} is known then. It runs on the thread that reads, so it must be short and must not block. A client
     * may leave that word out.
     */
    void onInitialized(Runnable action);

    /**
     * Has {@code action} run when the server ends, after the last answer was written or dropped; the last registered
     * runs first. On a signal all of them together get 250 ms. Not run when the process is killed.
     */
    void onShutdown(Runnable action);

    /** Writes a line to the diagnostics (standard error), marked with the plug-in's name. */
    void report(String message);

    /** Writes a line and the stack trace of {@code cause} to the diagnostics. */
    void report(String message, Throwable cause);
}
