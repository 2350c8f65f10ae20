package dev.parley.cockpit.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import dev.parley.address.SessionId;
import dev.parley.cockpit.web.RecentChanges.News;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/**
 * Server-sent events for one page: {@code changed}, with the sessions of which something may have changed, or none if it may be
 * anything. The page then asks for what it shows. Begins where the page stopped, by its {@code Last-Event-ID}. Says something at
 * least every 10 seconds, so that each end notices that the other is gone.
 */
final class EventStream {

    /** The page takes a stream that says nothing for two and a half times as long for lost. */
    static final Duration PULSE = Duration.ofSeconds(10);

    /** A client that takes nothing for so long is cut off. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final HttpExchange exchange;
    private final RecentChanges changes;
    private final Deadlines deadlines;

    EventStream(HttpExchange exchange, RecentChanges changes, Deadlines deadlines) {
        this.exchange = exchange;
        this.changes = changes;
        this.deadlines = deadlines;
    }

    /** Goes on until one of the two ends does. */
    void run() {
        try (exchange) {
            String last = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Last-Event-ID"))
                    .orElse("");
            exchange.getResponseHeaders().set("Content-Type", "text/event-stream; charset=utf-8");
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            while (!Thread.currentThread().isInterrupted() && !changes.isClosed()) {
                Optional<News> news = changes.after(last, PULSE);
                write(out, news.map(EventStream::event).orElse(": alive\n\n"));
                last = news.map(News::id).orElse(last);
            }
        } catch (IOException e) {
            // The page is gone; if it comes back, it says where it was.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(OutputStream out, String text) throws IOException {
        deadlines.within(PATIENCE, () -> {
            out.write(text.getBytes(UTF_8));
            out.flush();
        });
    }

    private static String event(News news) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("everything", news.sessions().isEmpty());
        data.put(
                "sessions",
                news.sessions()
                        .map(ids -> ids.stream().sorted().map(SessionId::value).toList())
                        .orElse(List.of()));
        return "id: " + news.id() + "\nevent: changed\ndata: " + JSON.writeValueAsString(data) + "\n\n";
    }
}
