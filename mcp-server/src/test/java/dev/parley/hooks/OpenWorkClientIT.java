package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Result;
import dev.parley.ledger.WorkState;
import dev.parley.peer.Presence.Activity;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Requests between real clients: who would forget one is reminded, who declines ends the wait, sessions that wait for each other
 * in a circle go on, and nobody waits in vain for one that was killed. What their models are given is what counts.
 */
@Tag("clients")
@Tag("tmux")
final class OpenWorkClientIT {

    private static final String REMINDER = "your turn ends, and what you were asked here is still open:";

    /** Puts a question off, and answers when it is reminded of it. */
    private static final String FORGETFUL = """
            {"sessions": [{"name": "test", "default": {"text": "Hello."}, "rules": [
              {"when": "is still open", "times": 1, "capture": {"id": "message (m-[0-9a-z]{16}) from"},
               "text": "I had forgotten.", "tool_use": {"name": "mcp__parley__reply_to_message",
                 "input": {"message_id": "${id}", "body": "It is noon."}}},
              {"when": "waits for your answer", "times": 1, "text": "I look at it later."},
              {"when": "in_reply_to_message_id", "times": 1, "text": "Answered."}]}]}
            """;

    @Test
    void aClaudeThatWouldStopIsRemindedOnceAndAnswers(@TempDir Path root) throws Exception {
        try (HookedClient claude = HookedClient.claude(root, FORGETFUL).setUp()) {
            TmuxPane pane = claude.open(HookedClient.CLAUDE_READY);
            SessionId id = claude.session();
            claude.awaitActivity(id, Activity.IDLE);
            try (Agent asker = claude.peer("asker")) {
                Result asked = asker.call(
                                "ask_peer", "target", id.value(), "body", "what is the time?", "timeout_ms", 25_000)
                        .ok();

                assertEquals("It is noon.", asked.text("/reply/body"), () -> asked + "\n" + pane.text());
            }
            pane.awaitText("Answered.");
            claude.awaitActivity(id, Activity.IDLE);
            List<String> conversations = claude.api.conversations();
            for (String conversation : conversations) {
                assertTrue(count(conversation, REMINDER) <= 1, conversation);
            }
            assertEquals(1, count(conversations.get(conversations.size() - 1), REMINDER));
        }
    }

    /** The model of a Claude Code that asks the session whose name its prompt tells. */
    private static final String ASKS = """
            {"sessions": [{"name": "test", "default": {"text": "Hello."}, "rules": [
              {"when": "Ask the session", "times": 1, "capture": {"peer": "Ask the session ([a-z0-9-]+) now"},
               "text": "I ask.", "tool_use": {"name": "mcp__parley__ask_peer",
                 "input": {"target": "${peer}", "body": "please rotate the key", "timeout_ms": 100000}}},
              {"when": "work_status\\\":\\\"declined", "times": 1, "capture": {"note": "\\\"note\\\":\\\"([^\\\"]*)\\\""},
               "text": "It does not want to: ${note}"}]}]}
            """;

    private static final String DECLINES = """
            {"fallback": {"text": "Hello."}, "rules": [
              {"when": "waits for your answer", "capture": {"id": "message (m-[0-9a-z]{16}) from"},
               "text": "That I will not do.", "function_call": {"namespace": "mcp__parley", "name": "update_work",
                  "arguments": {"message_id": "{{id}}", "status": "declined", "note": "only a person may do that"}}},
              {"when": "previous_status", "text": "I have declined."}]}
            """;

