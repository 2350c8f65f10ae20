package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** What an agent with nothing but the tools gets by claiming what is somebody else's: nothing. And what is its to claim. */
@Tag("slow")
class ClaimRuleStdioIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static Peers peers;
    private static Path elsewhere;
    private static Agent alice;
    private static Agent bob;
    private static Agent eve;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        elsewhere = Files.createDirectories(root.resolve("elsewhere")).toRealPath();
        List<Agent> three = peers.joinAll("alice", "bob", "eve");
        alice = three.get(0);
        bob = three.get(1);
        eve = three.get(2);
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    private static String refused(Agent thief, String id) throws Exception {
        Result result = thief.call("claim_session", "session_id", id);
        assertFalse(result.json().path("ok").booleanValue(), result::toString);
        return result.toString();
    }

    private static Agent kept(Agent.Builder builder) throws Exception {
        return peers.keep(builder.start());
    }

    private static Agent endedClaude(String session) throws Exception {
        Agent claude = kept(peers.agent()
                .client("claude-code")
                .with("CLAUDE_CODE_SESSION_ID", session)
                .underOwnParent());
        claude.call("get_my_session").ok();
        return claude;
    }

    private static void awaitGone(String target) {
        org.awaitility.Awaitility.await()
                .until(() -> JSON.readTree(parley("status", "--all", "--json").out())
                        .path("sessions")
                        .valueStream()
                        .filter(session -> List.of(
                                        session.path("name").asString(),
                                        session.path("client_session_id").asString())
                                .contains(target))
                        .allMatch(session -> session.path("life").asString().equals("gone")));
    }

    private static Shell parley(String... arguments) throws Exception {
        return Shell.parley(peers, arguments).exited(0);
    }

    @Test
    void aClaimOfAPeersNameIsRefusedAndDrawsNoMail() throws Exception {
        for (String id : List.of("bob", "Bob", "b-o-b", "B0b", "bob-two")) {
            assertTrue(refused(eve, id).contains("claim-refused"), id);
        }
        Agent stranger = kept(peers.agent().at(elsewhere));
        assertTrue(refused(stranger, "bob").contains("another project"));
        assertEquals(
                "bob-session",
                alice.call("send_message", "target", "bob", "body", "for bob")
                        .ok()
                        .text("/target_session_id"));
        assertEquals("for bob", bob.awaitMail().text("/messages/0/body"));
    }

    @Test
    void aClaimOfALivingPeersIdIsRefusedAndTakesNoMail() throws Exception {
        alice.call("send_message", "target", "bob", "body", "still for bob").ok();
        assertTrue(refused(eve, "bob-session").contains("running"));
        assertEquals("eve-session", eve.call("get_my_session").ok().text("/entry/client_session_id"));
        assertEquals(0, eve.call("read_my_messages").ok().at("/count").asInt());
        assertEquals("still for bob", bob.awaitMail().text("/messages/0/body"));
    }

    @Test
    void aClaimOfTheBeginningOfAnIdIsRefused() throws Exception {
        String session = UUID.randomUUID().toString();
        endedClaude(session);
        for (String id : List.of(session.substring(0, 8), session.substring(0, 12), "bob-sess", "deadbeef-0000")) {
            assertTrue(refused(eve, id).contains("claim-refused"), id);
        }
    }

    @Test
    void aClaimOfAReservedWordIsRefused() throws Exception {
        for (String id : List.of("operator", "Operator", "0perator", "office", "user", "all", "p-abc", "m-abc")) {
            assertTrue(refused(eve, id).contains("claim-refused"), id);
        }
    }

    @Test
    void aClaimOfAnotherProjectsEndedSessionIsRefused() throws Exception {
        Agent far = kept(peers.agent().at(elsewhere));
        far.call("claim_session", "session_id", "far-away").ok();
        far.close();
        assertTrue(refused(eve, "far-away").contains("cross-project"));
    }

    @Test
    void aClaimOfACrashedClaudeSessionsIdIsRefusedAndForwardsNothing() throws Exception {
        String session = UUID.randomUUID().toString();
        Agent claude = endedClaude(session);
        claude.server().kill();
        String answer = refused(eve, session);
        assertTrue(answer.contains("parley adopt " + session), answer);
        assertFalse(Files.exists(peers.session(session).resolve("moved_to")));
        Agent again = endedClaude(session);
        assertEquals(session, again.call("get_my_session").ok().text("/entry/client_session_id"), "its own");
    }

    @Test
    void aClaimOfAForeignTranscriptsIdIsRefusedAlsoToWhoCallsItselfClaudeCode() throws Exception {
        String session = UUID.randomUUID().toString();
        Path transcripts = Files.createDirectories(peers.home().resolveSibling(".claude/projects/-other"));
        Files.writeString(
                transcripts.resolve(session + ".jsonl"),
                "{\"type\":\"user\",\"message\":{\"role\":\"user\",\"content\":\"the password\"}}\n");
        Agent liar = kept(peers.agent().client("claude-code").underOwnParent());
        assertTrue(refused(liar, session).contains("transcript"));
        liar.call("claim_session", "session_id", "liar-session").ok();
        alice.call("read_session", "name", "liar-session", "mode", "transcript").failed("no-transcript");
    }

    @Test
    void anAddressThatAClientWithoutHooksHasLeftCanBeTakenAndItsHolderIsTold() throws Exception {
        Agent dave = peers.join("dave");
        alice.call("send_message", "target", "dave", "body", "for whoever is dave")
                .ok();
        dave.close();
        awaitGone("dave");
        Agent heir = kept(peers.agent());
        String before = heir.call("get_my_session").ok().text("/entry/client_session_id");
        Result claimed =
                heir.call("claim_session", "session_id", "dave-session").ok();
        assertEquals("dave", claimed.text("/taken_over_from/name"));
        assertEquals("for whoever is dave", heir.awaitMail().text("/messages/0/body"));
        assertTrue(parley("status").out().contains("claimed by hand"));
        assertTrue(parley("status", "--json").out().contains("\"claimed_by\":\"" + before + "\""));

        Agent back = kept(peers.agent());
        assertTrue(refused(back, "dave-session").contains("claimed by hand at"));
        heir.close();
        awaitGone("dave");
        Result returned =
                back.call("claim_session", "session_id", "dave-session").ok();
        assertEquals(before, returned.text("/taken_over_from/claimed_by"));
    }

    @Test
    void onesOwnEarlierAddressesCanAlwaysBeClaimed() throws Exception {
        Agent nomad = kept(peers.agent());
        String first = nomad.call("get_my_session").ok().text("/entry/client_session_id");
        for (String id : List.of("winter-camp", "summer-camp", "winter-camp", first, "winter-camp")) {
            Result claimed = nomad.call("claim_session", "session_id", id).ok();
            assertEquals(id, claimed.text("/session_id"));
            assertFalse(claimed.fields().contains("taken_over_from"), claimed::toString);
        }
        assertTrue(refused(eve, "summer-camp").contains("winter-camp"));
    }

    @Test
    void theDebugToolTakesWhatItIsToldAndSaysSo() throws Exception {
        Agent debugging = kept(peers.agent().with("PARLEY_DEBUG_TOOLS", "1"));
        Agent victim = peers.join("victim");
        assertTrue(debugging.tools().toString().contains("also one that others have"));
        debugging.call("register_my_session", "session_id", "victim-session").ok();
        victim.close();
    }

    @Test
    void theOperatorCanGiveAnAddressToAnotherAndItsHolderIsToldWhenItReturns() throws Exception {
        String session = UUID.randomUUID().toString();
        Agent claude = endedClaude(session);
        String name = claude.call("get_my_session").ok().text("/entry/name");
        Shell living = Shell.parley(peers, "adopt", session, "--for", "bob").exited(1);
        assertTrue(living.err().contains("is running"), living::toString);
        alice.call("send_message", "target", name, "body", "left behind").ok();
        claude.server().kill();
        awaitGone(session);

        Agent heir = peers.join("heir");
        parley("adopt", session, "--for", "heir");
        assertEquals("left behind", heir.awaitMail().text("/messages/0/body"));
        Result sent = alice.call("send_message", "target", session, "body", "meanwhile")
                .ok();
        assertEquals("heir-session", sent.text("/target_session_id"));

        Agent back = endedClaude(session);
        Result told = back.awaitMail();
        assertEquals("office", told.text("/messages/0/origin"));
        assertEquals("office", told.text("/messages/0/from_name"));
        assertTrue(told.text("/messages/0/body").contains("heir-session"), told::toString);
        assertTrue(Files.notExists(peers.session(session).resolve("moved_to")), "its own again");
        Result none = back.call("reply_to_message", "message_id", told.text("/messages/0/id"), "body", "thanks");
        assertTrue(none.toString().contains("no-reply-target"), none::toString);
    }

    @Test
    void aClientsOwnIdGoesBeforeANameAndItsHolderIsTold() throws Exception {
        Agent early = peers.join("early");
        early.call("set_my_state", "name", "build-bot").ok();
        Agent claude = endedClaude("build-bot-77");
        Result told = early.awaitMail();
        String now = early.call("get_my_session").ok().text("/entry/name");
        assertTrue(told.text("/messages/0/body").contains("Your name here is " + now), told::toString);
        assertFalse(now.equals("build-bot"));
        assertEquals(
                "build-bot-77",
                alice.call("send_message", "target", "build-bot", "body", "for the id")
                        .ok()
                        .text("/target_session_id"));
        claude.close();
    }
}
