package dev.parley.tools;

import dev.parley.address.SessionId;
import dev.parley.client.Bindings;
import dev.parley.client.Clue;
import dev.parley.mcp.Tool;
import dev.parley.office.Reach;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.session.Identity;
import dev.parley.session.LocalSession;
import dev.parley.session.PostOffices;
import dev.parley.tools.Desk.Visit;
import dev.parley.trace.Why;
import dev.parley.transcript.Transcript;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@code get_my_session}: who this session is, and how that is known. */
final class GetMySession {

    /** Nothing to say. */
    record Input() {}

    private GetMySession() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("get_my_session", Input.class, Desk.handler(desk, GetMySession::handle))
                .titled("Who am I")
                .describedAs("This session's own name and address, and how they were found out.")
                .asReadOnly();
    }

    private static Object handle(Input input, Visit visit) throws IOException, InterruptedException {
        LocalSession session = visit.session();
        Peer self = session.current();
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("name", self.name());
        entry.put("client_type", self.client());
        entry.put("client_session_id", self.id().value());
        entry.put("own_session_id", self.ownId().map(SessionId::value).orElse(null));
        entry.put("claimed", self.claimed());
        entry.put("purpose", self.purpose().orElse(null));
        entry.put("groups", self.groups());
        entry.put("project", session.project().root());
        entry.put("cwd", self.cwd());
        entry.put("transcript_path", self.transcript().orElse(null));
        entry.put("server_pid", session.office().processes().self().pid());
        entry.put("client_pid", self.process().map(process -> process.pid()).orElse(null));
        entry.put("registered_at", self.registeredAt().toString());
        entry.put("unread", session.mailbox().waiting());
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("entry", entry);
        PostOffices.reach(visit.desk().environment(), session.office(), session.project())
                .ifPresent(reach -> out.put("team", team(reach, session)));
        Binding turns = Binding.NONE;
        Optional<String> unread = Optional.empty();
        try {
            turns = settings(self, visit.desk().environment());
        } catch (IOException e) {
            unread = Optional.of("its transcript cannot be read: " + Why.of(e));
        }
        Optional<String> unkept = session.keepBinding(turns);
        Optional<String> trouble = unkept.isPresent() ? unkept : unread;
        out.put("binding", Bindings.asMap(turns.over(session.office().peers().binding(session.current()))));
        Optional<String> notKept =
                trouble.isPresent() ? trouble : Bindings.notKept(session.office(), session.current());
        notKept.ifPresent(why -> out.put("binding_not_kept", why));
        out.put("detect_diagnosis", diagnosis(session.identity()));
        return out;
    }

    /** Whether sessions on other machines see this one; not there where its machine has joined no team. */
    static Map<String, Object> team(Reach reach, LocalSession session) {
        Map<String, Object> out = new LinkedHashMap<>();
        if (reach instanceof Reach.Shared shared) {
            out.put("name", shared.team());
            out.put("host", shared.host().value());
            out.put("sees_project", true);
            session.elsewhere().ifPresent(other -> out.put("same_session_on", other.called()));
        } else if (reach instanceof Reach.Local local) {
            out.put("sees_project", false);
            out.put("why", local.reason());
        }
        return out;
    }

    /** As its transcript tells them; where there is none, nothing. */
    private static Binding settings(Peer self, Map<String, String> environment) throws IOException {
        Optional<Transcript> transcript = Transcript.of(self, environment);
        return transcript.isPresent() ? transcript.get().settings() : Binding.NONE;
    }

    private static Map<String, Object> diagnosis(Identity identity) {
        Map<String, Object> strategies = new LinkedHashMap<>();
        for (Clue clue : identity.clues()) {
            Map<String, Object> found = new LinkedHashMap<>();
            found.put("session_id", clue.id().map(SessionId::value).orElse(null));
            found.put("detail", clue.detail());
            strategies.put(clue.source(), found);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("per_strategy", strategies);
        out.put("winning", identity.winning().source());
        out.put("next_step", identity.winning().nextStep());
        return out;
    }
}
