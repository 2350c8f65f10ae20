package dev.parley.mailbox;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.mailbox.Envelope.Origin;
import dev.parley.store.Ids;
import dev.parley.store.SessionId;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How a hook tells from whom a message is. */
final class HookTextTest {

    private static String heading(String operator) {
        return HookText.of(new Envelope(
                Ids.newMessageId(Optional.empty()),
                Instant.EPOCH,
                Origin.OPERATOR,
                Optional.empty(),
                operator,
                new SessionId("ann"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                "text"));
    }

    @Test
    void theOperatorIsNamedOnce() {
        assertTrue(heading("operator").contains(" from the operator, sent "), () -> heading("operator"));
        assertTrue(heading("ada").contains(" from the operator ada, sent "), () -> heading("ada"));
    }
}
