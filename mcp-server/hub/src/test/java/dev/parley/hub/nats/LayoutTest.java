package dev.parley.hub.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.hub.TeamName;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is compared of what a hub has, also of one that knows more settings than that of the other tests. */
final class LayoutTest {

    private static final Names NAMES = new Names(new TeamName("blue"));
    private static final HostName HOST = new HostName("laptop");

    /** As a nats-server 2.9 answers. */
    private static final String MAIL = """
            {"name":"PARLEY_blue","subjects":["parley.blue.*.*.*.*"],"retention":"workqueue","max_consumers":-1,
            "max_msgs":-1,"max_bytes":-1,"max_age":0,"max_msgs_per_subject":1,"max_msg_size":524288,"discard":"new",
            "storage":"file","num_replicas":1,"duplicate_window":120000000000,"allow_direct":false,"mirror_direct":false,
            "sealed":false,"deny_delete":false,"deny_purge":false,"allow_rollup_hdrs":false}
            """;

    /** What later ones add: settings that are off, or that are theirs. */
    private static final String LATER = """
            "compression":"none","consumer_limits":{},"allow_msg_ttl":false,"discard_new_per_subject":false,
            "metadata":{"_nats.level":"1","_nats.req.level":"0","_nats.ver":"2.12.0"}
            """;

    private static StreamConfiguration stream(String json) {
        JsonValue info = JsonParser.parseUnchecked("{\"config\":" + json
                + ",\"created\":\"2026-01-01T00:00:00Z\",\"state\":{\"messages\":0,\"bytes\":0,\"first_seq\":0,"
                + "\"last_seq\":0}}");
        return new StreamInfo(info).getConfiguration();
    }

    private static Optional<String> difference(String json) {
        return Layout.difference("the stream", Layout.mail(NAMES), stream(json));
    }

    /** The same object with other fields, or with these instead. */
    private static String with(String fields) {
        Map<String, JsonValue> all = new HashMap<>(JsonParser.parseUnchecked(MAIL).map);
        all.putAll(JsonParser.parseUnchecked("{" + fields + "}").map);
        return new JsonValue(all).toJson();
    }

    @Test
    void whatEitherServerMakesIsAsItShouldBe() {
        assertEquals(Optional.empty(), difference(MAIL));
        assertEquals(Optional.empty(), difference(with(LATER)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'max_msgs':100000",
                "'max_bytes':1000000000",
                "'num_replicas':3",
                "'max_msg_size':1000000",
                "'duplicate_window':60000000000",
                "'description':'ours'",
                "'placement':{'cluster':'here','tags':['ssd']}",
                "'compression':'s2'",
                "'max_consumers':50"
            })
    void howMuchRoomThereIsIsNobodyElsesBusiness(String fields) {
        assertEquals(Optional.empty(), difference(with(fields.replace('\'', '"'))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "subjects | \"subjects\":[\"parley.>\"]",
                "retention | \"retention\":\"limits\"",
                "retention | \"retention\":\"interest\"",
                "discard | \"discard\":\"old\"",
                "discard_new_per_subject | \"discard_new_per_subject\":true",
                "storage | \"storage\":\"memory\"",
                "max_age | \"max_age\":3600000000000",
                "max_msgs_per_subject | \"max_msgs_per_subject\":2",
                "allow_rollup_hdrs | \"allow_rollup_hdrs\":true",
                "allow_direct | \"allow_direct\":true",
                "republish | \"republish\":{\"src\":\">\",\"dest\":\"_INBOX_x.>\"}",
                "mirror | \"mirror\":{\"name\":\"OTHER\"}",
                "sources | \"sources\":[{\"name\":\"OTHER\"}]",
                "subject_transform | \"subject_transform\":{\"src\":\"parley.blue.>\",\"dest\":\"x.>\"}",
                "allow_msg_ttl | \"allow_msg_ttl\":true",
                "allow_msg_schedules | \"allow_msg_schedules\":true",
                "no_ack | \"no_ack\":true",
                "sealed | \"sealed\":true"
            })
    void whateverChangesWhoGetsWhatOrWhatIsKeptIsSeen(String name, String fields) {
        Optional<String> difference = difference(with(fields));
        assertTrue(
                difference.orElse("nothing").startsWith("the stream has " + name + " = "),
                () -> name + ": " + difference);
    }

    @Test
    void aConsumerIsComparedToo() {
        ConsumerConfiguration wanted = Layout.inbox(NAMES, HOST);
        assertEquals(Optional.empty(), Layout.difference("it", wanted, wanted));
        assertEquals(
                Optional.of("it has max_deliver = 3, not nothing"),
                Layout.difference(
                        "it",
                        wanted,
                        ConsumerConfiguration.builder(wanted).maxDeliver(3).build()));
        assertTrue(Layout.difference(
                        "it",
                        wanted,
                        ConsumerConfiguration.builder(wanted)
                                .filterSubject("parley.blue.>")
                                .build())
                .orElse("")
                .startsWith("it has filter_subject = "));
        assertTrue(Layout.difference(
                        "it",
                        wanted,
                        ConsumerConfiguration.builder(wanted)
                                .deliverSubject("elsewhere")
                                .build())
                .orElse("")
                .startsWith("it has deliver_subject = "));
    }
}
