package dev.parley.wake.tmux;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** {@link TypingContract} with OpenCode. */
@Tag("clients")
@Tag("tmux")
final class OpenCodeClientIT extends LongLivedTypingContract {

    @Override
    RealClient client(Path where) {
        return new RealClient.OpenCode(where);
    }
}
