package dev.parley.tools;

import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Project;
import dev.parley.session.LocalSession;
import dev.parley.tools.Desk.Visit;
import dev.parley.wake.Reach;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code list_project_sessions}: who is here. */
final class ListProjectSessions {

    /** What the caller says. */
    record Input(
            @Nullable
            @Describe("a directory of this project; default: where this session works")
            @Size(min = 1, max = 4096)
            String projectRoot,

            @Nullable @Describe("true: names, activity and purpose only")
            Boolean compact) {}

    private ListProjectSessions() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("list_project_sessions", Input.class, Desk.handler(desk, ListProjectSessions::handle))
                .titled("List the sessions of this project")
                .describedAs(
                        "The agent sessions running on this project (all worktrees of a repository are one): their names,"
                                + " what they do, whether they are busy or idle. self marks this one.")
                .asReadOnly();
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        LocalSession session = visit.session();
        Peer self = session.current();
        Project project = input.projectRoot() == null ? session.project() : named(input.projectRoot(), session);
        List<Map<String, Object>> sessions = new ArrayList<>();
        for (Peer peer : session.office().peers().peersOf(project.key())) {
            Presence presence = session.office().peers().presence(peer);
            if (presence.life() == Life.GONE) {
                continue;
            }
            Map<String, Object> entry =
                    Boolean.TRUE.equals(input.compact()) ? compact(peer, presence) : full(peer, presence, visit);
            if (peer.id().equals(self.id())) {
                entry.put("self", true);
            }
            sessions.add(entry);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("project_root", project.root());
        out.put("inferred", input.projectRoot() == null);
        out.put("sessions", sessions);
        return out;
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

    private static Map<String, Object> compact(Peer peer, Presence presence) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", peer.name());
        out.put("client_type", peer.client());
        out.put("activity", word(presence.activity()));
        Answers.put(out, "purpose", peer.purpose());
        return out;
    }

    private static Map<String, Object> full(Peer peer, Presence presence, Visit visit) throws IOException {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", peer.name());
        out.put("client_type", peer.client());
        out.put("client_session_id", peer.id().value());
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("purpose", peer.purpose().orElse(null));
        state.put("updated_at", peer.purposeSince().map(Instant::toString).orElse(null));
        out.put("state", state);
        out.put("activity", word(presence.activity()));
        if (presence.activity() == Activity.IDLE) {
            Answers.put(
                    out,
                    "idle_seconds",
                    presence.since()
                            .map(since -> Math.max(
                                    0, Duration.between(since, visit.now()).toSeconds())));
        }
        out.put(
                "reachable_by",
                Reach.of(peer, presence, visit.session().office().processes()));
        out.put("unread", unread(peer, visit));
        out.put("tmux_session", peer.tmuxSession().orElse(null));
        out.put("cwd", peer.cwd());
        return out;
    }

    /** Null if its mailbox cannot be looked at: one damaged session must not hide the others. */
    private static @Nullable Integer unread(Peer peer, Visit visit) {
        try {
            return visit.session().office().mailboxes().of(peer.id()).waiting();
        } catch (IOException e) {
            visit.desk()
                    .trace()
                    .event("mailbox-unreadable", Map.of("session", peer.id().value(), "reason", e.toString()));
            return null;
        }
    }

    private static String word(Activity activity) {
        return activity.name().toLowerCase(Locale.ROOT);
    }
}
