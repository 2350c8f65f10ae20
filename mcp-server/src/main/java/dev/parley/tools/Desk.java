package dev.parley.tools;

import dev.parley.mcp.CallContext;
import dev.parley.mcp.ClientInfo;
import dev.parley.mcp.IncomingRequest;
import dev.parley.mcp.PluginContext;
import dev.parley.mcp.ToolException;
import dev.parley.mcp.ToolHandler;
import dev.parley.office.PostOffice;
import dev.parley.peer.NameRefusedException;
import dev.parley.peer.NameTakenException;
import dev.parley.session.LocalSession;
import dev.parley.session.PostOffices;
import dev.parley.session.Setting;
import dev.parley.session.TraceFile;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import dev.parley.trace.Why;
import dev.parley.wake.Ladder;
import dev.parley.wake.ResumeRung;
import dev.parley.wake.RingGuard;
import dev.parley.wake.Rungs;
import dev.parley.work.Notices;
import dev.parley.work.Reminders;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * What all tools of one server share: the session, the mail it has handed over, and how a failure of the store becomes an
 * answer.
 *
 * <p>The store is opened when it is first needed, so that a store that cannot be used is told to the model, and is used
 * again as soon as it has been put right.
 */
final class Desk {

    private final Map<String, String> environment;
    private final PluginContext context;
    private final Trace trace;
    private final RingGuard guard = new RingGuard();
    private final ExecutorService background;
    private final HandOvers handOvers;
    private Optional<LocalSession> session = Optional.empty();
    private Optional<Ladder> ladder = Optional.empty();
    /** Of what is open; empty if they are turned off. */
    private Optional<Reminders> reminders = Optional.empty();

