package dev.parley.hooks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.MessageId;
import dev.parley.address.SessionId;
import dev.parley.clients.TmuxPane;
import dev.parley.fixture.Agent;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Position;
import dev.parley.mailbox.Position.Place;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Activity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One session asks another, both real clients in terminals: the model of the one looks who is there and calls ask_peer, the
 * other, idle until then, is woken and its model answers by message id. What their models are given is what counts.
 *
 * <p>Both screens, as they stand in the end, are left in {@code target/conversation-*.txt}; the README has one in short.
 */
@Tag("clients")
@Tag("tmux")
final class ConversationClientIT {

    /** As large as a page can show. */
    private static final int WIDTH = 100;

    private static final int HEIGHT = 24;
    private static final String QUESTION = "Which migration has to run before 2.4 goes out?";
    private static final String ANSWER = "0042_add_index. It takes about a minute.";

    /** The name of the listed session that is not marked as the asking one, as a regular expression in JSON. */
    private static final String OTHER =
            "\\\"name\\\":\\\"([a-z-]+)\\\",(?:(?!\\\"self\\\"|\\\"name\\\").)*(?:\\\\},\\\\{|\\\\}\\\\])";

    /** The model of a Claude Code that asks, and that of one that answers, as the words of the turn have it. */
    private static final String CLAUDE = """
        {"sessions": [%s, %s]}
        """.formatted(claude("test"), claude("other"));

    private static String claude(String script) {
        return """
            {"name": "%s", "default": {"text": "Hello."}, "rules": [
              {"when": "Ask the other session", "times": 1, "text": "I look who is here.",
               "tool_use": {"name": "mcp__parley__list_project_sessions", "input": {}}},
              {"when": "\\"sessions\\":\\\\[", "times": 1, "capture": {"peer": "%s"},
               "text": "I ask ${peer}.", "tool_use": {"name": "mcp__parley__ask_peer", "input": {"target": "${peer}", "body": "%s"}}},
              {"when": "\\"reply\\":\\\\{", "times": 1, "capture": {"answer": "\\"body\\":\\"([^\\"]*)\\""},
               "text": "${peer} says: ${answer}"},
              {"when": "waits for your answer", "times": 1, "capture": {"id": "message (m-[0-9a-z]{16}) from",
                  "asker": "from ([a-z-]+) [(]"},
               "text": "${asker} asks which migration has to run first.", "tool_use": {"name": "mcp__parley__reply_to_message", "input": {"message_id": "${id}", "body": "%s"}}},
              {"when": "in_reply_to_message_id", "times": 1, "text": "I have answered."}]}
            """.formatted(script, OTHER, QUESTION, ANSWER);
    }

    private static final String CODEX = """
        {"fallback": {"text": "Hello."}, "rules": [
          {"when": "Ask the other session", "text": "I look who is here.",
           "function_call": {"namespace": "mcp__parley", "name": "list_project_sessions", "arguments": {}}},
          {"when": "\\"sessions\\":\\\\[", "capture": {"peer": "%s"},
           "text": "I ask {{peer}}.", "function_call": {"namespace": "mcp__parley", "name": "ask_peer",
              "arguments": {"target": "{{peer}}", "body": "%s"}}},
          {"when": "\\"reply\\":\\\\{", "capture": {"answer": "\\"body\\":\\"([^\\"]*)\\""},
           "text": "{{peer}} says: {{answer}}"},
          {"when": "waits for your answer", "capture": {"id": "message (m-[0-9a-z]{16}) from",
              "asker": "from ([a-z-]+) [(]"},
           "text": "{{asker}} asks which migration has to run first.", "function_call": {"namespace": "mcp__parley", "name": "reply_to_message",
              "arguments": {"message_id": "{{id}}", "body": "%s"}}},
          {"when": "in_reply_to_message_id", "text": "I have answered."}]}
        """.formatted(OTHER, QUESTION, ANSWER);

