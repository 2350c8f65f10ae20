package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Agent.Calling;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One store, four servers, all at once: nothing is lost, nothing comes twice, and each sender's order is kept. */
@Tag("slow")
class FourServersStdioIT {

    private static final int EACH = 15;

    @Test
    void everybodyWritesToEverybody(@TempDir Path root) throws Exception {
        try (Peers peers = new Peers(root)) {
            String[] names = {"ann", "ben", "cat", "dan"};
            List<Agent> agents = peers.joinAll(names);
            List<Calling> sending = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                // One after the other for each sender, all senders at once.
                List<Calling> round = new ArrayList<>();
                for (int from = 0; from < names.length; from++) {
                    for (int to = 0; to < names.length; to++) {
                        if (from != to) {
                            round.add(agents.get(from).begin("send_message", "target", names[to], "body", "" + i));
                        }
                    }
                }
                for (Calling each : round) {
                    each.result().ok();
                }
                sending.addAll(round);
            }
            assertEquals(EACH * 12, sending.size());
            for (Agent agent : agents) {
                assertEquals(expected(names, nameOf(agent)), received(agent));
            }
            peers.assertSound();
        }
    }

    @Test
    void everybodyAsksEverybodyAtOnce(@TempDir Path root) throws Exception {
        try (Peers peers = new Peers(root)) {
            String[] names = {"ann", "ben", "cat", "dan"};
            List<Agent> agents = peers.joinAll(names);
            Map<String, Calling> asking = new HashMap<>();
            for (Agent agent : agents) {
                String from = nameOf(agent);
                for (String to : names) {
                    if (!to.equals(from)) {
                        asking.put(
                                from + " of " + to,
                                agent.begin(
                                        "ask_peer", "target", to, "body", from + " of " + to, "timeout_ms", 25_000));
                    }
                }
            }
            // Who closes a circle waits no longer: its answer comes as a message.
            Map<String, String> byMail = new HashMap<>();
            for (Agent agent : agents) {
                int answered = 0;
                while (answered < 3) {
                    for (JsonNode message : agent.awaitMail().at("/messages").values()) {
                        String body = message.path("body").asString();
                        if (message.has("request_id")) {
                            String id = message.path("id").asString();
                            agent.call("reply_to_message", "message_id", id, "body", "yes, " + body)
                                    .ok();
                            answered++;
                        } else {
                            byMail.put(message.path("reply_to").asString(), body);
                        }
                    }
                }
            }
            for (Map.Entry<String, Calling> each : asking.entrySet()) {
                Result answer = each.getValue().result().ok();
                String ticket = answer.text("/request_id");
                if (answer.at("/would_deadlock").booleanValue(false) && !byMail.containsKey(ticket)) {
                    Agent asker =
                            agents.get(List.of(names).indexOf(each.getKey().substring(0, 3)));
                    answer = asker.call("ask_peer", "request_id", ticket).ok();
                }
                String body = byMail.containsKey(ticket) ? byMail.get(ticket) : answer.text("/reply/body");
                assertEquals("yes, " + each.getKey(), body);
            }
            peers.assertSound();
        }
    }

    private static String nameOf(Agent agent) throws Exception {
        return agent.call("get_my_session").ok().text("/entry/name");
    }

    private static Map<String, List<String>> expected(String[] names, String receiver) {
        Map<String, List<String>> all = new HashMap<>();
        for (String name : names) {
            if (!name.equals(receiver)) {
                List<String> bodies = new ArrayList<>();
                for (int i = 0; i < EACH; i++) {
                    bodies.add("" + i);
                }
                all.put(name, bodies);
            }
        }
        return all;
    }

    private static Map<String, List<String>> received(Agent agent) throws Exception {
        Map<String, List<String>> all = new HashMap<>();
        Result read = agent.call("read_my_messages", "limit", 7).ok();
        while (read.at("/count").asInt() > 0) {
            for (JsonNode message : read.at("/messages").values()) {
                all.computeIfAbsent(message.path("from_name").asString(), name -> new ArrayList<>())
                        .add(message.path("body").asString());
            }
            read = agent.call("read_my_messages", "limit", 7).ok();
        }
        return all;
    }
}
