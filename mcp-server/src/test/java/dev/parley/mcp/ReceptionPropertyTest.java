package dev.parley.mcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** One server that is sent everything: nothing may stop it, or keep a ping from being answered. */
final class ReceptionPropertyTest {
    private static final AtomicLong PINGS = new AtomicLong(1_000_000);
    private static RawClient client;

    @BeforeContainer
    static void start() {
        client = RawClient.of(server -> server.named("sample", "1").plugins(new SamplePlugin()));
        client.initialize();
    }

    @AfterContainer
    static void end() {
        client.close();
    }

    @Property(tries = 300)
    void aPingIsAnsweredWhateverCameBefore(@ForAll("lines") List<byte[]> lines) {
        for (byte[] line : lines) {
            client.sendBytes(line);
            client.sendBytes(new byte[] {'\n'});
        }
        long id = PINGS.incrementAndGet();
        client.request(id, "ping", "{}");

        assertTrue(client.answer(id).has("result"));
    }

    @Provide
    Arbitrary<List<byte[]>> lines() {
        return Arbitraries.oneOf(messages().map(line -> line.getBytes(StandardCharsets.UTF_8)), damaged(), bytes())
                .list()
                .ofMaxSize(8);
    }

    /** Any bytes but a line end. */
    private static Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes().filter(b -> b != '\n').array(byte[].class).ofMaxSize(60);
    }

    /** A message with one byte changed. */
    private static Arbitrary<byte[]> damaged() {
        return Combinators.combine(
                        messages(),
                        Arbitraries.integers().between(0, 10_000),
                        Arbitraries.bytes().filter(b -> b != '\n'))
                .as((message, place, value) -> {
                    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
                    bytes[place % bytes.length] = value;
                    return bytes;
                });
    }

    /** Messages whose parts are right or wrong, each by itself. The tool that waits for ever is left out. */
    private static Arbitrary<String> messages() {
        Arbitrary<String> versions = Arbitraries.of("\"2.0\"", "\"2.0\"", "\"2.0\"", "2", "null");
        Arbitrary<String> ids = Arbitraries.of("1", "2", "\"a\"", "\"\"", "null", "1.5", "{}", "-3", "9e99");
        Arbitrary<String> methods = Arbitraries.of(
                "\"ping\"",
                "\"tools/list\"",
                "\"tools/call\"",
                "\"tools/call\"",
                "\"initialize\"",
                "\"notifications/initialized\"",
                "\"notifications/cancelled\"",
                "\"logging/setLevel\"",
                "\"resources/list\"",
                "\"\"",
                "7");
        Arbitrary<String> params = Arbitraries.of(
                "{}",
                "[]",
                "null",
                "\"x\"",
                "{\"name\":\"echo\",\"arguments\":{\"text\":\"x\"}}",
                "{\"name\":\"echo\",\"arguments\":[]}",
                "{\"name\":\"crash\"}",
                "{\"name\":7,\"arguments\":{}}",
                "{\"requestId\":1}",
                "{\"level\":\"nonsense\"}",
                "{\"cursor\":5}",
                "{\"_meta\":{\"progressToken\":{}}}",
                "{\"_meta\":7,\"name\":\"echo\",\"arguments\":{\"text\":\"x\"}}");
        return Combinators.combine(versions, ids, methods, params, Arbitraries.of(true, true, true, false))
                .as((version, id, method, param, withId) -> "{\"jsonrpc\":" + version + (withId ? ",\"id\":" + id : "")
                        + ",\"method\":" + method + ",\"params\":" + param + "}");
    }
}
