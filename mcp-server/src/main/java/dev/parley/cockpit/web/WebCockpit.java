package dev.parley.cockpit.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.address.Ids;
import dev.parley.cockpit.OperatorPost;
import dev.parley.mailbox.PlainText;
import dev.parley.trace.Why;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * The server of the page: on 127.0.0.1, from {@link #start} to {@link #close}. What it lets in is said by {@link Gate}. Every
 * connection has a thread of its own and there are so many at the most, so a slow client delays nobody.
 *
 * <pre>{@code
 * try (WebCockpit cockpit = WebCockpit.start(view, Optional.empty(), 0)) {
 *     System.out.println(cockpit.address());
 *     lifeline.await();
 * }
 * }</pre>
 */
public final class WebCockpit implements AutoCloseable {

    /** So many connections at once; what is more is closed at once. */
    static final int MAX_CONNECTIONS = 64;

    /** So many of them may be streams. */
    static final int MAX_STREAMS = 24;

    /** So many requests look at the store at once; the others wait in line. */
    private static final int MAX_READING = 4;

    /** The longest path with what follows it. */
    static final int MAX_URI = 4096;

    /** A request has to be there within this, and its answer to be taken within the same. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpServer server;
    private final ExecutorService threads = new ThreadPoolExecutor(
            0, MAX_CONNECTIONS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> daemon(task, "parley-web"));
    private final Semaphore reading = new Semaphore(MAX_READING, true);
    private final Semaphore streams = new Semaphore(MAX_STREAMS);
    private final Deadlines deadlines = new Deadlines();
    private final RecentChanges changes;
    private final Token token = Token.random();
    private final Gate gate;
    private final Page page;
    private final Map<String, Route> routes = new TreeMap<>();

    /** What is done for a path. */
    private record Route(String method, Action action) {}

    private interface Action {
        Map<String, Object> answer(HttpExchange exchange) throws IOException, RefusedException, InterruptedException;
    }

    private WebCockpit(ProjectView view, Optional<OperatorPost> post, HttpServer server) throws IOException {
        this.server = server;
        this.gate = new Gate(token, server.getAddress().getPort());
        this.page = Page.load();
        ReadingApi api = new ReadingApi(view, post.isPresent());
        routes.put("/api/overview", new Route("GET", exchange -> api.overview(exchange.getRequestURI())));
        routes.put("/api/messages", new Route("GET", exchange -> api.messages(exchange.getRequestURI())));
        routes.put("/api/thread", new Route("GET", exchange -> api.thread(exchange.getRequestURI())));
        routes.put("/api/timeline", new Route("GET", exchange -> api.timeline(exchange.getRequestURI())));
        Optional<WritingApi> writing = post.map(operator -> new WritingApi(view, operator));
        routes.put("/api/send", new Route("POST", exchange -> allowed(writing).send(body(exchange))));
        routes.put("/api/answer", new Route("POST", exchange -> allowed(writing).answer(body(exchange))));
        this.changes = new RecentChanges(view.overview().feed(view.project().key()), Ids.random());
    }

    /**
     * Starts to listen.
     *
     * @param post how the page sends; empty if it only reads
     * @param port 0 for any that is free
     * @throws java.net.BindException if the port is taken
     * @throws IOException if the project cannot be watched; nothing listens then
     */
    public static WebCockpit start(ProjectView view, Optional<OperatorPost> post, int port) throws IOException {
        setLimits();
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 0);
        try {
            WebCockpit cockpit = new WebCockpit(view, post, server);
            server.setExecutor(cockpit.threads);
            server.createContext("/", cockpit::handle);
            server.start();
            cockpit.changes.start();
            return cockpit;
        } catch (IOException | RuntimeException e) {
            server.stop(0);
            throw e;
        }
    }

    /** The JDK's server takes its limits from the system's properties, when the first is made. */
    private static void setLimits() {
        String seconds = Long.toString(LIMIT.toSeconds());
        System.setProperty("sun.net.httpserver.maxReqTime", seconds);
        System.setProperty("sun.net.httpserver.maxReqHeaders", "64");
        System.setProperty("sun.net.httpserver.maxReqHeaderSize", Integer.toString(MAX_HEADER_BYTES));
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(MAX_CONNECTIONS));
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The page's address, with the token behind the #, where no browser sends it anywhere. */
    public String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/#" + token.text();
    }

    private void handle(HttpExchange exchange) {
        boolean isStreaming = false;
        try {
            head(exchange);
            try {
                isStreaming = answered(exchange);
            } catch (RefusedException e) {
                refuse(exchange, e.status(), e.code(), String.valueOf(e.getMessage()));
            } catch (IOException | RuntimeException e) {
                refuse(
                        exchange,
                        500,
                        "store-error",
                        "the store cannot be read now: " + PlainText.line(Why.of(e)) + "; run 'parley check'");
            }
        } catch (IOException e) {
            // The client is gone, or took too long.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!isStreaming) {
                exchange.close();
            }
        }
    }

    /** What every answer says. */
    private static void head(HttpExchange exchange) {
        Map.of(
                        "Content-Security-Policy", Page.POLICY,
                        "Referrer-Policy", "no-referrer",
                        "X-Content-Type-Options", "nosniff",
                        "X-Frame-Options", "DENY",
                        "Cross-Origin-Resource-Policy", "same-origin",
                        "Cross-Origin-Opener-Policy", "same-origin",
                        "Cache-Control", "no-store")
                .forEach(exchange.getResponseHeaders()::set);
    }

    /** Whether the answer goes on, on a thread of its own. */
    private boolean answered(HttpExchange exchange) throws IOException, RefusedException, InterruptedException {
        gate.checkPlace(exchange.getRequestHeaders());
        checkSize(exchange.getRequestHeaders());
        String path = Optional.ofNullable(exchange.getRequestURI().getRawPath()).orElse("");
        if (exchange.getRequestURI().toString().length() > MAX_URI) {
            throw new RefusedException(414, "too-long", "the address is too long: search for something shorter");
        }
        Optional<Page.Content> file = page.at(path);
        if (file.isPresent()) {
            checkMethod(exchange, Set.of("GET", "HEAD"));
            write(exchange, 200, file.get().type(), file.get().bytes());
            return false;
        }
        // Whoever has no token learns nothing, also not which paths there are.
        gate.checkToken(exchange.getRequestHeaders());
        if (path.equals("/api/events")) {
            checkMethod(exchange, Set.of("GET"));
            stream(exchange);
            return true;
        }
        Route route = Optional.ofNullable(routes.get(path))
                .orElseThrow(() -> new RefusedException(404, "not-found", "there is nothing here; the page is at /"));
        checkMethod(exchange, Set.of(route.method()));
        byte[] answer = route.method().equals("GET") ? read(route, exchange) : done(route, exchange);
        write(exchange, 200, "application/json; charset=utf-8", answer);
        return false;
    }

    /** A long answer takes much memory, so few are made at once. */
    private byte[] read(Route route, HttpExchange exchange) throws IOException, RefusedException, InterruptedException {
        reading.acquire();
        try {
            return done(route, exchange);
        } finally {
            reading.release();
        }
    }

    private static byte[] done(Route route, HttpExchange exchange)
            throws IOException, RefusedException, InterruptedException {
        return JSON.writeValueAsBytes(route.action().answer(exchange));
    }

    /** The JDK's server stops reading there, too; older ones do not. */
    private static void checkSize(Headers headers) throws RefusedException {
        int size = 0;
        for (Map.Entry<String, List<String>> header : headers.entrySet()) {
            for (String value : header.getValue()) {
                size += header.getKey().length() + value.length();
            }
        }
        if (size > MAX_HEADER_BYTES) {
            throw new RefusedException(431, "too-large", "the headers of this request are too large");
        }
    }

    private static void checkMethod(HttpExchange exchange, Set<String> methods) throws RefusedException {
        if (!methods.contains(exchange.getRequestMethod())) {
            String allowed = String.join(", ", methods.stream().sorted().toList());
            exchange.getResponseHeaders().set("Allow", allowed);
            throw new RefusedException(405, "wrong-method", "this takes " + allowed);
        }
    }

    private void stream(HttpExchange exchange) throws RefusedException {
        if (!streams.tryAcquire()) {
            throw new RefusedException(
                    503, "too-many-pages", MAX_STREAMS + " pages are open already: close one of them");
        }
        daemon(
                        () -> {
                            try {
                                new EventStream(exchange, changes, deadlines).run();
                            } finally {
                                streams.release();
                            }
                        },
                        "parley-web-stream")
                .start();
    }

    private static WritingApi allowed(Optional<WritingApi> writing) throws RefusedException {
        return writing.orElseThrow(() -> new RefusedException(
                403, "read-only", "this page only shows: to write, end 'parley web' and start it with --write"));
    }

    private static byte[] body(HttpExchange exchange) throws IOException, RefusedException {
        List<String> types = exchange.getRequestHeaders().getOrDefault("Content-Type", List.of());
        if (types.size() != 1 || !types.get(0).split(";", 2)[0].strip().equals("application/json")) {
            throw new RefusedException(415, "wrong-type", "this takes application/json");
        }
        // The JDK's server ends what takes too long.
        byte[] body = exchange.getRequestBody().readNBytes(WritingApi.MAX_REQUEST_BYTES + 1);
        if (body.length > WritingApi.MAX_REQUEST_BYTES) {
            throw new RefusedException(
                    413, "too-large", "this request is too large: a message has 8192 bytes at the most");
        }
        return body;
    }

    private void refuse(HttpExchange exchange, int status, String code, String message) throws IOException {
        if (exchange.getResponseCode() >= 0) {
            // It has been begun; that it is cut short tells.
            return;
        }
        if (status == 401) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        }
        // What of the request was not read is not worth reading.
        exchange.getResponseHeaders().set("Connection", "close");
        byte[] bytes = JSON.writeValueAsBytes(Map.of("error", Map.of("code", code, "message", message)));
        write(exchange, status, "application/json; charset=utf-8", bytes);
    }

    private void write(HttpExchange exchange, int status, String type, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean isHead = exchange.getRequestMethod().equals("HEAD");
        if (isHead) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(bytes.length));
        }
        // Only this waits for the client: what was asked for is done, however long that took.
        deadlines.within(LIMIT, () -> {
            exchange.sendResponseHeaders(status, isHead ? -1 : bytes.length);
            if (!isHead) {
                exchange.getResponseBody().write(bytes);
            }
        });
    }

    /** Ends every connection and stops to listen. */
    @Override
    public void close() {
        changes.close();
        server.stop(0);
        threads.shutdownNow();
        deadlines.close();
    }
}
