package dev.parley.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import dev.parley.fixture.Result;
import dev.parley.fixture.Shell;
import dev.parley.office.PostOffice;
import dev.parley.peer.Groups;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import dev.parley.wake.RingGuard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** One message to several sessions: a copy for each, durable and followed by itself, and nobody is rung or asked. */
@Tag("slow")
class GroupMessageStdioIT {

    private static Peers peers;
    private static Agent alice;
    private static Agent bob;
    private static Agent carol;

    @BeforeAll
    static void start(@TempDir Path root) throws Exception {
        peers = new Peers(root);
        List<Agent> agents = peers.joinAll("alice", "bob", "carol");
        alice = agents.get(0);
        bob = agents.get(1);
        carol = agents.get(2);
    }

    @AfterAll
    static void stop() throws Exception {
        peers.close();
        peers.assertSound();
    }

    @BeforeEach
    void asAtTheBeginning() throws Exception {
        alice.call("set_my_state", "groups", List.of()).ok();
        bob.call("set_my_state", "groups", List.of("docs")).ok();
        carol.call("set_my_state", "groups", List.of("docs", "release")).ok();
        for (Agent agent : List.of(alice, bob, carol)) {
            agent.call("read_my_messages").ok();
        }
    }

    /** A session that is there for one test. */
    private static Agent guest(String name, String... groups) throws Exception {
        Agent guest = peers.join(name);
        guest.call("set_my_state", "groups", List.of(groups)).ok();
        return guest;
    }

    private static Result send(String target, Object... more) throws Exception {
        List<Object> arguments = new ArrayList<>(List.of("target", target, "body", "the API is frozen"));
        arguments.addAll(List.of(more));
        return alice.call("send_message", arguments.toArray());
    }

    private static List<String> each(Result result, String field) {
        return result.at("/receivers")
                .valueStream()
                .map(receiver -> receiver.path(field).asString(""))
                .toList();
    }

    private int recorded() throws Exception {
        int count = 0;
        for (String session : List.of("alice-session", "bob-session", "carol-session")) {
            try (Stream<Path> records = Files.list(peers.session(session).resolve("ledger"))) {
                count += (int) records.count();
            }
        }
        return count;
    }

    @Test
    void everyOtherMemberGetsACopyOfItsOwn() throws Exception {
        alice.call("set_my_state", "groups", List.of("docs")).ok();
        Result sent = send("@docs").ok();

        assertEquals("@docs", sent.text("/target"));
        assertEquals(List.of("bob", "carol"), each(sent, "target_name"), "not who sends it");
        assertEquals(List.of("bob-session", "carol-session"), each(sent, "target_session_id"));
        assertEquals(List.of("stored", "stored"), each(sent, "state"));
        assertEquals(List.of("when_read", "when_read"), each(sent, "outlook"));
        assertEquals(2, sent.at("/stored").asInt());
        assertEquals(0, sent.at("/failed").asInt());
        assertFalse(sent.fields().contains("wake_status"), sent::toString);
        List<String> ids = each(sent, "message_id");
        assertNotEquals(ids.get(0), ids.get(1));
        Result mail = bob.awaitMail();
        assertEquals("the API is frozen", mail.text("/messages/0/body"));
        assertEquals(ids.get(0), mail.text("/messages/0/id"));
        assertEquals("alice", mail.text("/messages/0/from_name"));
        assertTrue(mail.at("/messages/0/request_id").isMissingNode(), "it asks nothing: " + mail);
        // A call proves what was handed over before.
        bob.call("get_my_session").ok();
        assertEquals(
                "shown",
                alice.call("message_status", "message_id", ids.get(0)).ok().text("/state"));
        assertEquals(
                "stored",
                alice.call("message_status", "message_id", ids.get(1)).ok().text("/state"));
        bob.call("reply_to_message", "message_id", ids.get(0), "body", "seen").ok();
        assertEquals("seen", alice.awaitMail().text("/messages/0/body"));
        assertEquals(0, recordedOf("alice-session", ids), "its sender has no copy");
    }

    private int recordedOf(String session, List<String> ids) throws Exception {
        try (Stream<Path> records = Files.list(peers.session(session).resolve("ledger"))) {
            return (int)
                    records.filter(record -> ids.contains(record.getFileName().toString()))
                            .count();
        }
    }

    @Test
    void everybodyIsAGroupToWhichNobodyNeedBelong() throws Exception {
        Agent dave = guest("dave");
        Result sent = send("@ALL").ok();
        assertEquals("@all", sent.text("/target"));
        assertEquals(List.of("bob", "carol", "dave"), each(sent, "target_name"));
        assertEquals("the API is frozen", dave.awaitMail().text("/messages/0/body"));
        dave.close();
        assertEquals(List.of("bob", "carol"), each(send("@all").ok(), "target_name"), "who has ended gets none");
    }

