package dev.parley.wake.tmux;

import dev.parley.clients.TmuxPane;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@link TypingContract} with a client that takes long to start: it goes on from one case to the next. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class LongLivedTypingContract extends TypingContract {

    /** Gemini CLI draws itself anew when all of it has been loaded. */
    private static final Duration TO_HAVE_STARTED = Duration.ofSeconds(1);

    private Optional<TmuxPane> last = Optional.empty();

    @BeforeAll
    final void startOnce(@TempDir Path where) {
        client = client(where);
    }

    @AfterAll
    final void stopOnce() {
        tmux.close();
        client.close();
    }

    @Override
    final int tries() {
        return 3;
    }

    @Override
    final void start(Path where) {}

    @Override
    final void stop() {}

    /** The same again; another one if a case has failed and left something behind. */
    @Override
    final TmuxPane open(int width) {
        if (last.isPresent()) {
            TmuxPane pane = last.get();
            pane.command("resize-window", "-x", Integer.toString(width), "-y", Integer.toString(HEIGHT));
            try {
                awaitIdle(pane);
                return pane;
            } catch (ConditionTimeoutException e) {
                last = Optional.empty();
            }
        }
        // What is left behind would take the time of the next one.
        tmux.close();
        TmuxPane pane = client.open(tmux, width, HEIGHT);
        settled(pane, TO_HAVE_STARTED);
        last = Optional.of(pane);
        return pane;
    }
}