    /** The same by another client's model, which has its own names for the tools of a server. */
    private static String others(String prefix) {
        return CODEX.replace("\"namespace\": \"mcp__parley\", \"name\": \"", "\"name\": \"" + prefix);
    }

    @Test
    void claudeAsksCodexAndGetsTheAnswer(@TempDir Path root) throws Exception {
        try (HookedClient claude = HookedClient.claude(root, CLAUDE);
                HookedClient codex = HookedClient.codex(root, CODEX)) {
            claude.setUp();
            TmuxPane asked = openCodex(codex);
            TmuxPane asking = claude.open(WIDTH, HEIGHT, HookedClient.CLAUDE_READY);
            claude.awaitActivity(claude.session(), Activity.IDLE);

            asking.submit("Ask the other session which migration has to run before 2.4.");

            assertAnswered(claude, claude.session(), codex, codex.session());
            keep("claude-asks-codex", asking, asked);
            try (Agent reader = claude.peer("reader")) {
                assertReads(reader, claude.session(), "says: " + ANSWER);
                assertReads(reader, codex.session(), "I have answered.");
            }
            assertEquals(Set.of("ok"), Set.copyOf(claude.examined().values()), "what doctor says");
            assertEquals(Set.of("ok"), Set.copyOf(codex.examined().values()), "what doctor says");
        }
    }

    @Test
    void codexAsksClaudeAndGetsTheAnswer(@TempDir Path root) throws Exception {
        try (HookedClient claude = HookedClient.claude(root, CLAUDE);
                HookedClient codex = HookedClient.codex(root, CODEX)) {
            claude.setUp();
            TmuxPane asked = claude.open(WIDTH, HEIGHT, HookedClient.CLAUDE_READY);
            claude.awaitActivity(claude.session(), Activity.IDLE);
            TmuxPane asking = openCodex(codex);
            asked.type("half a thought");

            asking.submit("Ask the other session which migration has to run before 2.4.");

            assertAnswered(codex, codex.session(), claude, claude.session());
            asked.awaitText("half a thought");
            keep("codex-asks-claude", asking, asked);
        }
    }

    @Test
    void oneClaudeAsksAnother(@TempDir Path root) throws Exception {
        try (HookedClient first = HookedClient.claude(root, CLAUDE);
                HookedClient second = first.setUp().another("other")) {
            TmuxPane asked = second.open(WIDTH, HEIGHT, HookedClient.CLAUDE_READY);
            TmuxPane asking = first.open(WIDTH, HEIGHT, HookedClient.CLAUDE_READY);
            SessionId answerer = second.session(asked);
            SessionId asker = first.session(asking);
            first.awaitActivity(asker, Activity.IDLE);
            second.awaitActivity(answerer, Activity.IDLE);

            asking.submit("Ask the other session which migration has to run before 2.4.");

            assertAnswered(first, asker, second, answerer);
            keep("claude-asks-claude", asking, asked);
        }
    }

    @Test
    void claudeAsksOpenCodeAndGetsTheAnswer(@TempDir Path root) throws Exception {
        try (HookedClient claude = HookedClient.claude(root, CLAUDE);
                HookedClient openCode = HookedClient.openCode(root, others("parley_"))) {
            claude.setUp();
            TmuxPane asked = openCode.open(WIDTH, HEIGHT, HookedClient.OPENCODE_READY);
            SessionId answerer = openCode.greeted(asked);
            TmuxPane asking = claude.open(WIDTH, HEIGHT, HookedClient.CLAUDE_READY);
            claude.awaitActivity(claude.session(), Activity.IDLE);

            asking.submit("Ask the other session which migration has to run before 2.4.");

            assertAnswered(claude, claude.session(), openCode, answerer);
            keep("claude-asks-opencode", asking, asked);
        }
    }