    @Test
    void nobodyIsRungAndAWishToWakeIsAnswered() throws Exception {
        Path bell = peers.session("bob-session").resolve("doorbell");
        Files.writeString(peers.session("bob-session").resolve("activity"), "idle\n");
        Files.setLastModifiedTime(bell, FileTime.from(Instant.now().minusSeconds(3600)));
        FileTime before = Files.getLastModifiedTime(bell);

        Result sent = send("@docs", "wake", "auto").ok();

        assertEquals("disabled", sent.text("/wake_status"));
        assertTrue(sent.text("/wake_reason").contains("wakes nobody"), sent::toString);
        send("@docs", "wake", "off", "expects_reply", false).ok();
        Files.delete(peers.session("bob-session").resolve("activity"));
        assertEquals(before, Files.getLastModifiedTime(bell));
        assertTrue(Files.notExists(peers.session("bob-session").resolve("wakes")));
        assertEquals(2, bob.awaitMail().at("/count").asInt());
    }

    @Test
    void whatAsksOrAnswersGoesToOneSessionOnly() throws Exception {
        int before = recorded();
        for (Object[] more : List.of(
                new Object[] {"expects_reply", true},
                new Object[] {"expects_reply", true, "due_minutes", 5},
                new Object[] {"supersedes", "m-0123456789abcdef"},
                new Object[] {"reply_to", "q-0123456789abcdef"})) {
            Result refused = send("@docs", more).failed("invalid-arguments");
            assertTrue(
                    refused.text("/message").contains((String) more[0])
                            && refused.text("/message").contains("Nothing was sent"),
                    refused::toString);
        }
        for (Result refused : List.of(
                alice.call("ask_peer", "target", "@docs", "body", "who is there?"),
                alice.call("read_session", "name", "@docs"))) {
            refused.failed("invalid-arguments");
            assertTrue(refused.text("/message").contains("'@docs' is a group"), refused::toString);
        }
        assertEquals(before, recorded());
    }

    @Test
    void aGroupThatIsNotThereOrEmptyIsSaidToBeSo() throws Exception {
        Result unknown = send("@dosc").failed("target-not-found");
        assertTrue(unknown.text("/message").contains("did you mean @docs?"), unknown::toString);
        assertEquals("[\"@all\",\"@docs\",\"@release\"]", unknown.at("/groups").toString());
        send("@").failed("target-not-found");
        alice.call("set_my_state", "groups", List.of("alone")).ok();
        Result nobody = send("@alone").failed("target-not-found");
        assertTrue(nobody.text("/message").contains("no other session"), nobody::toString);
        guest("frank", "brief").close();
        assertTrue(
                send("@brief").failed("target-not-found").text("/message").contains("no other session"),
                "its only member has ended");
    }

    @Test
    void whatCannotBeStoredForOneIsToldAndReachesTheOthers() throws Exception {
        Path ledger = peers.session("bob-session").resolve("ledger");
        Path aside = peers.session("bob-session").resolve("ledger.aside");
        Files.move(ledger, aside);
        Files.writeString(ledger, "no directory");

        Result partly = send("@docs").ok();
        carol.call("set_my_state", "groups", List.of()).ok();
        Result none = send("@docs").failed("store-unavailable");

        Files.delete(ledger);
        Files.move(aside, ledger);
        assertEquals(1, partly.at("/stored").asInt());
        assertEquals(1, partly.at("/failed").asInt());
        assertEquals(List.of("store-unavailable", ""), each(partly, "error"));
        assertTrue(each(partly, "message").get(0).contains("nothing was sent"), partly::toString);
        assertEquals(List.of("", "stored"), each(partly, "state"));
        assertTrue(none.text("/message").contains("@docs"), none::toString);
        assertEquals(List.of("bob"), each(none, "target_name"));
    }

    @Test
    void soManyMessagesToGroupsWithinTenMinutesAndNoMore() throws Exception {
        try (Agent erin = guest("erin")) {
            for (int i = 0; i < RingGuard.MAX_TO_GROUPS; i++) {
                erin.call("send_message", "target", i % 2 == 0 ? "@release" : "@docs", "body", "again")
                        .ok();
            }
            Result beyond = erin.call("send_message", "target", "@release", "body", "once more")
                    .failed("rate-limited");
            assertTrue(beyond.text("/message").contains("nothing was sent"), beyond::toString);
            assertEquals(RingGuard.MAX_TO_GROUPS, carol.awaitMail().at("/count").asInt());
            erin.call("send_message", "target", "carol", "body", "to you alone").ok();
        }
    }

