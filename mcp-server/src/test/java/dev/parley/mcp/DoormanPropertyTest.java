package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** Whatever the doorman answers, the SDK's session would have answered the same, byte for byte. */
final class DoormanPropertyTest {
    private static final Introduction INTRODUCTION = new Introduction(
            "sample", "A \"sample\" \u00e9\ud83d\ude00", "1.2.3", "Say <something>.\n\tOr not.\u0001\u007f");
    private static final String TOOLS = "{\"tools\":" + Catalogue.fresh(new SamplePlugin()) + "}";
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void answersAsTheSessionWould(@ForAll("scripts") List<String> script) throws Exception {
        ByteArrayOutputStream early = new ByteArrayOutputStream();
        int taken = answered(script, early);
        Statistics.label("lines the doorman takes")
                .collect(Math.min(taken, 3))
                .coverage(seen ->
                        List.of(0, 1, 2, 3).forEach(lines -> seen.check(lines).percentage(of -> of > 1)));

        assertEquals(session(script.subList(0, taken)), early.toString(StandardCharsets.UTF_8));
    }

    /** How many of these lines the doorman takes before it leaves one to the reception. */
    private static int answered(List<String> script, OutputStream out) throws InterruptedException {
        Outbox outbox = new Outbox(out, () -> 0, () -> {}, new Diagnostics(NOWHERE, "x"));
        Doorman doorman = new Doorman(INTRODUCTION, () -> Optional.of(TOOLS), outbox);
        doorman.fail(new IllegalStateException("there is no reception"));
        for (int i = 0; i < script.size(); i++) {
            try {
                doorman.take(new Line.Text(script.get(i), 0));
            } catch (IllegalStateException leftToTheReception) {
                return i;
            }
        }
        return script.size();
    }

