package dev.parley.cockpit.watch;

import static org.awaitility.Awaitility.await;

import dev.parley.cockpit.watch.Key.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;

/** A terminal that a test looks at and types into. */
final class FakeTty implements Tty {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    final List<String> sent = new CopyOnWriteArrayList<>();
    final List<List<String>> lent = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Key> keys = new LinkedBlockingQueue<>();
    private volatile int width = 80;
    private volatile int height = 24;
    private volatile List<String> lines = new ArrayList<>();
    private volatile Runnable changed = () -> {};

    void press(Kind kind) {
        keys.add(Key.of(kind));
    }

    void type(String text) {
        text.codePoints().forEach(c -> keys.add(Key.typed(Character.toString(c))));
    }

    void resize(int newWidth, int newHeight) {
        width = newWidth;
        height = newHeight;
        changed.run();
    }

    List<String> lines() {
        return lines;
    }

    void awaitText(String text) {
        await().atMost(LIMIT).conditionEvaluationListener(null).untilAsserted(() -> {
            if (!String.join("\n", lines).contains(text)) {
                throw new AssertionError("waited for '" + text + "' and saw:\n" + String.join("\n", lines));
            }
        });
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public int height() {
        return height;
    }

    @Override
    public void show(Canvas canvas) {
        lines = canvas.text();
    }

    @Override
    public void forget() {
        lines = new ArrayList<>();
    }

    @Override
    public void send(String sequence) {
        sent.add(sequence);
    }

    @Override
    public Key next() {
        try {
            return keys.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Key.of(Kind.END_OF_INPUT);
        }
    }

    @Override
    public void onChange(Runnable then) {
        changed = then;
    }

    @Override
    public int lend(List<String> command) {
        lent.add(command);
        return 0;
    }

    @Override
    public void close() {}
}