    Desk(PluginContext context) {
        this.context = context;
        this.environment = context.environment();
        this.trace = TraceFile.of(environment, context::report);
        this.background = Executors.newSingleThreadExecutor(Desk::daemon);
        this.handOvers = new HandOvers(background, trace, this::settle);
        context.onRequest(this::requestArrived);
        context.onInitialized(this::registerSoon);
        context.onShutdown(background::shutdown);
        context.onShutdown(this::endReminders);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "parley-desk");
        thread.setDaemon(true);
        return thread;
    }

    /** Whoever is started can be reached, whether or not it ever asks for anything; what it asks for first waits for nothing. */
    private void registerSoon() {
        background.execute(this::registerEarly);
    }

    /** Some clients never say that they are ready: theirs is registered by what they ask. Every call is a sign of life. */
    private void requestArrived(IncomingRequest request) {
        if (request.method().equals("tools/call")) {
            handOvers.signOfLife(request.answersBefore());
        } else if (context.client().isPresent()) {
            registerSoon();
        }
    }

    private void registerEarly() {
        try {
            session().current();
            remind();
        } catch (IOException e) {
            // The first call meets the same trouble and tells the model.
            trace.event(Event.EARLY_REGISTRATION_FAILED, Map.of("reason", e.toString()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Has what is open looked at: something may have been asked. */
    void remindSoon() {
        try {
            background.execute(this::remind);
        } catch (RejectedExecutionException e) {
            // The server is ending: the next one looks when it starts.
            trace.event(Event.OPEN_WORK_LEFT, Map.of("reason", "the server ends"));
        }
    }

    private void remind() {
        Optional<Reminders> known;
        synchronized (this) {
            known = reminders;
        }
        if (known.isPresent()) {
            known.get().look();
        }
    }

    private synchronized void endReminders() {
        reminders.ifPresent(Reminders::stop);
    }

    private void settle() throws IOException {
        Optional<LocalSession> known;
        synchronized (this) {
            known = session;
        }
        if (known.isPresent()) {
            known.get().settle();
        }
    }

    Trace trace() {
        return trace;
    }

    Map<String, String> environment() {
        return environment;
    }

    HandOvers handOvers() {
        return handOvers;
    }

    synchronized LocalSession session() throws IOException {
        if (session.isEmpty()) {
            PostOffice office = PostOffices.open(environment, trace);
            LocalSession local = new LocalSession(environment, Path.of("").toAbsolutePath(), office);
            Ladder rungs = new Ladder(environment, office, Rungs.of(office));
            session = Optional.of(local);
            ladder = Optional.of(rungs);
            if (Setting.REMINDERS.text(environment).equals("on")) {
                reminders = Optional.of(new Reminders(office, new Notices(office, rungs, guard), local::known));
            }
        }
        context.client().map(ClientInfo::name).ifPresent(session.get()::clientSaid);
        return session.get();
    }

    private synchronized Ladder ladder() {
        return ladder.orElseThrow(() -> new IllegalStateException("there is a ladder as soon as there is a session"));
    }

    /** One call of a tool, once the session is known. */
    record Visit(Desk desk, LocalSession session, CallContext call) {

        Outgoing outgoing() {
            return new Outgoing(desk.ladder(), new ResumeRung(desk.environment, session.office()), desk.guard);
        }

        /** What is told to the two sessions of a request. */
        Notices notices() {
            return new Notices(session.office(), desk.ladder(), desk.guard);
        }

        Instant now() {
            return session.office().clock().instant();
        }

        /** Whether this session may send another message to a group; if so, it is counted. */
        boolean admitToGroup() {
            return desk.guard.admitToGroup(now());
        }
    }

    /** What a tool does once the session is known. */
    @FunctionalInterface
    interface Work<I extends Record> {
        Object handle(I input, Visit visit) throws Exception;
    }

    /** A handler that finds the session first, and answers what can go wrong with the store. */
    static <I extends Record> ToolHandler<I> handler(Supplier<Desk> desk, Work<I> work) {
        return (input, call) -> desk.get().answer(call, visit -> work.handle(input, visit));
    }

    /** A call with its input. */
    @FunctionalInterface
    private interface Bound {
        Object handle(Visit visit) throws Exception;
    }

    private Object answer(CallContext call, Bound work) throws Exception {
        try {
            LocalSession local = session();
            if (call.meta().path("threadId").isString()) {
                local.threadSeen(call.meta().path("threadId").asString());
            }
            return handled(new Visit(this, local, call), work);
        } catch (NameTakenException e) {
            throw new ToolException("name-taken", message(e));
        } catch (NameRefusedException e) {
            throw new ToolException("name-refused", message(e));
        } catch (IOException e) {
            trace.event(Event.STORE_ERROR, Map.of("reason", e.toString()));
            throw new ToolException("store-unavailable", "the store failed: " + message(e));
        } finally {
            remindSoon();
        }
    }

    /** What a tool answers, and how much mail waits if nothing else tells the model. */
    private Object handled(Visit visit, Bound work) throws Exception {
        try {
            Object answer = work.handle(visit);
            int waiting = Unread.of(visit.session());
            return waiting > 0 && answer instanceof Map<?, ?> fields ? with(fields, waiting) : answer;
        } catch (ToolException e) {
            int waiting = Unread.of(visit.session());
            throw waiting > 0 ? new ToolException(e.code(), e.message(), with(e.details(), waiting)) : e;
        }
    }

    private static Map<String, Object> with(Map<?, ?> fields, int waiting) {
        Map<String, Object> out = new LinkedHashMap<>();
        fields.forEach((name, value) -> out.put(String.valueOf(name), value));
        out.put("unread", waiting);
        return out;
    }

    /** What went wrong with the store, for the model. */
    static String message(IOException e) {
        return e instanceof java.nio.file.FileSystemException ? describe(e) : Why.of(e);
    }

    /** {@code NoSuchFileException} and its kin say only the path; the class says what is wrong with it. */
    private static String describe(IOException e) {
        String kind = e.getClass().getSimpleName().replace("Exception", "");
        return kind + ": " + Why.of(e);
    }
}
