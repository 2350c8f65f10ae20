package dev.parley.serve;

import dev.parley.client.UserEnvironment;
import dev.parley.mcp.StdioServer;
import dev.parley.session.PostOffices;
import dev.parley.session.Setting;
import dev.parley.tools.MessagingPlugin;
import dev.parley.trace.Why;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** The MCP server of this program: what it says of itself, and what it is made of. */
public final class ParleyServer {

    private ParleyServer() {}

    /**
     * Serves on the streams of the process until its input ends.
     *
     * @return the exit code, see {@link StdioServer#run}
     */
    public static int serve(Map<String, String> environment) {
        // As little as possible comes before this: the client waits for an answer.
        StdioServer server = described(StdioServer.onStandardStreams(), environment)
                .atOnce(rest -> furnish(rest, environment, ClassArchive.ofThisStart()))
                .build();
        return server.run();
    }

    /** What a server says of itself. */
    static StdioServer.Builder described(StdioServer.Builder builder, Map<String, String> environment) {
        return builder.named("parley", Release.number())
                .titled("Parley")
                .versionedResults()
                .instructions(MessagingPlugin.INSTRUCTIONS)
                .environment(environment);
    }

    /**
     * What a server is made of, while its handshake is being answered.
     *
     * @param archive what to do for its archive of classes, if it has one
     */
    static void furnish(
            StdioServer.Builder builder,
            Map<String, String> environment,
            Optional<? extends ArchiveKeeper.Work> archive) {
        // Jackson makes a date format that is never used, and with it a thousand locales, while the first call waits.
        System.setProperty("java.locale.providers", "SPI");
        builder.discoverPlugins();
        for (Setting setting : Setting.values()) {
            setting.problem(environment).ifPresent(builder::report);
        }
        builder.environment(UserEnvironment.of(environment));
        try {
            PostOffices.plugins(environment).ifPresent(builder::pluginFolder);
        } catch (IOException e) {
            builder.report("no plug-ins of your own: " + Why.of(e));
        }
        builder.plugins(new StoreKeeper());
        builder.plugins(new Postal());
        archive.ifPresent(work -> builder.plugins(new ArchiveKeeper(work)));
    }
}
