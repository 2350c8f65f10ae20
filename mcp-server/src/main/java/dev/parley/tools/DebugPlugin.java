package dev.parley.tools;

import dev.parley.address.SessionId;
import dev.parley.mcp.Describe;
import dev.parley.mcp.PluginContext;
import dev.parley.mcp.Tool;
import dev.parley.mcp.ToolPlugin;
import dev.parley.session.Setting;
import jakarta.validation.constraints.Pattern;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code register_my_session}: for trying out identities by hand. Off unless {@code PARLEY_DEBUG_TOOLS=1}. It takes whatever id
 * it is told, which {@code claim_session} refuses: whoever turns it on lets this agent read and sign as any other.
 */
public final class DebugPlugin implements ToolPlugin {

    /** What the caller says. */
    record Input(
            @Describe("the id to register") @Pattern(regexp = SessionId.PATTERN)
            String sessionId) {}

    private @Nullable Desk desk;

    /** For {@link java.util.ServiceLoader}. */
    public DebugPlugin() {}

    @Override
    public String name() {
        return "debug";
    }

    @Override
    public Optional<Switch> switchedOnBy() {
        return Optional.of(new Switch(Setting.DEBUG_TOOLS.variable(), "1"));
    }

    @Override
    public List<Tool<?>> tools() {
        return List.of(Tool.of(
                        "register_my_session",
                        Input.class,
                        Desk.<Input>handler(
                                this::desk,
                                (input, visit) ->
                                        ClaimSession.claimed(visit.session().pin(new SessionId(input.sessionId())))))
                .titled("Register this session under an id")
                .describedAs("Debugging only: register this session under any id, also one that others have: no rule of"
                        + " claim_session applies here, and the other one is not told."));
    }

    @Override
    public void start(PluginContext context) {
        desk = context.shared(Desk.class, () -> new Desk(context));
    }

    private Desk desk() {
        if (desk == null) {
            throw new IllegalStateException("the plug-in has not been started");
        }
        return desk;
    }
}
