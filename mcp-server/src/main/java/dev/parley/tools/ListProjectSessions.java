package dev.parley.tools;

import dev.parley.address.SessionId;
import dev.parley.mailbox.PlainText;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.overview.Overview;
import dev.parley.overview.SessionOverview;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Project;
import dev.parley.peer.RemotePeer;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code list_project_sessions}: who is here. */
final class ListProjectSessions {

    /** Of more than so many sessions only the outlines are told, unless the caller wants it otherwise. */
    private static final int FEW = 20;

    /** Bytes for all sessions together: a list is read in every context that asks for it. */
    private static final int ROOM = 8_000;

    /** What the caller says. */
    record Input(
            @Nullable @Describe("a directory of this project; default: your own") @Size(min = 1, max = 4096)
            String projectRoot,

            @Nullable @Describe("names, activity, purpose only; default beyond 20")
            Boolean compact) {}

    private ListProjectSessions() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("list_project_sessions", Input.class, Desk.handler(desk, ListProjectSessions::handle))
                .titled("List sessions")
                .describedAs(
                        "The agent sessions running on this project (all worktrees of a repository are one): names, what they do,"
                                + " busy or idle, requests owing and owed. self: you; host: elsewhere.")
                .asReadOnly();
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        LocalSession session = visit.session();
        Peer self = session.current();
        Project project = input.projectRoot() == null ? session.project() : named(input.projectRoot(), session);
        Overview overview = new Overview(session.office());
        List<SessionOverview> all = present(overview.present(project.key()).sessions(), self);
        boolean many = input.compact() == null && all.size() > FEW;
        boolean compact = many || Boolean.TRUE.equals(input.compact());
        OpenCounts counts = compact ? OpenCounts.NONE : OpenCounts.of(overview.of(project.key()), session.office());
        Map<SessionId, List<String>> tmux = compact ? Map.of() : overview.tmuxSessions(all);
        List<Map<String, Object>> sessions = new ArrayList<>();
        int room = ROOM;
        for (SessionOverview each : all) {
            Map<String, Object> entry = compact ? compact(each) : full(each, overview, visit.now());
            if (!compact) {
                counts.put(entry, each.id());
                entry.put(
                        "tmux_session",
                        tmux.getOrDefault(each.id(), List.of()).stream()
                                .findFirst()
                                .orElse(null));
            }
            if (each.id().equals(self.id())) {
                entry.put("self", true);
            }
            room -= Answers.size(entry);
            if (room < 0) {
                break;
            }
            sessions.add(entry);
        }
        List<RemotePeer> elsewhere = session.office().peers().elsewhere(project.key()).stream()
                .filter(each -> !each.isGone())
                .toList();
        for (RemotePeer each : elsewhere) {
            Map<String, Object> entry = elsewhere(each, compact, visit.now());
            room -= Answers.size(entry);
            if (room < 0) {
                break;
            }
            sessions.add(entry);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("project_root", project.root());
        out.put("inferred", input.projectRoot() == null);
        if (many) {
            out.put("compact", true);
        }
        out.put("sessions", sessions);
        int omitted = all.size() + elsewhere.size() - sessions.size();
        if (omitted > 0) {
            out.put("omitted", omitted);
        }
        return out;
    }

    /** Who has not ended: this session first, then those that are known to live, then the others; by name. */
    private static List<SessionOverview> present(List<SessionOverview> sessions, Peer self) {
        return sessions.stream()
                .filter(each -> !each.isGone())
                .sorted(Comparator.comparing(
                                (SessionOverview each) -> !each.id().equals(self.id()))
                        .thenComparing(each -> !each.isLive()))
                .toList();
    }

    private static Project named(String root, LocalSession session) throws ToolException, IOException {
        Project project = Project.of(directory(root));
        if (!project.key().equals(session.project().key())) {
            throw new ToolException(
                    "cross-project",
                    Outgoing.shown(root) + " is another project; this session works on "
                            + session.project().root() + " and sees the sessions there only");
        }
        return project;
    }

    private static Path directory(String root) throws ToolException {
        try {
            Path directory = Path.of(root);
            if (Files.isDirectory(directory)) {
                return directory;
            }
        } catch (InvalidPathException e) {
            // It is none either.
        }
        throw new ToolException("invalid-arguments", "project_root is no directory: " + Outgoing.shown(root));
    }

    private static Map<String, Object> compact(SessionOverview session) {
        Peer peer = session.peer();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", peer.name());
        out.put("client_type", peer.client());
        out.put("activity", session.presence().activity().inResult());
        Answers.put(out, "purpose", peer.purpose());
        putGroups(out, peer);
        return out;
    }

    private static Map<String, Object> full(SessionOverview session, Overview overview, Instant now) {
        Peer peer = session.peer();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", peer.name());
        out.put("client_type", peer.client());
        out.put("client_session_id", peer.id().value());
        out.put("own_session_id", peer.ownId().map(SessionId::value).orElse(null));
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("purpose", peer.purpose().orElse(null));
        state.put("updated_at", peer.purposeSince().map(Instant::toString).orElse(null));
        out.put("state", state);
        putGroups(out, peer);
        out.put("activity", session.presence().activity().inResult());
        out.put("idle_seconds", idleSeconds(session.presence(), now));
        out.put("reachable_by", overview.ways(session));
        // None if its mailbox cannot be looked at.
        out.put("unread", overview.unread(session).count().orElse(null));
        out.put("cwd", peer.cwd());
        return out;
    }

    /** What its machine tells of it: nothing of files and processes, and nothing of its mail. */
    private static Map<String, Object> elsewhere(RemotePeer each, boolean compact, Instant now) {
        Peer peer = each.peer();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", peer.name());
        out.put("host", peer.host().orElseThrow().value());
        out.put("client_type", peer.client());
        if (each.isAway()) {
            out.put("away", true);
        }
        out.put("activity", each.presence().activity().inResult());
        if (compact) {
            Answers.put(out, "purpose", peer.purpose().map(PlainText::foreign));
            putGroups(out, peer);
            return out;
        }
        out.put("client_session_id", peer.id().value());
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("purpose", peer.purpose().map(PlainText::foreign).orElse(null));
        state.put("updated_at", peer.purposeSince().map(Instant::toString).orElse(null));
        out.put("state", state);
        putGroups(out, peer);
        out.put("idle_seconds", idleSeconds(each.presence(), now));
        return out;
    }

    private static void putGroups(Map<String, Object> out, Peer peer) {
        if (!peer.groups().isEmpty()) {
            out.put("groups", peer.groups());
        }
    }

    /** None for a session at work; null if no hook has told what it does. */
    private static @Nullable Long idleSeconds(Presence presence, Instant now) {
        return switch (presence.activity()) {
            case BUSY, ASKING -> 0L;
            case IDLE, HELD ->
                presence.since()
                        .map(since -> Math.max(0, Duration.between(since, now).toSeconds()))
                        .orElse(null);
            case ENDED, UNKNOWN -> null;
        };
    }
}
