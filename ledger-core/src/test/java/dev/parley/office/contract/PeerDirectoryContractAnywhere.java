package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.office.contract.OfficeUnderTest.Tolerated;
import dev.parley.peer.Groups;
import dev.parley.peer.Groups.Audience;
import dev.parley.peer.Groups.Audience.Members;
import dev.parley.peer.Groups.Audience.Nobody;
import dev.parley.peer.Groups.Audience.Unknown;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.RemotePeer;
import dev.parley.peer.Resolution;
import dev.parley.peer.Resolution.Ambiguous;
import dev.parley.peer.Resolution.Found;
import dev.parley.peer.Resolution.Group;
import dev.parley.peer.Resolution.NotFound;
import dev.parley.peer.Resolution.Self;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link PeerDirectory} promises of sessions, wherever they are: each as {@link OfficeContract#ANN} sees it. */
public abstract class PeerDirectoryContractAnywhere extends OfficeContract {

    private static final SessionId FIRST = new SessionId("ben-00001");
    private static final SessionId SECOND = new SessionId("ben-00002");
    private static final Map<Activity, String> WORDS =
            Map.of(Activity.BUSY, "busy", Activity.IDLE, "idle", Activity.ASKING, "asks", Activity.HELD, "held");
    private static final Instant SAID = Instant.parse("2026-03-04T05:06:07Z");

    private @Nullable Peer caller;

    protected PeerDirectoryContractAnywhere() {
        super(Tolerated.NOTHING);
    }

    /** What is tested of one machine alone begins without him. */
    private Peer caller() throws Exception {
        Peer known = caller;
        if (known == null) {
            known = register(ANN);
            caller = known;
        }
        return known;
    }

    private Peer begin(SessionId id, String client, String... groups) throws Exception {
        Optional<String> process = Optional.of(client);
        here().peers().register(office().registration(id, Peer.CLAUDE_CODE, PROJECT, process, process));
        return here().peers().update(id, card -> card.withGroups(List.of(groups)));
    }

    /** The sessions as the caller sees them. */
    private PeerDirectory seen() throws IOException {
        return office().seenBy(ANN);
    }

    private Resolution resolved(String target) throws Exception {
        return seen().resolve(target, caller());
    }

    private Peer found(String target) throws Exception {
        return assertInstanceOf(Found.class, resolved(target), target).peer();
    }

    private Presence presence() throws Exception {
        PeerDirectory seen = seen();
        return seen.presence(assertInstanceOf(Found.class, seen.resolve(FIRST.value(), caller()))
                .peer());
    }

    private Audience audience(String target) throws Exception {
        return Groups.find(target, caller(), seen());
    }

    private static Set<SessionId> ids(List<Peer> peers) {
        return peers.stream().map(Peer::id).collect(Collectors.toSet());
    }

    @Test
    void whoIsRegisteredIsFoundByNameIdAndItsBeginning() throws Exception {
        begin(FIRST, "client 41");
        here().peers().update(FIRST, card -> card.withName("the-builder").withPurpose(Optional.of("builds"), SAID));
        for (String target : List.of(
                "the-builder", "The-Builder", FIRST.value(), FIRST.value().substring(0, 8))) {
            assertEquals(FIRST, found(target).id(), target);
        }
        assertInstanceOf(NotFound.class, resolved(FIRST.value().substring(0, 7)));
        NotFound none = assertInstanceOf(NotFound.class, resolved("nobody"));
        assertTrue(none.names().stream().anyMatch(name -> name.startsWith("the-builder")), none::toString);
        Peer peer = found("the-builder");
        assertEquals("the-builder", peer.name());
        assertEquals(Optional.of("builds"), peer.purpose());
        assertEquals(Optional.of(SAID), peer.purposeSince());
        assertEquals(Peer.CLAUDE_CODE, peer.client());
        assertEquals(PROJECT, peer.project());
    }

    @Test
    void whoAsksIsNotMeant() throws Exception {
        begin(FIRST, "client 41");
        assertEquals(new Self(), resolved(caller().name()));
        assertEquals(new Self(), resolved(ANN.value()));
    }

    @Test
    void ofSeveralThatAreCalledSoTheOneIsMeantThatRuns() throws Exception {
        begin(FIRST, "client 41");
        begin(SECOND, "client 42");
        Ambiguous both = assertInstanceOf(Ambiguous.class, resolved("ben-0000"));
        assertEquals(Set.of(FIRST, SECOND), ids(both.candidates()));
        office().end("client 41");
        assertEquals(SECOND, found("ben-0000").id());
        office().end("client 42");
        assertInstanceOf(Ambiguous.class, resolved("ben-0000"));
        assertInstanceOf(NotFound.class, resolved("nobody"));
    }

    @Test
    void whatASessionDoesAndThatItHasEndedIsSeen() throws Exception {
        begin(FIRST, "client 41");
        assertEquals(Life.LIVE, presence().life());
        for (Activity activity : List.of(Activity.BUSY, Activity.IDLE, Activity.ASKING, Activity.HELD)) {
            office().says(FIRST, WORDS.get(activity));
            assertEquals(activity, presence().activity());
        }
        assertTrue(presence().isIdle());
        office().end("client 41");
        assertEquals(Life.GONE, presence().life());
    }

    @Test
    void aGroupHasItsMembersWhereverTheyAre() throws Exception {
        here().peers().update(caller().id(), card -> card.withGroups(List.of("reviewers")));
        begin(FIRST, "client 41", "docs");
        begin(SECOND, "client 42", "docs", "release");
        assertEquals(
                Set.of(FIRST, SECOND),
                ids(assertInstanceOf(Members.class, audience("@docs")).peers()));
        assertEquals(
                Set.of(SECOND),
                ids(assertInstanceOf(Members.class, audience("@Release")).peers()));
        Set<SessionId> all =
                ids(assertInstanceOf(Members.class, audience("@all")).peers());
        assertTrue(all.containsAll(Set.of(FIRST, SECOND)), all::toString);
        assertFalse(all.contains(ANN));
        Unknown near = assertInstanceOf(Unknown.class, audience("@doc"));
        assertEquals(List.of("docs"), near.nearest());
        assertTrue(near.groups().containsAll(List.of("all", "docs", "release", "reviewers")), near::toString);
        office().end("client 42");
        assertEquals(new Nobody("release"), audience("@release"), "those who ended keep the group known");
        assertEquals(
                Set.of(FIRST),
                ids(assertInstanceOf(Members.class, audience("@docs")).peers()));
    }

    @Test
    void nobodyOfAnotherProjectIsFound() throws Exception {
        Optional<String> process = Optional.of("client 41");
        here().peers().register(office().registration(FIRST, Peer.CLAUDE_CODE, "/another", process, process));
        here().peers().update(FIRST, card -> card.withName("the-builder"));
        for (String target : List.of("the-builder", FIRST.value(), "ben-0000")) {
            assertFalse(resolved(target) instanceof Found, target);
        }
    }

    @Test
    void aSessionUnderANewIdKeepsNamePurposeAndGroups() throws Exception {
        begin(FIRST, "client 41", "docs");
        here().peers().update(FIRST, card -> card.withName("the-builder").withPurpose(Optional.of("builds"), SAID));
        assertEquals(FIRST, found("the-builder").id());
        move(FIRST, SECOND);
        Peer moved = found("the-builder");
        assertEquals(SECOND, moved.id());
        assertEquals(Optional.of("builds"), moved.purpose());
        assertEquals(List.of("docs"), moved.groups());
        PeerDirectory seen = seen();
        List<SessionId> called = Stream.concat(
                        seen.peersOf(PROJECT).stream(),
                        seen.elsewhere(PROJECT).stream().map(RemotePeer::peer))
                .filter(peer -> peer.name().equals("the-builder"))
                .map(Peer::id)
                .toList();
        assertEquals(List.of(SECOND), called, "it is one session");
    }

    @Test
    void whatBeginsAsAGroupNamesNoSessionAndOddTargetsHarmNothing() throws Exception {
        begin(FIRST, "client 41");
        for (String target : List.of("@all", "@", "@" + FIRST)) {
            assertEquals(new Group(), resolved(target), target);
        }
        for (String target : List.of("", " ", "..", "../ben", "a/b", "x".repeat(10_000), "--------")) {
            assertInstanceOf(NotFound.class, resolved(target), target);
        }
    }
}
