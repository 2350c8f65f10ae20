package dev.parley.wake.tmux;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

/** {@link TypingContract} with Codex. */
@Tag("clients")
@Tag("tmux")
final class CodexClientIT extends TypingContract {

    @Override
    RealClient client(Path where) {
        return new RealClient.Codex(where);
    }
}
