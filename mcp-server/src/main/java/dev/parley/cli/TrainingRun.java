package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.mcp.StdioServer;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * Does once what a server does all day, in a store of its own, so that the classes it takes are loaded and can be
 * archived. See {@link ClassArchive}.
 */
final class TrainingRun {

    private static final List<String> SCRIPT = List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"server/discover\",\"params\":{}}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                    + "\"capabilities\":{},\"clientInfo\":{\"name\":\"training\",\"version\":\"1\"}}}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\",\"params\":{}}",
            call(4, "claim_session", "{\"session_id\":\"training\"}"),
            call(5, "set_my_state", "{\"purpose\":\"training\",\"name\":\"trainee\"}"),
            call(6, "list_project_sessions", "{}"),
            call(7, "send_message", "{\"target\":\"nobody\",\"body\":\"hello\"}"),
            call(8, "send_message", "{\"target\":\"\",\"body\":\"\"}"),
            call(9, "read_my_messages", "{\"limit\":3}"),
            call(10, "ask_peer", "{\"target\":\"nobody\",\"body\":\"hello\",\"timeout_ms\":1}"),
            call(11, "message_status", "{\"message_id\":\"m-0000000000000000\"}"),
            call(12, "reply_to_message", "{\"message_id\":\"m-0000000000000000\",\"body\":\"hello\"}"),
            call(13, "get_my_session", "{}"));

    private TrainingRun() {}

    /** Runs the script in the store that the only argument names. */
    public static void main(String[] args) throws ClassNotFoundException {
        // What a server is started by; here it is not, because its streams are not the process's.
        Class.forName("dev.parley.cli.Main");
        Class.forName("dev.parley.mcp.StandardStreams");
        TrainingInput in = new TrainingInput(SCRIPT);
        PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        Map<String, String> environment = Map.of("PARLEY_HOME", args[0]);
        int code = ServeCommand.described(StdioServer.on(in, in.answers(), err), environment)
                .atOnce(rest -> ServeCommand.furnish(rest, environment))
                .build()
                .run();
        System.exit(code);
    }

    private static String call(int id, String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}";
    }
}