    /** An idle Gemini CLI is woken by the line that is typed for it, with which its hook hands the question over. */
    @Test
    void openCodeAsksGeminiAndGetsTheAnswer(@TempDir Path root) throws Exception {
        try (HookedClient openCode = HookedClient.openCode(root, others("parley_"));
                HookedClient gemini = HookedClient.gemini(root, others("mcp_parley_"))) {
            openCode.setUp();
            TmuxPane asking = openCode.open(WIDTH, HEIGHT, HookedClient.OPENCODE_READY);
            SessionId asker = openCode.greeted(asking);
            TmuxPane asked = gemini.open(WIDTH, HEIGHT, HookedClient.GEMINI_READY);
            SessionId answerer = gemini.session();
            gemini.awaitActivity(answerer, Activity.IDLE);

            asking.submit("Ask the other session which migration has to run before 2.4.");

            assertAnswered(openCode, asker, gemini, answerer);
            keep("opencode-asks-gemini", asking, asked);
        }
    }

    /** Its session begins with its first prompt. */
    private static TmuxPane openCodex(HookedClient codex) {
        TmuxPane pane = codex.open(WIDTH, HEIGHT, HookedClient.CODEX_READY, "-s", "danger-full-access", "-a", "never");
        codex.greeted(pane);
        return pane;
    }

    private static void assertAnswered(HookedClient asker, SessionId asking, HookedClient answerer, SessionId asked)
            throws IOException {
        String question = answerer.conversationWith(QUESTION);
        assertTrue(question.contains("Parley: 1 message from other agent sessions on this project"), question);
        assertTrue(question.contains(peer(asker, asking).name() + " (" + asking + ")"), question);
        assertEquals(1, count(question, QUESTION), question);

        String answer = asker.conversationWith("\"reply\":{");
        assertTrue(answer.contains("\"body\":\"" + ANSWER + "\""), answer);
        assertTrue(answer.contains("\"correlation\":\"correlated\",\"timed_out\":false"), answer);
        assertTrue(answer.contains("\"from_session_id\":\"" + asked + "\""), answer);

        asker.awaitActivity(asking, Activity.IDLE);
        Matcher reply =
                Pattern.compile("\"reply\":\\{\"id\":\"(m-[0-9a-z]{16})\"").matcher(answer);
        assertTrue(reply.find(), answer);
        assertEquals(
                Optional.of(Place.SHOWN),
                asker.office
                        .mailbox(asking)
                        .locate(new MessageId(reply.group(1)))
                        .map(Position::place),
                "the end of the turn proves the answer");
        answerer.awaitActivity(asked, Activity.IDLE);
        for (String conversation : asker.api.conversations()) {
            assertTrue(count(conversation, "\"body\":\"" + ANSWER) <= 1, "the answer came once: " + conversation);
            assertFalse(conversation.contains("other agent sessions on this project (hand-over"), conversation);
        }
        for (String conversation : answerer.api.conversations()) {
            assertTrue(count(conversation, QUESTION) <= 1, "the question came once: " + conversation);
        }
        Matcher id = Pattern.compile("message (m-[0-9a-z]{16}) from").matcher(question);
        assertTrue(id.find(), question);
        Envelope envelope =
                asker.office.ledger(asked).find(new MessageId(id.group(1))).orElseThrow();
        assertEquals(QUESTION, envelope.body());
    }

    private static void assertReads(Agent reader, SessionId id, String said) throws Exception {
        String read = reader.call("read_session", "name", id.value()).ok().toString();
        assertTrue(read.contains(said), read);
    }

    private static Peer peer(HookedClient client, SessionId id) throws IOException {
        return client.office.peers().find(id).orElseThrow();
    }

    private static int count(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static void keep(String name, TmuxPane asking, TmuxPane asked) throws IOException {
        asking.awaitText("says: 0042_add_index");
        asked.awaitText("I have answered");
        Files.writeString(
                Path.of("target", "conversation-" + name + ".txt"),
                "who asks:\n\n" + asking.text() + "\nwho is asked:\n\n" + asked.text());
    }
}
