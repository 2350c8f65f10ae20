package dev.parley.tools;

import dev.parley.address.SessionId;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.peer.Peer;
import dev.parley.session.ClaimRefusedException;
import dev.parley.session.LocalSession.Claimed;
import dev.parley.tools.Desk.Visit;
import dev.parley.transcript.Transcript;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** {@code claim_session}: pins this session's id by hand. */
final class ClaimSession {

    /** What the caller says. */
    record Input(@Pattern(regexp = SessionId.PATTERN) String sessionId) {}

    private ClaimSession() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("claim_session", Input.class, Desk.handler(desk, ClaimSession::handle))
                .titled("Claim a session id")
                .describedAs(
                        "Pin this session's address by hand: a new id, or that of an ended session of this project that no"
                                + " client can resume, whose mail moves over. Not needed in Claude Code and Codex.")
                .asIdempotent();
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        Claimed claimed;
        try {
            claimed = visit.session()
                    .claim(
                            new SessionId(input.sessionId()),
                            id -> Transcript.exists(id, visit.desk().environment()));
        } catch (ClaimRefusedException e) {
            throw new ToolException(e.code(), String.valueOf(e.getMessage()));
        }
        Map<String, Object> out = claimed(claimed.peer());
        if (claimed.left().isPresent()) {
            Peer left = claimed.left().get();
            Map<String, Object> before = new LinkedHashMap<>();
            before.put("name", left.name());
            before.put("client_type", left.client());
            // Whoever has this address for a second time learns who had it meanwhile.
            left.taken().ifPresent(taking -> {
                before.put("claimed_by", taking.by().value());
                before.put("claimed_at", taking.at().toString());
            });
            out.put("taken_over_from", before);
        }
        return out;
    }

    static Map<String, Object> claimed(Peer peer) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("session_id", peer.id().value());
        out.put("own_session_id", peer.ownId().map(SessionId::value).orElse(null));
        out.put("transcript_path", peer.transcript().orElse(null));
        out.put("name", peer.name());
        return out;
    }
}
