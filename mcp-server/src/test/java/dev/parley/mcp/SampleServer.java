package dev.parley.mcp;

import java.nio.file.Path;

/** A server of its own process, for the tests. The one argument is a folder of plug-in jars. */
final class SampleServer {
    private SampleServer() {}

    public static void main(String[] args) {
        StdioServer.Builder server = StdioServer.onStandardStreams()
                .named("sample", "1.2.3")
                .instructions("Say something.")
                .plugins(new SamplePlugin());
        if (args.length > 0) {
            server.pluginFolder(Path.of(args[0]));
        }
        System.exit(server.build().run());
    }
}
