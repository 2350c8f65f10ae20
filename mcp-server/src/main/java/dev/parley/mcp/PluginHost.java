package dev.parley.mcp;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What all plug-ins of one server have in common, and the view of it that each one is given. */
final class PluginHost {
    private final Map<String, String> environment;
    private final Supplier<Optional<ClientInfo>> client;
    private final Diagnostics diagnostics;
    /** Guarded by itself, and not a concurrent map: to make one service may take another one. */
    private final Map<Class<?>, Object> shared = new HashMap<>();

    private final List<Consumer<IncomingRequest>> listeners = new CopyOnWriteArrayList<>();
    /** Emptied when they are run. */
    private final List<Runnable> beginnings = new CopyOnWriteArrayList<>();
    /** The last registered first. Guarded by itself. */
    private final Deque<Runnable> endActions = new ArrayDeque<>();

    PluginHost(Map<String, String> environment, Supplier<Optional<ClientInfo>> client, Diagnostics diagnostics) {
        this.environment = Map.copyOf(environment);
        this.client = client;
        this.diagnostics = diagnostics;
    }

    Map<String, String> environment() {
        return environment;
    }

    /** Tells every plug-in of a request. */
    void arrived(IncomingRequest request) {
        for (Consumer<IncomingRequest> listener : listeners) {
            guarded(() -> listener.accept(request), "a request listener failed");
        }
    }

    /** Tells every plug-in that the client is ready, the first time. Called by one thread at a time. */
    void initialized() {
        List<Runnable> actions = List.copyOf(beginnings);
        beginnings.clear();
        actions.forEach(action -> guarded(action, "what a plug-in begins with failed"));
    }

    /** Whether anybody wants to be told of requests. */
    boolean isListening() {
        return !listeners.isEmpty();
    }

    /** Runs the shutdown actions that have not run yet, the last registered first. */
    void shutDown() {
        for (Optional<Runnable> next = nextAction(); next.isPresent(); next = nextAction()) {
            guarded(next.get(), "a shutdown action failed");
        }
    }

    private Optional<Runnable> nextAction() {
        synchronized (endActions) {
            return Optional.ofNullable(endActions.pollFirst());
        }
    }

    private void guarded(Runnable action, String failure) {
        try {
            action.run();
        } catch (Throwable t) {
            diagnostics.report(failure, t);
        }
    }

    /** The view of one plug-in. */
    View viewOf(String plugin) {
        return new View(diagnostics.of(plugin));
    }

    /** One plug-in's {@link PluginContext}. */
    final class View implements PluginContext {
        private final Diagnostics own;
        private final List<Consumer<IncomingRequest>> ownListeners = new CopyOnWriteArrayList<>();
        private final List<Runnable> ownBeginnings = new CopyOnWriteArrayList<>();

        private View(Diagnostics own) {
            this.own = own;
        }

        /** Takes away the listeners of a plug-in that did not start. Its shutdown actions stay: it may hold things. */
        void revoke() {
            listeners.removeAll(ownListeners);
            beginnings.removeAll(ownBeginnings);
        }

        @Override
        public Map<String, String> environment() {
            return environment;
        }

        @Override
        public Optional<ClientInfo> client() {
            return client.get();
        }

        @Override
        public <T> T shared(Class<T> type, Supplier<? extends T> maker) {
            synchronized (shared) {
                Object known = shared.get(type);
                if (known == null) {
                    known = Objects.requireNonNull(maker.get(), "the maker of " + type.getName() + " made nothing");
                    shared.put(type, known);
                }
                return type.cast(known);
            }
        }

        @Override
        public <T> Optional<T> shared(Class<T> type) {
            synchronized (shared) {
                return Optional.ofNullable(type.cast(shared.get(type)));
            }
        }

        @Override
        public void onRequest(Consumer<IncomingRequest> listener) {
            ownListeners.add(listener);
            listeners.add(listener);
        }

        @Override
        public void onInitialized(Runnable action) {
            ownBeginnings.add(action);
            beginnings.add(action);
        }

        @Override
        public void onShutdown(Runnable action) {
            synchronized (endActions) {
                endActions.addFirst(action);
            }
        }

        @Override
        public void report(String message) {
            own.report(message);
        }

        @Override
        public void report(String message, Throwable cause) {
            own.report(message, cause);
        }
    }
}
