package dev.parley.tools;

import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.peer.Peer;
import dev.parley.store.SessionId;
import dev.parley.tools.Desk.Visit;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** {@code claim_session}: pins this session's id by hand. */
final class ClaimSession {

    /** What the caller says. */
    record Input(
            @Describe("letters, digits, . _ -; begins with a letter or digit; at most 128")
            @Pattern(regexp = SessionId.PATTERN)
            String sessionId) {}

    private ClaimSession() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("claim_session", Input.class, Desk.handler(desk, ClaimSession::handle))
                .titled("Claim a session id")
                .describedAs(
                        "Pin this session's address by hand, e.g. to take up the mail of an earlier session. Its mail moves"
                                + " over and the old address forwards. Not needed in Claude Code and Codex.")
                .asIdempotent();
    }

    private static Object handle(Input input, Visit visit) throws IOException, InterruptedException {
        return claimed(visit.session().claim(new SessionId(input.sessionId())));
    }

    static Map<String, Object> claimed(Peer peer) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("session_id", peer.id().value());
        out.put("transcript_path", peer.transcript().orElse(null));
        out.put("name", peer.name());
        return out;
    }
}