    private static String session(List<String> script) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        InputStream in = new ByteArrayInputStream((String.join("\n", script) + "\n").getBytes(StandardCharsets.UTF_8));
        StdioServer.on(in, out, NOWHERE)
                .named(INTRODUCTION.name(), INTRODUCTION.version())
                .titled(INTRODUCTION.title())
                .instructions(INTRODUCTION.instructions())
                .plugins(new SamplePlugin())
                .build()
                .run();
        return out.toString(StandardCharsets.UTF_8);
    }

    @Provide
    Arbitrary<List<String>> scripts() {
        Arbitrary<String> first = mostly(greeting(), Arbitraries.oneOf(request(), oddity()));
        Arbitrary<String> later = mostly(request(), Arbitraries.oneOf(greeting(), oddity()));
        return Combinators.combine(first, later.list().ofMinSize(2).ofMaxSize(5))
                .as((one, others) ->
                        Stream.concat(Stream.of(one), others.stream()).toList());
    }

    private static Arbitrary<String> mostly(Arbitrary<String> good, Arbitrary<String> odd) {
        return Arbitraries.frequencyOf(Tuple.of(19, good), Tuple.of(1, odd));
    }

    private static String message(String id, String method, String params) {
        return "{\"jsonrpc\":\"2.0\"" + (id.isEmpty() ? "" : ",\"id\":" + id) + ",\"method\":" + method
                + (params.isEmpty() ? "" : ",\"params\":" + params) + "}";
    }

    private static Arbitrary<String> greeting() {
        return Combinators.combine(ids(), greetings()).as((id, params) -> message(id, "\"initialize\"", params));
    }

    private static Arbitrary<String> ids() {
        return mostly(
                Arbitraries.of(
                        "1",
                        "-0",
                        "9223372036854775807",
                        "\"a\"",
                        "\"\"",
                        "\"\\\"\\u0000\u00e9/\\u2028\"",
                        "\"\\ud800\""),
                Arbitraries.of("", "null", "1.0", "9223372036854775808", "{}"));
    }

    private static Arbitrary<String> request() {
        Arbitrary<String> methods = mostly(
                Arbitraries.of(
                        "\"ping\"",
                        "\"tools/list\"",
                        "\"server/discover\"",
                        "\"notifications/initialized\"",
                        "\"notifications/cancelled\""),
                Arbitraries.of("\"logging/setLevel\"", "\"tools/call\"", "\"initialized\"", "7"));
        Arbitrary<String> params = mostly(
                Arbitraries.of(
                        "",
                        "{}",
                        "null",
                        "{\"cursor\":null}",
                        "{\"cursor\":\"abc\"}",
                        "{\"cursor\":5}",
                        "{\"_meta\":{\"progressToken\":0}}",
                        "{\"_meta\":{\"x\":[1,true,null,{\"y\":\"z\"}]},\"more\":[]}",
                        "{\"requestId\":1}"),
                Arbitraries.of("[]", "\"x\"", "{\"cursor\":{}}", "{\"_meta\":5}", "{\"x\":1.5}", "{\"x\":1e400}"));
        return Combinators.combine(ids(), methods, params).as(DoormanPropertyTest::message);
    }

    /** What is hardly a message; and messages that two readers might read in two ways. */
    private static Arbitrary<String> oddity() {
        String deep = "[".repeat(600) + "]".repeat(600);
        return Arbitraries.of(
                "",
                "  ",
                "{",
                "[]",
                "[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"method\":\"tools/list\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}x",
                " {\"method\":\"ping\",\"extra\":{\"a\":[]},\"id\":1,\"jsonrpc\":\"2.0\"} ",
                "{\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1}",
                "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
                message("1", "\"ping\"", "{\"x\":" + deep + "}"),
                message("1", "\"ping\"", "{\"x\":\"" + "y".repeat(20_000) + "\"}"));
    }

    private static Arbitrary<String> greetings() {
        Arbitrary<String> versions = mostly(
                Arbitraries.of(
                        "\"2024-11-05\"",
                        "\"2025-03-26\"",
                        "\"2025-06-18\"",
                        "\"2025-11-25\"",
                        "\"2026-07-28\"",
                        "\"\""),
                Arbitraries.of("null", "5", "{}"));
        Arbitrary<String> rest = mostly(
                Arbitraries.of("", ",\"_meta\":{}", ",\"_meta\":{\"a\":[1]}"),
                Arbitraries.of(",\"_meta\":5", ",\"_meta\":null", ",\"x\":1"));
        Arbitrary<String> whole = Combinators.combine(versions, capabilities(), clients(), rest)
                .as((version, can, client, more) -> "{\"protocolVersion\":" + version + ",\"capabilities\":" + can
                        + ",\"clientInfo\":" + client + more + "}");
        return mostly(whole, Arbitraries.of("", "{}", "null", "[]", "{\"protocolVersion\":\"2025-06-18\"}"));
    }

    private static Arbitrary<String> clients() {
        return mostly(
                Arbitraries.of(
                        "{\"name\":\"c\",\"version\":\"1\"}",
                        "{\"name\":\"c\",\"title\":\"C\",\"version\":\"1\",\"description\":\"d\",\"websiteUrl\":\"https://x\"}",
                        "{\"name\":\"c\",\"version\":\"1\",\"websiteUrl\":\"no url at all\"}",
                        "{\"name\":\"\\ud800\",\"version\":\"\"}"),
                Arbitraries.of(
                        "{\"name\":\"c\",\"version\":\"1\",\"icons\":[]}",
                        "{\"name\":\"c\",\"version\":\"1\",\"icons\":[{\"src\":5}]}",
                        "{\"name\":\"c\",\"version\":\"1\",\"more\":{}}",
                        "{\"name\":\"c\"}",
                        "{\"name\":5,\"version\":true}",
                        "{\"name\":null,\"version\":\"1\"}",
                        "{\"name\":[],\"version\":\"1\"}",
                        "null",
                        "7",
                        "{}"));
    }

    private static Arbitrary<String> capabilities() {
        Arbitrary<String> capability = mostly(
                Arbitraries.of(
                        "\"experimental\":{}",
                        "\"experimental\":{\"codex/auth-change\":{}}",
                        "\"experimental\":{\"a\":[1,{\"b\":null}],\"c\":\"d\"}",
                        "\"roots\":{}",
                        "\"roots\":{\"listChanged\":true}",
                        "\"sampling\":{}",
                        "\"elicitation\":{}",
                        "\"elicitation\":{\"form\":{},\"url\":{}}",
                        "\"elicitation\":{\"url\":{}}"),
                Arbitraries.of(
                        "\"experimental\":7",
                        "\"roots\":{\"listChanged\":\"maybe\"}",
                        "\"roots\":{\"listChanged\":null}",
                        "\"roots\":{\"more\":{}}",
                        "\"roots\":[]",
                        "\"roots\":\"\"",
                        "\"sampling\":{\"tools\":{}}",
                        "\"sampling\":true",
                        "\"elicitation\":{\"form\":{\"applyDefaults\":true}}",
                        "\"elicitation\":{\"form\":5}",
                        "\"elicitation\":{\"voice\":{}}",
                        "\"elicitation\":null",
                        "\"extensions\":{\"x\":{}}",
                        "\"extensions\":{\"x\":5}",
                        "\"tasks\":{}"));
        return mostly(
                capability.list().ofMaxSize(2).map(some -> "{" + String.join(",", some) + "}"),
                Arbitraries.of("null", "[]", "\"\"", "3"));
    }
}
