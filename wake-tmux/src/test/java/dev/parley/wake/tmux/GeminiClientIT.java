package dev.parley.wake.tmux;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** {@link TypingContract} with Gemini CLI. */
@Tag("clients")
@Tag("tmux")
final class GeminiClientIT extends LongLivedTypingContract {

    @Override
    RealClient client(Path where) {
        return new RealClient.Gemini(where);
    }
}
