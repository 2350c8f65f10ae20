package dev.parley.client;

import dev.parley.address.SessionId;
import dev.parley.client.Resumption.Manner;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Claude Code's: it takes the id of its session, which is the address. */
final class ClaudeBeginning implements Beginning {

    @Override
    public SessionId address() {
        return new SessionId(UUID.randomUUID().toString());
    }

    @Override
    public List<String> arguments(Manner manner, SessionId address, String prompt) {
        return manner == Manner.HEADLESS
                ? List.of(
                        "-p",
                        "--output-format",
                        "stream-json",
                        "--verbose",
                        "--permission-prompts",
                        "none",
                        "--session-id",
                        address.value())
                : List.of("--session-id", address.value(), prompt);
    }

    @Override
    public Map<String, String> variables(SessionId address) {
        return Map.of();
    }
}
