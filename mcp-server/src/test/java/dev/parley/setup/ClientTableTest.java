package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.client.Client;
import dev.parley.client.Clients;
import dev.parley.client.Moment;
import dev.parley.peer.Waker;
import dev.parley.session.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tables of what Parley does for which client are what the clients' classes say. */
final class ClientTableTest {

    private static final String BEGIN = "<!-- clients -->\n";
    private static final String END = "<!-- /clients -->";

    private static final Client ANY = Clients.named("any other");

    private static List<Client> clients() {
        List<Client> clients = new ArrayList<>(Clients.known());
        clients.add(ANY);
        return clients;
    }

    private static Function<Client, String> mark(Predicate<Client> has) {
        return client -> has.test(client) ? "✓" : "–";
    }

    private static boolean isTyped(Client client) {
        return ServiceLoader.load(Waker.class).stream()
                .map(ServiceLoader.Provider::get)
                .anyMatch(waker -> waker.rung().equals("tmux") && waker.reaches(client.name()));
    }

    private static Map<String, Function<Client, String>> rows() {
        Map<String, Function<Client, String>> rows = new LinkedHashMap<>();
        rows.put("the tools", client -> "✓");
        rows.put(
                "`parley setup`, `doctor`",
                mark(client -> ClientSetups.clients().contains(client)));
        rows.put("mail with a prompt", mark(client -> client.handsOver().contains(Moment.PROMPT)));
        rows.put(
                "mail in the middle of a turn",
                mark(client -> client.handsOver().contains(Moment.MID_TURN)));
        rows.put("mail at the end of a turn", mark(client -> client.handsOver().contains(Moment.TURN_END)));
        rows.put(
                "an idle session is woken, nothing is typed",
                client -> client.hearsItsBell() ? "✓ doorbell" : client.queuesWakes() ? "✓ queue" : "–");
        rows.put("an idle session is woken by a line typed into tmux", mark(ClientTableTest::isTyped));
        rows.put(
                "a session that has ended comes back for its mail",
                client -> client.resumeCommand()
                        .map(command -> "`" + command + "`")
                        .orElse("–"));
        rows.put(
                "`read_session` shows the transcript",
                mark(client -> client.transcript().isPresent()));
        rows.put("longest wait of `ask_peer`", client -> client.askCeiling().toMinutes() + " min");
        return rows;
    }

    private static String table() {
        StringBuilder out = new StringBuilder("| |");
        clients().forEach(client -> out.append(' ').append(client.name()).append(" |"));
        out.append("\n|---|");
        clients().forEach(client -> out.append(":-:|"));
        rows().forEach((name, cell) -> {
            out.append("\n| ").append(name).append(" |");
            clients()
                    .forEach(
                            client -> out.append(' ').append(cell.apply(client)).append(" |"));
        });
        return out.append('\n').toString();
    }

    private static void assertTableIn(String file) throws Exception {
        String text = Files.readString(Path.of("..", file));
        int from = text.indexOf(BEGIN);
        assertTrue(from >= 0, file + " has no " + BEGIN);
        assertEquals(table(), text.substring(from + BEGIN.length(), text.indexOf(END)), "put this into " + file);
    }

    @Test
    void theReadmeSaysWhatTheClassesSay() throws Exception {
        assertTableIn("README.md");
    }

    @Test
    void theClientsPageSaysWhatTheClassesSay() throws Exception {
        assertTableIn("docs/CLIENTS.md");
    }

    private static List<List<String>> cells(String text, String mark) {
        int from = text.indexOf("<!-- " + mark + " -->\n");
        assertTrue(from >= 0, mark);
        return text.substring(from, text.indexOf("<!-- /" + mark + " -->"))
                .lines()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| |"))
                .map(line ->
                        Stream.of(line.split("\\|")).skip(1).map(String::strip).toList())
                .toList();
    }

    /** Where there is a mark, and only there, a test is named; a client's own is run by the real client. */
    @Test
    void aTestIsNamedForEachMark() throws Exception {
        String text = Files.readString(Path.of("..", "docs/CLIENTS.md"));
        List<List<String>> promised = cells(text, "clients");
        List<List<String>> shown = cells(text, "shown");
        assertEquals(promised.size() - 1, shown.size(), "all but the longest waits");
        for (int row = 0; row < shown.size(); row++) {
            assertEquals(promised.get(row).get(0), shown.get(row).get(0));
            for (int client = 1; client < promised.get(row).size(); client++) {
                String name = shown.get(row).get(client);
                boolean real = name.equals("the same") || name.matches("`(\\w+ClientIT)?(#\\w+)?`");
                boolean any = client == promised.get(row).size() - 1;
                assertEquals(
                        !promised.get(row).get(client).equals("–"),
                        any ? name.matches("`\\w+IT(#\\w+)?`") : real,
                        promised.get(row).get(0) + ": " + name);
            }
        }
    }

    /** A test that was renamed is missed here. Those of the four clients run where the real clients are. */
    @Test
    void theTestsThatAreNamedExist() throws Exception {
        Pattern name = Pattern.compile("`(\\w*)(?:#(\\w+))?`");
        for (List<String> row : cells(Files.readString(Path.of("..", "docs/CLIENTS.md")), "shown")) {
            String type = "";
            for (String cell : row.subList(1, row.size())) {
                Matcher named = name.matcher(cell);
                if (named.matches()) {
                    type = named.group(1).isEmpty() ? type : named.group(1);
                    String source = source(type);
                    String method = named.group(2);
                    assertTrue(
                            method == null || source.contains("@Test\n    void " + method + "("),
                            row.get(0) + ": " + cell);
                    assertEquals(type.endsWith("ClientIT"), source.contains("@Tag(\"clients\")\n"), type);
                }
            }
        }
    }

    private static String source(String type) throws IOException {
        for (String module : List.of("mcp-server", "wake-tmux")) {
            try (Stream<Path> files = Files.walk(Path.of("..", module, "src/test/java"))) {
                Optional<Path> found =
                        files.filter(file -> file.endsWith(type + ".java")).findFirst();
                if (found.isPresent()) {
                    return Files.readString(found.get());
                }
            }
        }
        throw new AssertionError("there is no test " + type);
    }

    @Test
    void theSettingOfTheLongestWaitNamesTheClientsThatHaveAnother() {
        Pattern shorter = Pattern.compile("(\\d+) under ");
        assertEquals(
                clients().stream()
                        .map(client -> client.askCeiling().toMillis())
                        .filter(millis -> millis < ANY.askCeiling().toMillis())
                        .map(Object::toString)
                        .toList(),
                shorter.matcher(Setting.ASK_MAX_TIMEOUT.meaning())
                        .results()
                        .map(found -> found.group(1))
                        .toList());
    }

    @Test
    void aLineIsOnlyTypedIntoComposersThatAreKnown() {
        for (Client client : clients()) {
            assertEquals(isTyped(client), client.isTypedTo(), client.name());
        }
    }
}
