package dev.parley.wake.tmux;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** {@link TypingContract} with Claude Code. */
@Tag("clients")
@Tag("tmux")
final class ClaudeClientIT extends TypingContract {

    @Override
    RealClient client(Path where) {
        return new RealClient.Claude(where);
    }
}