    @Test
    void moreThanFiftyGetNone(@TempDir Path root) throws Exception {
        try (Peers crowd = new Peers(root)) {
            Agent sender = crowd.join("sender");
            PostOffice office =
                    PostOffices.open(Map.of("PARLEY_HOME", crowd.home().toString()), Trace.NONE);
            for (int i = 0; i <= Groups.MOST_RECEIVERS; i++) {
                SessionId id = new SessionId("member." + i);
                office.peers()
                        .register(new Registration(
                                id,
                                "other",
                                "/",
                                Project.of(crowd.project()).key(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                false));
                List<String> groups = i == 0 ? List.of() : List.of("crowd");
                office.peers().update(id, card -> card.withGroups(groups));
            }
            Result many = sender.call("send_message", "target", "@all", "body", "hello")
                    .failed("too-many-receivers");
            assertTrue(
                    many.text("/message").contains("51")
                            && many.text("/message").contains("50"),
                    many::toString);
            assertEquals(0, office.mailbox(new SessionId("member.1")).waiting());

            Result most = sender.call("send_message", "target", "@crowd", "body", "hello")
                    .ok();

            assertEquals(Groups.MOST_RECEIVERS, most.at("/stored").asInt());
            assertEquals(Groups.MOST_RECEIVERS, new TreeSet<>(each(most, "message_id")).size());
            assertEquals(1, office.mailbox(new SessionId("member.1")).waiting());
            int bytes = most.toString().length();
            assertTrue(bytes < 16_000, () -> bytes + " bytes");
            crowd.assertSound();
        }
    }

    @Test
    void aSessionSaysWhichGroupsItIsInAndPeersSeeThem() throws Exception {
        assertEquals("[\"docs\",\"release\"]", groupsOf("carol").toString());
        assertTrue(groupsOf("alice").isMissingNode(), "none are not told");
        assertEquals(
                "[]",
                carol.call("set_my_state", "groups", List.of())
                        .ok()
                        .at("/groups")
                        .toString());
        assertTrue(groupsOf("carol").isMissingNode());
        carol.call("set_my_state", "groups", List.of("tests", "tests")).ok();
        carol.call("set_my_state", "purpose", "tests").ok();
        assertEquals("[\"tests\"]", groupsOf("carol").toString(), "what is not said is not changed");
        assertEquals(
                "[\"tests\"]",
                carol.call("get_my_session").ok().at("/entry/groups").toString());
        for (List<String> groups : List.of(List.of("ok", "@docs"), List.of("all"), List.of("Docs"), List.of("x"))) {
            Result refused = carol.call("set_my_state", "groups", groups).failed("invalid-arguments");
            assertTrue(refused.text("/message").contains("nothing was changed"), refused::toString);
        }
        carol.call("set_my_state", "groups", List.of("g1", "g2", "g3", "g4", "g5", "g6"))
                .failed("invalid-arguments");
        assertEquals("[\"tests\"]", groupsOf("carol").toString());
        try (Agent grace = guest("grace", "tests")) {
            grace.call("claim_session", "session_id", "grace-of-now").ok();
            assertEquals("[\"tests\"]", groupsOf("grace").toString(), "under another id, too");
        }
    }

    private JsonNode groupsOf(String name) throws Exception {
        JsonNode full = session(alice.call("list_project_sessions"), name);
        assertEquals(full, session(alice.call("list_project_sessions", "compact", true), name));
        return full;
    }

    private static JsonNode session(Result list, String name) {
        for (JsonNode session : list.ok().at("/sessions")) {
            if (session.path("name").asString("").equals(name)) {
                return session.path("groups");
            }
        }
        throw new AssertionError(name + " is not in " + list);
    }

    @Test
    void aPersonWritesToAGroupFromTheCommandLine() throws Exception {
        Shell.parley(peers, "send", "@docs", "the build is red")
                .exited(0)
                .says("stored m-", "for bob (", "for carol (", "2 of 2 in @docs");
        assertEquals("operator", carol.awaitMail().text("/messages/0/origin"));
        assertEquals("the build is red", bob.awaitMail().text("/messages/0/body"));
        Shell.parley(peers, "send", "--wake", "off", "@release", "x").exited(0).says("1 of 1 in @release");
        Shell.parley(peers, "send", "--wake", "auto", "@docs", "x").exited(2).says("nothing was sent");
        Shell.parley(peers, "send", "@dosc", "x").exited(1).says("did you mean @docs?");
        Shell.parley(peers, "adopt", "bob-session", "--for", "@docs").exited(1).says("not one session");
        Shell.parley(peers, "status").exited(0).says("@docs: bob, carol", "@release: carol");
        assertTrue(
                Shell.parley(peers, "status", "--json").exited(0).out().contains("\"groups\":[\"docs\",\"release\"]"));
        guest("heidi", "gone").close();
        Shell.parley(peers, "send", "@gone", "x").exited(1).says("no other session", "nothing was sent");
    }
}
