package dev.parley.setup;

import dev.parley.session.Setting;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What to write down for a client that setup does not know, in the forms that are in use. */
public final class OtherClients {

    private static final JsonMapper JSON = new JsonMapper();
    private static final JsonStyle STYLE = new JsonStyle("  ", "\n");

    private OtherClients() {}

    /**
     * All the forms, and what such a client gets.
     *
     * @throws IOException if what the server is started by is not there; the message says how to get it
     */
    public static String describe(Places places) throws IOException {
        List<String> command = places.serverCommand();
        Optional<String> home = places.home();
        StringBuilder out = new StringBuilder();
        part(out, "JSON with mcpServers (most clients; Cursor: ~/.cursor/mcp.json)", json("mcpServers", command, home));
        part(out, "VS Code: .vscode/mcp.json", json("servers", typed(command), home));
        part(out, "Zed: settings.json", json("context_servers", command, home));
        part(out, "TOML", toml(command, home));
        return out.append("""
                        Without hooks such a client gets the tools, and is listed among the sessions of its project. Mail waits until its
                        model calls a tool: every result says how much is unread, and read_my_messages hands it over. Nothing wakes it
                        when it is idle. Its address ends with the server, unless its model pins one with claim_session.
                        """).toString();
    }

    private static void part(StringBuilder out, String title, String text) {
        out.append("# ").append(title).append("\n\n").append(text).append("\n\n");
    }

    private static String json(String servers, List<String> command, Optional<String> home) {
        return json(servers, JsonServer.apart(command), home);
    }

    private static String json(String servers, ObjectNode entry, Optional<String> home) {
        home.ifPresent(value -> entry.putObject("env").put(Setting.HOME.variable(), value));
        ObjectNode whole = JSON.createObjectNode();
        whole.putObject(servers).set(ServerEntry.NAME, entry);
        return JsonStyle.render(whole, STYLE, "");
    }

    private static ObjectNode typed(List<String> command) {
        ObjectNode entry = JSON.createObjectNode().put("type", "stdio");
        JsonServer.apart(command).properties().forEach(each -> entry.set(each.getKey(), each.getValue()));
        return entry;
    }

    private static String toml(List<String> command, Optional<String> home) {
        StringBuilder out = new StringBuilder("[mcp_servers." + ServerEntry.NAME + "]\n");
        out.append("command = ").append(TomlText.string(command.get(0))).append('\n');
        out.append("args = ").append(TomlText.array(command.subList(1, command.size())));
        home.ifPresent(value -> out.append("\nenv = { ")
                .append(Setting.HOME.variable())
                .append(" = ")
                .append(TomlText.string(value))
                .append(" }"));
        return out.toString();
    }
}
