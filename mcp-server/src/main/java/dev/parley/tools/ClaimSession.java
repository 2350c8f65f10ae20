package dev.parley.tools;

import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence.Life;
import dev.parley.session.LocalSession;
import dev.parley.store.SessionId;
import dev.parley.tools.Desk.Visit;
import jakarta.validation.constraints.Pattern;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        LocalSession session = visit.session();
        SessionId id = new SessionId(input.sessionId());
        Optional<Peer> holder = holder(id, session);
        if (holder.isPresent()
                && !holder.get().project().equals(session.project().key())) {
            throw new ToolException(
                    "cross-project", "a session that runs on another project has the id " + id + "; claim another one");
        }
        Map<String, Object> out = claimed(session.claim(id));
        if (holder.isPresent()) {
            out.put(
                    "warning",
                    "a running session has this id, too: you share its name and its inbox, and each message reaches only"
                            + " one of you. Unless that is what you want, claim another id.");
        }
        return out;
    }

    /** The running session that has an id already, if it is another one. */
    private static Optional<Peer> holder(SessionId id, LocalSession session) throws IOException, InterruptedException {
        if (session.current().id().equals(id)) {
            return Optional.empty();
        }
        PeerDirectory peers = session.office().peers();
        Optional<Peer> holder = peers.find(id);
        return holder.isPresent() && peers.presence(holder.get()).life() == Life.LIVE ? holder : Optional.empty();
    }

    static Map<String, Object> claimed(Peer peer) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("session_id", peer.id().value());
        out.put("transcript_path", peer.transcript().orElse(null));
        out.put("name", peer.name());
        return out;
    }
}
