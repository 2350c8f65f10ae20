package dev.parley.hooks;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two peers write fifty messages to a session whose model is in the middle of a turn, one tool call after the other: each
 * message enters its context once, and each sender's in the order in which he sent them.
 */
@Tag("clients")
@Tag("tmux")
final class LoadClientIT {

    private static final int MESSAGES_EACH = 25;
    private static final int TOOL_CALLS = 20;
    private static final Pattern NUMBERED = Pattern.compile("(ann|ben) writes number (\\d+)\\.");

    @Test
    void claudeIsGivenEachOfFiftyOnceInOrder(@TempDir Path root) throws Exception {
        String call = """
                {"tool_use": {"name": "Bash", "input": {"command": "sleep 0.2", "description": "works"}}}""";
        String scenario = """
                {"sessions": [{"name": "test", "default": {"text": "pong"}, "steps": [%s]}]}
                """.formatted(String.join(",", Collections.nCopies(TOOL_CALLS, call)));
        try (HookedClient client = HookedClient.claude(root, scenario).setUp()) {
            TmuxPane pane = client.open(HookedClient.CLAUDE_READY, "--allowedTools", "Bash");
            SessionId id = client.session();
            client.awaitActivity(id, Activity.IDLE);
            pane.submit("please work");
            client.awaitActivity(id, Activity.BUSY);
            assertEachOnceInOrder(client, id);
        }
    }

    @Test
    void codexIsGivenEachOfFiftyOnceInOrder(@TempDir Path root) throws Exception {
        String call = """
                {"function_call": {"name": "exec_command", "arguments": {"cmd": "sleep 0.2"}}}""";
        String scenario = """
                {"fallback": {"text": "pong"}, "sessions": [{"name": "work", "match": "please work", "steps": [%s]}]}
                """.formatted(String.join(",", Collections.nCopies(TOOL_CALLS, call)));
        try (HookedClient client = HookedClient.codex(root, scenario).setUp()) {
            TmuxPane pane = client.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            pane.submit("please work");
            SessionId id = client.session();
            client.awaitActivity(id, Activity.BUSY);
            assertEachOnceInOrder(client, id);
        }
    }

    private static void assertEachOnceInOrder(HookedClient client, SessionId id) throws Exception {
        try (Agent ann = client.peer("ann");
                Agent ben = client.peer("ben")) {
            sendAtOnce(client.office.peers().find(id).orElseThrow(), List.of(ann, ben), List.of("ann", "ben"));
        }
        List<String> expected = IntStream.rangeClosed(1, MESSAGES_EACH)
                .mapToObj(Integer::toString)
                .toList();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            List<String> all = client.api.conversations();
            // The hook says that a turn has begun before its first request has come.
            return !all.isEmpty() && numbers(all.get(all.size() - 1), "ann|ben").size() >= 2 * MESSAGES_EACH;
        });
        client.awaitActivity(id, Activity.IDLE);
        List<String> conversations = client.api.conversations();
        String last = conversations.get(conversations.size() - 1);
        assertEquals(expected, numbers(last, "ann"), last);
        assertEquals(expected, numbers(last, "ben"), last);
        long handOvers = IntStream.range(1, conversations.size())
                .filter(n -> numbers(conversations.get(n), "ann|ben").size()
                        > numbers(conversations.get(n - 1), "ann|ben").size())
                .count();
        assertTrue(handOvers > 1, "they came bit by bit, as the turn went on: " + handOvers);
    }

    private static void sendAtOnce(Peer target, List<Agent> senders, List<String> names) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(senders.size());
        try {
            List<Callable<Integer>> sending = new ArrayList<>();
            for (int s = 0; s < senders.size(); s++) {
                Agent sender = senders.get(s);
                String name = names.get(s);
                sending.add(() -> {
                    for (int n = 1; n <= MESSAGES_EACH; n++) {
                        String body = name + " writes number " + n + ".";
                        sender.call("send_message", "target", target.id().value(), "body", body)
                                .ok();
                    }
                    return MESSAGES_EACH;
                });
            }
            for (Future<Integer> sent : pool.invokeAll(sending)) {
                sent.get();
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** The numbers of a sender's messages, in the order in which a conversation has them. */
    private static List<String> numbers(String conversation, String sender) {
        List<String> found = new ArrayList<>();
        Matcher matcher = NUMBERED.matcher(conversation);
        while (matcher.find()) {
            if (matcher.group(1).matches(sender)) {
                found.add(matcher.group(2));
            }
        }
        return found;
    }
}
