package dev.parley.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What servers cannot do is told beside all that they can. */
class BenchmarkTest {

    /**
     * A server whose sessions can do nothing before they have claimed a UUID, with one mailbox for all. {@code $1} names what it
     * does wrong.
     */
    private static final String SERVER = """
            mail=$HOME/mail; claimed=
            say() { printf '{"jsonrpc":"2.0","id":%s,"result":%s}\\n' "$id" "$1"; }
            tell() { say '{"content":[{"type":"text","text":"'"$1"'"}],"isError":'"${2:-false}"'}'; }
            while IFS= read -r line; do
                id=${line##*\\"id\\":}; id=${id%%[,\\}]*}
                case $line in
                    *notifications/*) ;;
                    *'"initialize"'*) say '{"protocolVersion":"2025-06-18","capabilities":{},"serverInfo":{"name":"x","version":"1"}}' ;;
                    *tools/list*) say '{"tools":[{"name":"claim_session"},{"name":"send_message"},{"name":"read_my_messages"},{"name":"ask_peer"},{"name":"reply_to_message"}]}' ;;
                    *'"claim_session"'*)
                        if [[ $line =~ [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12} ]]; then claimed=yes; tell '{}'; else tell 'no UUID' true; fi ;;
                    *) [[ -n $claimed ]] || { tell 'claim a session first' true; continue; }
                        case $line in
                            *'"send_message"'*) echo m >>"$mail"; tell '{}' ;;
                            *'"read_my_messages"'*)
                                list=
                                if [[ -f $mail && $1 != deaf ]]; then
                                    while read -r _; do list+=',{\\"id\\":\\"m\\"}'; done <"$mail"
                                    [[ $1 != loses ]] || list=${list%,*}
                                    rm "$mail"
                                fi
                                tell '{\\"messages\\":['"${list#,}"']}' ;;
                            *) tell 'not \\u001b[31mdone' true ;;
                        esac ;;
                esac
            done
            """;

    @TempDir
    Path root;

    private Candidate server(String label, String fault) throws Exception {
        Path script = root.resolve(label + ".sh");
        Files.writeString(script, SERVER);
        return Candidate.of(label, "bash " + script + " " + fault);
    }

    private Benchmark benchmark(Candidate... candidates) {
        return new Benchmark(List.of(candidates), System.getenv(), 1, 2, step -> {});
    }

    private static Map<String, Map<String, Samples>> byName(Results results) {
        return results.all().entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().name(), Map.Entry::getValue));
    }

    @Test
    void whatAServerCannotDoIsToldBesideAllElse() throws Exception {
        Benchmark benchmark = benchmark(server("claims", "nothing"), server("loses", "loses"));
        benchmark.run();
        Map<String, Map<String, Samples>> all = byName(benchmark.results());
        for (String kind :
                List.of("start_initialize", "start_tools_list", "start_first_call", "send", "read_first", "drain")) {
            assertTrue(all.getOrDefault(kind, Map.of()).containsKey("claims"), () -> kind + " in " + all);
        }
        assertEquals(
                2,
                all.getOrDefault("memory_uss", Map.of())
                        .getOrDefault("claims", new Samples())
                        .count());
        assertFalse(all.getOrDefault("drain", Map.of()).containsKey("loses"));

        String table = new Report(benchmark.results(), List.of(server("claims", ""), server("loses", ""))).table();
        assertTrue(
                table.lines().anyMatch(line -> line.matches("reply returned to asker has it, ms +cannot \\(1\\).*")),
                table);
        assertTrue(table.contains("loses delivered 99 of 100 messages that it had accepted"), table);
        JsonNode json = new JsonMapper()
                .readTree(
                        new Report(benchmark.results(), List.of(server("claims", ""), server("loses", ""))).json(true));
        assertTrue(json.path("whole").asBoolean());
        assertTrue(json.path("results")
                .path("drain")
                .path("loses")
                .path("cannot")
                .asString("")
                .contains("99 of 100"));
        assertTrue(json.path("results")
                .path("ask_answered")
                .path("claims")
                .path("cannot")
                .asString("")
                .startsWith("claims "));
    }

    @Test
    void whatHasBeenMeasuredIsThereWhenItIsInterrupted() throws Exception {
        Benchmark benchmark = new Benchmark(List.of(server("claims", "nothing")), System.getenv(), 1, 1, step -> {
            if (step.startsWith("send ")) {
                throw new IllegalStateException("interrupted");
            }
        });
        assertThrows(IllegalStateException.class, benchmark::run);
        benchmark.results().freeze();
        benchmark.results().cannot(new Results.Kind("late", "late", "ms"), server("claims", ""), "was ended");
        String table = new Report(benchmark.results(), List.of(server("claims", ""))).table();
        assertTrue(table.contains("start to initialize answered"), table);
        assertFalse(table.contains("late"), table);
    }

    @Test
    void aServerWithoutToolsForMessagesHasARowThatSaysSo() throws Exception {
        Path script = root.resolve("bare.sh");
        Files.writeString(
                script, SERVER.replace("claim_session\\\"}", "x").replaceAll("\\{\"name\":\"(send|read)[^}]*},", ""));
        Benchmark benchmark =
                new Benchmark(List.of(Candidate.of("bare", "bash " + script)), System.getenv(), 3, 2, step -> {});
        benchmark.run();
        for (String kind : List.of("start_initialize", "start_tools_list")) {
            Samples samples =
                    byName(benchmark.results()).getOrDefault(kind, Map.of()).getOrDefault("bare", new Samples());
            assertEquals(3, samples.count(), "what it can do is measured as often as of any other: " + kind);
        }
        assertEquals(
                List.of("bare has no tool read_my_messages", "bare has no tools to send and to read messages"),
                benchmark.results().failures().values().stream()
                        .flatMap(reasons -> reasons.values().stream())
                        .toList());
        assertTrue(byName(benchmark.results()).containsKey("memory_pss"));
    }
}
