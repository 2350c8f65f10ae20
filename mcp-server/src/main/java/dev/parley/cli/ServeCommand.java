package dev.parley.cli;

import dev.parley.client.UserEnvironment;
import dev.parley.mcp.StdioServer;
import dev.parley.session.PostOffices;
import dev.parley.session.Setting;
import dev.parley.tools.MessagingPlugin;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code parley serve}: the MCP server, as a client starts it. */
@Command(
        name = "serve",
        description =
                "Runs the MCP server on standard input and output. This is what a client starts; it ends when its input"
                        + " ends.",
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

    private final Map<String, String> environment;

    /** For picocli. */
    ServeCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() {
        return serve(environment);
    }

    /** Serves until the input ends. */
    static int serve(Map<String, String> environment) {
        // As little as possible comes before this: the client waits for an answer.
        StdioServer server = described(StdioServer.onStandardStreams(), environment)
                .atOnce(rest -> {
                    furnish(rest, environment);
                    rest.plugins(new StoreKeeper());
                    ClassArchive.ofThisStart().ifPresent(archive -> rest.plugins(new ArchiveKeeper(archive)));
                })
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

    /** What a server is made of, while its handshake is being answered. */
    static void furnish(StdioServer.Builder builder, Map<String, String> environment) {
        // Jackson makes a date format that we never use, and with it a thousand locales, while the first call waits.
        System.setProperty("java.locale.providers", "SPI");
        builder.discoverPlugins();
        for (Setting setting : Setting.values()) {
            setting.problem(environment).ifPresent(problem -> System.err.println("parley: " + problem));
        }
        builder.environment(UserEnvironment.of(environment));
        try {
            PostOffices.plugins(environment).ifPresent(builder::pluginFolder);
        } catch (IOException e) {
            System.err.println("parley: no plug-ins of your own: " + e.getMessage());
        }
    }
}
