package dev.parley.tools;

import dev.parley.mailbox.PlainText;
import dev.parley.mcp.Describe;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolException;
import dev.parley.peer.Groups;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.tools.Desk.Visit;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code set_my_state}: says what this session does, what it wants to be called, and to which groups it belongs. */
final class SetMyState {

    /** What the caller says. */
    record Input(
            @Nullable @Describe("what you are doing, one line; empty clears it") @Size(max = 200)
            String purpose,

            @Nullable
            @Describe("a name peers can call you by")
            @Size(min = 2, max = 40)
            @Pattern(regexp = Names.PATTERN)
            String name,

            @Nullable @Describe("you get mail to @these; [] leaves all") @Size(max = Groups.MOST_OF_ONE)
            List<String> groups) {}

    private SetMyState() {}

    static Tool<Input> tool(Supplier<Desk> desk) {
        return Tool.of("set_my_state", Input.class, Desk.handler(desk, SetMyState::handle))
                .titled("Say what this session does")
                .describedAs("Tell peers what this session does; choose its name and groups.")
                .asIdempotent();
    }

    private static Object handle(Input input, Visit visit) throws ToolException, IOException, InterruptedException {
        if (input.purpose() == null && input.name() == null && input.groups() == null) {
            throw new ToolException(
                    "invalid-arguments", "set_my_state takes purpose, name, groups, or several of them");
        }
        List<String> groups = input.groups() == null ? List.of() : input.groups();
        requireNames(groups);
        Peer peer = visit.session().update(card -> {
            Peer next = card;
            if (input.purpose() != null) {
                String line = PlainText.line(input.purpose());
                next = next.withPurpose(Optional.of(line).filter(text -> !text.isEmpty()), visit.now());
            }
            if (input.groups() != null) {
                next = next.withGroups(groups);
            }
            return input.name() == null ? next : next.withName(input.name());
        });
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("purpose", peer.purpose().orElse(null));
        state.put("updated_at", peer.purposeSince().map(Instant::toString).orElse(null));
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("state", state);
        out.put("name", peer.name());
        if (input.groups() != null || !peer.groups().isEmpty()) {
            out.put("groups", peer.groups());
        }
        return out;
    }

    private static void requireNames(List<String> groups) throws ToolException {
        for (String group : groups) {
            Optional<String> refusal = Groups.refusal(group);
            if (refusal.isPresent()) {
                throw new ToolException(
                        "invalid-arguments",
                        "groups: " + Outgoing.shown(group) + " cannot be a group: " + refusal.get()
                                + "; nothing was changed");
            }
        }
    }
}