    @Test
    void aCodexDeclinesAndTheWaitingClaudeKnowsAtOnce(@TempDir Path root) throws Exception {
        try (HookedClient claude = HookedClient.claude(root, ASKS);
                HookedClient codex = HookedClient.codex(root, DECLINES)) {
            claude.setUp();
            TmuxPane asked = codex.open(HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
            codex.greeted(asked);
            TmuxPane asking = claude.open(HookedClient.CLAUDE_READY);
            claude.awaitActivity(claude.session(), Activity.IDLE);
            String name =
                    codex.office.peers().find(codex.session()).orElseThrow().name();

            asking.submit("Ask the session " + name + " now.");

            String told = claude.conversationWith("\"work_status\":\"declined\"");
            assertTrue(told.contains("\"note\":\"only a person may do that\""), told);
            assertTrue(told.contains("\"timed_out\":false"), told);
            asking.awaitText("It does not want to: only a person may do that");
            asked.awaitText("I have declined.");
            claude.awaitActivity(claude.session(), Activity.IDLE);
            codex.awaitActivity(codex.session(), Activity.IDLE);
            for (String conversation : claude.api.conversations()) {
                assertFalse(conversation.contains("from Parley itself"), conversation);
            }
            for (String conversation : codex.api.conversations()) {
                assertFalse(conversation.contains(REMINDER), conversation);
            }
        }
    }

    /** Three models, each of which asks the next; the last one does what it is told, and the others answer when they are answered. */
    private static final String CIRCLE = """
            {"sessions": [
             {"name": "test", "default": {"text": "Hello."}, "rules": [
              {"when": "begin with B=", "times": 1,
               "capture": {"a": "A=([a-z0-9-]+)", "b": "B=([a-z0-9-]+)", "c": "C=([a-z0-9-]+)"},
               "text": "I ask ${b}.", "tool_use": {"name": "mcp__parley__ask_peer",
                 "input": {"target": "${b}", "body": "first ask C=${c} A=${a}", "timeout_ms": 100000}}},
              {"when": "third to all", "times": 1, "capture": {"id": "message (m-[0-9a-z]{16}) from"},
               "text": "And I answer.", "tool_use": {"name": "mcp__parley__reply_to_message",
                 "input": {"message_id": "${id}", "body": "first to third"}}}]},
             {"name": "second", "default": {"text": "Hello."}, "rules": [
              {"when": "first ask C=", "times": 1,
               "capture": {"a": "A=([a-z0-9-]+)", "c": "C=([a-z0-9-]+)", "id": "message (m-[0-9a-z]{16}) from"},
               "text": "I ask ${c}.", "tool_use": {"name": "mcp__parley__ask_peer",
                 "input": {"target": "${c}", "body": "now ask A=${a}", "timeout_ms": 100000}}},
              {"when": "\\"body\\":\\"third to second\\"", "times": 1,
               "text": "Now I can.", "tool_use": {"name": "mcp__parley__reply_to_message",
                 "input": {"message_id": "${id}", "body": "second to first"}}}]},
             {"name": "third", "default": {"text": "Hello."}, "rules": [
              {"when": "now ask A=", "times": 1, "capture": {"a": "A=([a-z0-9-]+)"},
               "text": "I ask ${a}.", "tool_use": {"name": "mcp__parley__ask_peer",
                 "input": {"target": "${a}", "body": "third to all", "timeout_ms": 100000}}},
              {"when": "\\"would_deadlock\\":true", "times": 1,
               "capture": {"first": "\\"answer_first\\":\\\\{[^}]*\\"message_id\\":\\"(m-[0-9a-z]{16})\\""},
               "text": "So I answer first.", "tool_use": {"name": "mcp__parley__reply_to_message",
                 "input": {"message_id": "${first}", "body": "third to second"}}},
              {"when": "first to third", "times": 1, "text": "I have it all."}]}]}
            """;

    @Test
    void threeThatAskEachOtherInACircleAllGoOn(@TempDir Path root) throws Exception {
        try (HookedClient first = HookedClient.claude(root, CIRCLE);
                HookedClient second = first.setUp().another("second");
                HookedClient third = first.another("third")) {
            TmuxPane c = third.open(HookedClient.CLAUDE_READY);
            TmuxPane b = second.open(HookedClient.CLAUDE_READY);
            TmuxPane a = first.open(HookedClient.CLAUDE_READY);
            SessionId idOfA = first.session(a);
            SessionId idOfB = second.session(b);
            SessionId idOfC = third.session(c);
            for (SessionId each : List.of(idOfA, idOfB, idOfC)) {
                first.awaitActivity(each, Activity.IDLE);
            }

            a.submit("begin with B=" + name(first, idOfB) + " C=" + name(first, idOfC) + " A=" + name(first, idOfA));

            String closing = third.conversationWith("\"would_deadlock\":true");
            assertTrue(closing.contains("\"reply\":null") && closing.contains("\"timed_out\":false"), closing);
            String path = name(first, idOfC) + " → " + name(first, idOfA) + " → " + name(first, idOfB) + " → "
                    + name(first, idOfC);
            assertTrue(closing.contains("\"path\":\"" + path + "\""), closing);
            assertTrue(second.conversationWith("\"body\":\"third to second\"").contains("\"timed_out\":false"));
            assertTrue(first.conversationWith("\"body\":\"second to first\"").contains("\"timed_out\":false"));
            String late = third.conversationWith("first to third");
            assertTrue(late.contains("answers your request q-"), late);
            for (SessionId each : List.of(idOfA, idOfB, idOfC)) {
                first.awaitActivity(each, Activity.IDLE);
                assertEquals(List.of(), first.office.work(each).unfinished());
            }
        }
    }

    /** Says hello, whatever it is asked or told. */
    private static final String IDLE = """
            {"sessions": [{"name": "test", "default": {"text": "Hello."}, "rules": [
               {"when": "Ask the session", "times": 1, "capture": {"peer": "Ask the session ([a-z0-9-]+) now"},
                "text": "I ask.", "tool_use": {"name": "mcp__parley__ask_peer",
                  "input": {"target": "${peer}", "body": "what is the time?", "timeout_ms": 1}}}]},
              {"name": "other", "default": {"text": "Let me think."}}]}
            """;

    @Test
    void whoAskedIsToldOnceThatItsPeerWentIdleAndOnceThatItWasKilled(@TempDir Path root) throws Exception {
        try (HookedClient asker = HookedClient.claude(root, IDLE);
                HookedClient owner = asker.setUp().another("other")) {
            TmuxPane asked = owner.open(HookedClient.CLAUDE_READY);
            TmuxPane asking = asker.open(HookedClient.CLAUDE_READY);
            SessionId idOfOwner = owner.session(asked);
            SessionId idOfAsker = asker.session(asking);
            asker.awaitActivity(idOfAsker, Activity.IDLE);
            owner.awaitActivity(idOfOwner, Activity.IDLE);

            asking.submit("Ask the session " + name(asker, idOfOwner) + " now.");

            String question = owner.conversationWith(REMINDER);
            MessageId message = messageIn(question);
            String idle = asker.conversationWith("and went idle without an answer. It stays open.");
            assertTrue(idle.contains("Parley: 1 message from Parley itself (hand-over "), idle);
            assertTrue(idle.contains(" was reminded of your request " + message), idle);
            asker.awaitActivity(idOfAsker, Activity.IDLE);
            asked.command("set-option", "-p", "remain-on-exit", "on");
            assertTrue(ProcessHandle.of(asked.process()).orElseThrow().destroyForcibly());

            String ended = asker.conversationWith("has ended without an answer to your request " + message);
            asker.awaitActivity(idOfAsker, Activity.IDLE);

            assertEquals(1, count(ended, "went idle without an answer"), ended);
            assertEquals(
                    WorkState.OPEN,
                    asker.office.work(idOfOwner).find(message).orElseThrow().state());
            asking.submit("and then?");
            String last = asker.conversationWith("and then?");
            assertEquals(1, count(last, "has ended without an answer"), last);
            for (String conversation : owner.api.conversations()) {
                assertTrue(count(conversation, REMINDER) <= 1, conversation);
            }
        }
    }

    private static String name(HookedClient client, SessionId id) throws Exception {
        return client.office.peers().find(id).orElseThrow().name();
    }

    private static MessageId messageIn(String conversation) {
        Matcher id = Pattern.compile("message (m-[0-9a-z]{16}) from").matcher(conversation);
        assertTrue(id.find(), conversation);
        return new MessageId(id.group(1));
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }
}
