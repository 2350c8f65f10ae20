package dev.parley.office.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.SessionId;
import dev.parley.peer.Groups;
import dev.parley.peer.Groups.Audience.Members;
import dev.parley.peer.Groups.Audience.Nobody;
import dev.parley.peer.Groups.Audience.TooMany;
import dev.parley.peer.Groups.Audience.Unknown;
import dev.parley.peer.NameRefusedException;
import dev.parley.peer.NameTakenException;
import dev.parley.peer.Names;
import dev.parley.peer.Peer;
import dev.parley.peer.PeerDirectory;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Registration;
import dev.parley.peer.Resolution.Ambiguous;
import dev.parley.peer.Resolution.CrossProject;
import dev.parley.peer.Resolution.Found;
import dev.parley.peer.Resolution.Group;
import dev.parley.peer.Resolution.NotFound;
import dev.parley.peer.Resolution.Self;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link PeerDirectory} promises. */
public abstract class PeerDirectoryContract extends PeerDirectoryContractAnywhere {

    private static final SessionId ANN = new SessionId("0a1b2c3d-0000-4000-8000-00000000000a");
    private static final SessionId BEN = new SessionId("0a1b2c3d-0000-4000-8000-00000000000b");
    private static final SessionId EVE = new SessionId("ffffffff-0000-4000-8000-00000000000e");

    private PeerDirectory peers;

    @BeforeEach
    void openDirectory() throws IOException {
        peers = here().peers();
    }

    private Registration registration(SessionId id, String project, Optional<String> client) {
        return office().registration(id, Peer.CLAUDE_CODE, project, client, client);
    }

    /** A session of a client that cannot bring it back. */
    private Peer registerWithoutHooks(SessionId id, String client) throws Exception {
        Optional<String> process = Optional.of(client);
        return peers.register(office().registration(id, "some-client", PROJECT, process, process));
    }

    private Peer registerUnnamed(SessionId id) throws Exception {
        return peers.register(registration(id, PROJECT, Optional.empty()));
    }

    private Peer registerAlive(SessionId id, String client) throws Exception {
        return peers.register(registration(id, PROJECT, Optional.of(client)));
    }

    @Test
    void whoIsRegisteredCanBeFound() throws Exception {
        Peer ann = registerUnnamed(ANN);
        assertEquals(Optional.of(ann), peers.find(ANN));
        assertEquals(Optional.of(ann), elsewhere().peers().find(ANN));
        assertEquals(List.of(ann), peers.peersOf(PROJECT));
        assertEquals(List.of(), peers.peersOf("/another"));
        assertEquals(Optional.empty(), peers.find(BEN));
        assertEquals(ANN, peers.current(ANN));
    }

    /** What is left out has ended, and nobody asked about it. */
    @Test
    void whoHasNotEndedAndWhoeverIsAskedAboutIsFound() throws Exception {
        Peer ann = registerAlive(ANN, "client 7");
        Peer ben = registerUnnamed(BEN);
        Peer eve = registerAlive(EVE, "client 9");
        office().end("client 9");
        List<Peer> here = peers.peersOf(PROJECT, (name, id) -> false);
        assertTrue(here.containsAll(List.of(ann, ben)), here::toString);
        assertTrue(peers.present(PROJECT).peers().containsAll(List.of(ann, ben)));
        assertEquals(
                byName(ann, ben, eve), peers.peersOf(PROJECT, (name, id) -> name.equals(eve.name()) && id.equals(EVE)));
        assertEquals(Optional.empty(), peers.holder(PROJECT, eve.name()));
        assertTrue(peers.holder(PROJECT, ann.name())
                .filter(holder -> !holder.equals(ann))
                .isEmpty());
    }

    @Test
    void aNameFollowsFromTheIdAndSurvivesARestart() throws Exception {
        String name = registerUnnamed(ANN).name();
        assertTrue(Names.isValid(name), name);
        assertEquals(name, registerUnnamed(ANN).name());
        assertEquals(Names.of(ANN, Set.of()), name);
    }

    @Test
    void aTakenNameGetsANumber() throws Exception {
        registerUnnamed(BEN);
        peers.update(BEN, card -> card.withName(Names.of(ANN, Set.of())));
        assertEquals(Names.of(ANN, Set.of()) + "-2", registerUnnamed(ANN).name());
    }

    @Test
    void aNameBelongsToOneSessionOfAProject() throws Exception {
        registerUnnamed(ANN);
        Peer ben = registerUnnamed(BEN);
        peers.update(ANN, card -> card.withName("the-reviewer"));
        assertThrows(NameTakenException.class, () -> peers.update(BEN, card -> card.withName("the-reviewer")));
        assertEquals(Optional.of(ben), peers.find(BEN));
        peers.register(registration(EVE, "/another", Optional.empty()));
        assertEquals(
                "the-reviewer",
                peers.update(EVE, card -> card.withName("the-reviewer")).name());
    }

    @Test
    void registeringAgainKeepsWhatTheSessionSaidOfItself() throws Exception {
        registerUnnamed(ANN);
        Instant now = Instant.parse("2026-03-04T05:06:07Z");
        peers.update(
                ANN,
                card -> card.withName("the-reviewer")
                        .withPurpose(Optional.of("reviews"), now)
                        .withGroups(List.of("docs", "release")));
        Peer again = registerAlive(ANN, "client 7");
        assertEquals(List.of("docs", "release"), again.groups());
        assertEquals(Optional.of(again), elsewhere().peers().find(ANN));
        assertEquals("the-reviewer", again.name());
        assertEquals(Optional.of("reviews"), again.purpose());
        assertEquals(Optional.of(now), again.purposeSince());
    }

    @Test
    void anUpdateThatFailsChangesNothing() throws Exception {
        Peer ann = registerUnnamed(ANN);
        assertThrows(
                IllegalArgumentException.class,
                () -> peers.update(ANN, card -> card.withPurpose(Optional.of("x".repeat(201)), Instant.EPOCH)));
        assertThrows(
                IllegalArgumentException.class,
                () -> peers.update(ANN, card -> card.withGroups(List.of("g1", "g2", "g3", "g4", "g5", "g6"))));
        assertThrows(
                IllegalStateException.class,
                () -> peers.update(ANN, card -> {
                    throw new IllegalStateException("a change that fails");
                }));
        assertEquals(Optional.of(ann), peers.find(ANN));
        assertThrows(IOException.class, () -> peers.update(BEN, card -> card));
        assertEquals(Optional.empty(), peers.find(BEN));
    }

    @Test
    void aSessionLivesAsLongAsItsClient() throws Exception {
        Peer ann = registerAlive(ANN, "client 7");
        assertEquals(Life.LIVE, peers.presence(ann).life());
        office().end("client 7");
        assertEquals(Life.GONE, peers.presence(ann).life());
        office().as("client 7");
        assertEquals(Life.GONE, peers.presence(ann).life(), "its number belongs to another process now");
        Peer foreign = peers.register(office().ofAnotherMachine(BEN, Peer.CLAUDE_CODE, PROJECT));
        assertEquals(Life.UNKNOWN, peers.presence(foreign).life());
        Peer unnamed = registerUnnamed(EVE);
        assertEquals(Life.UNKNOWN, peers.presence(unnamed).life());
    }

    @Test
    void aSessionThatSaidItWasOverIsGone() throws Exception {
        Peer ann = registerAlive(ANN, "client 7");
        office().says(ANN, "ended");
        assertEquals(Life.GONE, peers.presence(ann).life());
        assertEquals(Activity.ENDED, peers.presence(ann).activity());
        office().says(ANN, "busy");
        assertEquals(Life.LIVE, peers.presence(ann).life());
        Peer over = peers.update(ANN, card -> card.withEnding(Optional.of(new Peer.Ending(Instant.EPOCH, "logout"))));
        assertEquals(Life.GONE, peers.presence(over).life());
        assertEquals(Life.LIVE, peers.presence(registerAlive(ANN, "client 8")).life());
    }

    @Test
    void aSessionThatAsksItsUserOrWasInterruptedSaysSo() throws Exception {
        Peer ann = registerAlive(ANN, "client 7");
        office().says(ANN, "asks");
        assertEquals(Activity.ASKING, peers.presence(ann).activity());
        assertFalse(peers.presence(ann).isIdle());
        office().says(ANN, "held");
        assertEquals(Activity.HELD, peers.presence(ann).activity());
        assertTrue(peers.presence(ann).isIdle());
        office().says(ANN, "sings");
        assertEquals(Activity.UNKNOWN, peers.presence(ann).activity());
        // What is no word is damage, and the store is looked at in the end.
        office().says(ANN, "idle");
    }

    @Test
    void aSessionThatIsBackIsReadyAndOneAtWorkStaysSo() throws Exception {
        Peer ann = registerAlive(ANN, "client 7");
        peers.ready(ANN, false);
        assertEquals(Activity.UNKNOWN, peers.presence(ann).activity(), "nobody would tell what it does from then on");
        peers.ready(ANN, true);
        assertEquals(Activity.IDLE, peers.presence(ann).activity());
        office().says(ANN, "busy");
        peers.ready(ANN, true);
        assertEquals(Activity.BUSY, peers.presence(ann).activity());
        office().says(ANN, "ended");
        peers.ready(ANN, false);
        assertEquals(Activity.IDLE, peers.presence(ann).activity());
        assertEquals(Life.LIVE, peers.presence(ann).life());
    }

    @Test
    void aSessionOfManyServersLivesWithAnyOfThem() throws Exception {
        for (String server : List.of("server 7", "server 8")) {
            peers.register(office().registration(ANN, Peer.CODEX, PROJECT, Optional.empty(), Optional.of(server)));
        }
        office().end("server 8");
        Peer ann = peers.find(ANN).orElseThrow();
        assertEquals(2, ann.servers().size());
        assertEquals(Life.LIVE, peers.presence(ann).life());
        office().end("server 7");
        assertEquals(Life.GONE, peers.presence(ann).life());
    }

    @Test
    void peersAreFoundByNameIdBeginningAndTmuxSession() throws Exception {
        Peer caller = registerUnnamed(ANN);
        registerAlive(EVE, "client 7");
        office().show("client 7", "build", "second view");
        Peer eve = peers.update(EVE, card -> card.withName("the-builder"));
        for (String target : List.of(
                "the-builder", "The-Builder", EVE.value(), EVE.value().substring(0, 8), "build", "second view")) {
            assertEquals(new Found(eve), peers.resolve(target, caller), target);
        }
        assertInstanceOf(NotFound.class, peers.resolve(EVE.value().substring(0, 7), caller));
        assertEquals(new NotFound(List.of("the-builder"), List.of()), peers.resolve("nobody", caller));
    }

    @Test
    void aTmuxSessionIsLookedForWhereItIsNowAndMayHoldSeveral() throws Exception {
        Peer caller = registerUnnamed(EVE);
        Peer ann = registerAlive(ANN, "client 7");
        Peer ben = registerAlive(BEN, "client 8");
        office().show("client 7", "work");
        office().show("client 8", "work");
        Ambiguous both = assertInstanceOf(Ambiguous.class, peers.resolve("work", caller));
        assertEquals(Set.of(ann, ben), Set.copyOf(both.candidates()));
        office().show("client 8", "play");
        assertEquals(new Found(ann), peers.resolve("work", caller));
        assertEquals(Map.of(ANN, List.of("work"), BEN, List.of("play")), peers.tmuxSessions(List.of(ann, ben, caller)));
        office().end("client 8");
        assertInstanceOf(NotFound.class, peers.resolve("play", caller), "whose process has ended is seen nowhere");
    }

    @Test
    void theCallerIsNoCandidate() throws Exception {
        Peer ann = registerUnnamed(ANN);
        Peer ben = registerUnnamed(BEN);
        assertEquals(new Self(), peers.resolve(ann.name(), ann));
        assertEquals(new Self(), peers.resolve(ANN.value(), ann));
        assertEquals(new Found(ben), peers.resolve("0a1b2c3d", ann));
    }

    @Test
    void moreThanOneIsAmbiguousUnlessOneLives() throws Exception {
        Peer caller = registerUnnamed(EVE);
        Peer ann = registerAlive(ANN, "client 7");
        Peer ben = registerAlive(BEN, "client 8");
        Ambiguous both = assertInstanceOf(Ambiguous.class, peers.resolve("0a1b2c3d", caller));
        assertEquals(Set.of(ann, ben), Set.copyOf(both.candidates()));
        office().end("client 7");
        assertEquals(new Found(ben), peers.resolve("0a1b2c3d", caller));
        office().end("client 8");
        assertInstanceOf(Ambiguous.class, peers.resolve("0a1b2c3d", caller));
        assertEquals(
                new NotFound(List.of(), List.of()),
                peers.resolve("nobody", caller),
                "those that are gone are not offered");
    }

    @Test
    void anotherProjectIsOutOfReach() throws Exception {
        Peer caller = registerUnnamed(ANN);
        peers.register(registration(EVE, "/another", Optional.empty()));
        Peer eve = peers.update(EVE, card -> card.withName("the-builder"));
        assertEquals(new CrossProject(), peers.resolve(EVE.value(), caller));
        assertInstanceOf(NotFound.class, peers.resolve(eve.name(), caller));
        assertInstanceOf(NotFound.class, peers.resolve(EVE.value().substring(0, 8), caller));
    }

    @Test
    void nobodyDrawsMailAwayByTakingAnIdForAName() throws Exception {
        Peer caller = registerUnnamed(ANN);
        registerUnnamed(BEN);
        registerUnnamed(EVE);
        for (String name : List.of(
                BEN.value(),
                BEN.value().substring(0, 12),
                BEN.value().substring(0, 8),
                "deadbeef",
                "deadbeef-cafe",
                "0123456789abcdef")) {
            assertThrows(NameRefusedException.class, () -> peers.update(EVE, card -> card.withName(name)), name);
        }
        assertInstanceOf(Found.class, peers.resolve(BEN.value(), caller));
        assertEquals(
                "deadbee", peers.update(EVE, card -> card.withName("deadbee")).name());
        assertEquals(
                "decade-cafe",
                peers.update(EVE, card -> card.withName("decade-cafe")).name());
    }

    @Test
    void nobodyIsCalledLikeParleyItselfOrItsPeople() throws Exception {
        registerUnnamed(ANN);
        for (String name : List.of(
                "operator",
                "office",
                "user",
                "system",
                "all",
                "0perator",
                "oper-ator",
                "opera-t0r",
                "a1l",
                "a-l-l",
                "sy5tem",
                "off1ce",
                "p-abc",
                "m-abc",
                "q-0000000000000000")) {
            assertThrows(NameRefusedException.class, () -> peers.update(ANN, card -> card.withName(name)), name);
        }
        assertEquals(
                "operators",
                peers.update(ANN, card -> card.withName("operators")).name());
    }

    @Test
    void aNameThatIsTooMuchLikeAnotherIsRefusedWithinTheProject() throws Exception {
        registerAlive(ANN, "client 41");
        registerUnnamed(BEN);
        peers.update(ANN, card -> card.withName("modern-oil"));
        for (String name :
                List.of("modern-oil", "modernoil", "m0dern-oil", "modern-0il", "modem-oil", "m-o-dern-o1l")) {
            IOException refused =
                    assertThrows(IOException.class, () -> peers.update(BEN, card -> card.withName(name)), name);
            assertTrue(refused instanceof NameTakenException || name.startsWith("m-"), refused::toString);
        }
        peers.register(registration(EVE, "/another", Optional.empty()));
        assertEquals(
                "modernoil",
                peers.update(EVE, card -> card.withName("modernoil")).name());
        office().end("client 41");
        NameTakenException out =
                assertThrows(NameTakenException.class, () -> peers.update(BEN, card -> card.withName("modernoil")));
        assertTrue(String.valueOf(out.getMessage()).contains("can be resumed"), out::toString);
        assertEquals(
                "modern-oil",
                peers.update(ANN, card -> card.withName("modern-oil")).name(),
                "its own");
    }

    @Test
    void aNameThatIsTheBeginningOfAChosenIdIsRefused() throws Exception {
        registerUnnamed(ANN);
        peers.register(registration(new SessionId("Build-bot-7"), PROJECT, Optional.empty()));
        assertThrows(NameRefusedException.class, () -> peers.update(ANN, card -> card.withName("build-bot")));
        assertThrows(NameRefusedException.class, () -> peers.update(ANN, card -> card.withName("build-bot-7")));
        Peer own = peers.find(new SessionId("Build-bot-7")).orElseThrow();
        assertEquals(
                "build-bot",
                peers.update(own.id(), card -> card.withName("build-bot")).name(),
                "its own");
    }

    @Test
    void anIdThatItsClientGaveGoesBeforeANameThatSomebodyChose() throws Exception {
        Peer caller = registerUnnamed(EVE);
        registerUnnamed(ANN);
        peers.update(ANN, card -> card.withName("build-bot"));
        Peer came = peers.register(registration(new SessionId("build-bot-77"), PROJECT, Optional.empty()));
        // Until its holder has been renamed, nobody is meant by what may mean two.
        Ambiguous both = assertInstanceOf(Ambiguous.class, peers.resolve("build-bot", caller));
        assertEquals(2, both.candidates().size());
        List<Peer> renamed = peers.giveWay(came);
        assertEquals(List.of(ANN), renamed.stream().map(Peer::id).toList());
        assertNotEquals("build-bot", peers.find(ANN).orElseThrow().name());
        assertEquals(new Found(came), peers.resolve("build-bot", caller));
        assertEquals(List.of(), peers.giveWay(came), "once");
        assertEquals(List.of(), peers.giveWay(caller));
    }

    @Test
    void anAddressThatIsGivenAwayLeadsToItsNewHolderUntilItsOwnIsBack() throws Exception {
        Peer caller = registerUnnamed(EVE);
        registerAlive(ANN, "client 41");
        Peer ben = registerAlive(BEN, "client 42");
        office().end("client 41");
        peers.give(ANN, BEN);
        assertEquals(new Found(ben), peers.resolve(ANN.value(), caller));
        assertEquals(
                List.of(BEN, EVE),
                peers.peersOf(PROJECT).stream().map(Peer::id).sorted().toList());
        assertThrows(IOException.class, () -> peers.give(ANN, ANN));
        assertThrows(IOException.class, () -> peers.give(ANN, new SessionId("nobody")));
        Peer back = registerAlive(ANN, "client 43");
        assertEquals(Optional.of(BEN), back.taken().map(Peer.Taking::by), "it can be told");
        assertEquals(ANN, peers.current(ANN));
    }

    @Test
    void aSessionElsewhereHidesNoNameByTakingItForItsId() throws Exception {
        Peer caller = registerUnnamed(ANN);
        Peer ben = registerUnnamed(BEN);
        peers.register(registration(new SessionId(ben.name()), "/another", Optional.empty()));
        assertEquals(new Found(ben), peers.resolve(ben.name(), caller));
    }

    @Test
    void theNameOfASessionThatCannotComeBackCanBeTaken() throws Exception {
        registerWithoutHooks(ANN, "client 41");
        registerAlive(BEN, "client 42");
        peers.update(ANN, card -> card.withName("builder"));
        assertThrows(NameTakenException.class, () -> peers.update(BEN, card -> card.withName("builder")));
        office().end("client 41");
        Peer ben = peers.update(BEN, card -> card.withName("builder"));
        assertEquals("builder", ben.name());
        assertEquals(new Found(ben), peers.resolve("builder", registerUnnamed(EVE)));
        assertNotEquals("builder", registerWithoutHooks(ANN, "client 43").name(), "back, but the name has gone on");
    }

    @Test
    void whoTookTheNameOfASessionThatCannotComeBackKeepsIt() throws Exception {
        registerWithoutHooks(ANN, "client 41");
        registerAlive(BEN, "client 42");
        peers.update(ANN, card -> card.withName("builder"));
        office().end("client 41");
        peers.update(BEN, card -> card.withName("builder"));
        assertEquals(
                "builder",
                peers.update(BEN, card -> card.withPurpose(Optional.of("builds"), Instant.EPOCH))
                        .name());
        assertEquals("builder", registerAlive(BEN, "client 42").name());
    }

    @Test
    void aNameThatFollowsFromAnIdIsNotTakenFromASessionThatHasEnded() throws Exception {
        registerAlive(BEN, "client 42");
        peers.update(BEN, card -> card.withName(Names.of(ANN, Set.of())));
        office().end("client 42");
        assertEquals(
                Names.of(ANN, Set.of()) + "-2", registerAlive(ANN, "client 41").name());
    }

    @Test
    void oddTargetsAreNotFoundAndHarmNothing() throws Exception {
        Peer caller = registerUnnamed(ANN);
        for (String target : List.of("", " ", "..", "../ann", "a/b", "\\u0000", "x".repeat(10_000), "İ", "--------")) {
            assertInstanceOf(NotFound.class, peers.resolve(target, caller), target);
        }
    }

    @Test
    void aSessionUnderANewIdKeepsNamePurposeAndGroupsAndIsFoundByBothIds() throws Exception {
        Peer caller = registerUnnamed(BEN);
        registerUnnamed(ANN);
        peers.update(
                ANN,
                card -> card.withName("the-reviewer")
                        .withPurpose(Optional.of("reviews"), Instant.EPOCH)
                        .withGroups(List.of("docs")));
        Peer eve = peers.move(ANN, registration(EVE, PROJECT, Optional.empty()));
        assertEquals("the-reviewer", eve.name());
        assertEquals(List.of("docs"), eve.groups());
        assertEquals(Optional.of("reviews"), eve.purpose());
        assertEquals(EVE, peers.current(ANN));
        assertEquals(new Found(eve), peers.resolve(ANN.value(), caller));
        assertEquals(
                List.of(BEN, EVE),
                peers.peersOf(PROJECT).stream().map(Peer::id).sorted().toList());
    }

    @Test
    void aNewIdWithANameOfItsOwnKeepsThat() throws Exception {
        registerUnnamed(ANN);
        peers.update(ANN, card -> card.withName("the-reviewer"));
        Peer before = registerUnnamed(EVE);
        assertEquals(
                before.name(),
                peers.move(ANN, registration(EVE, PROJECT, Optional.empty())).name());
        assertNotEquals("the-reviewer", before.name());
    }

    @Test
    void aNewIdInGroupsOfItsOwnKeepsThose() throws Exception {
        registerUnnamed(ANN);
        peers.update(ANN, card -> card.withGroups(List.of("docs", "release")));
        registerUnnamed(EVE);
        peers.update(EVE, card -> card.withGroups(List.of("tests")));
        assertEquals(
                List.of("tests"),
                peers.move(ANN, registration(EVE, PROJECT, Optional.empty())).groups());
    }

    @Test
    void aGroupIsEveryOtherSessionInItThatHasNotEnded() throws Exception {
        Peer ann = join(ANN, "client 7", "docs");
        Peer ben = join(BEN, "client 8", "docs", "release");
        Peer eve = join(EVE, "client 9", "release");
        assertEquals(new Members("docs", List.of(ben)), Groups.find("@docs", ann, peers));
        assertEquals(new Members("release", byName(ben, eve)), Groups.find("@Release", ann, peers));
        assertEquals(new Members("all", byName(ben, eve)), Groups.find("@all", ann, peers));
        office().end("client 8");
        assertEquals(new Nobody("docs"), Groups.find("@docs", ann, peers), "those who ended keep the group known");
        assertEquals(new Members("all", List.of(eve)), Groups.find("@all", ann, peers));
        peers.update(EVE, card -> card.withGroups(List.of()));
        assertEquals(new Nobody("release"), Groups.find("@release", ann, peers));
        office().end("client 9");
        assertEquals(new Nobody("all"), Groups.find("@all", ann, peers));
    }

    @Test
    void aSessionOfWhichNobodyKnowsWhetherItRunsIsInItsGroups() throws Exception {
        Peer ann = join(ANN, "client 7");
        peers.register(office().ofAnotherMachine(BEN, Peer.CLAUDE_CODE, PROJECT));
        Peer ben = peers.update(BEN, card -> card.withGroups(List.of("docs")));
        assertEquals(new Members("docs", List.of(ben)), Groups.find("@docs", ann, peers));
    }

    @Test
    void aGroupThatNobodyIsInIsUnknownAndTheNearestAreTold() throws Exception {
        Peer ann = join(ANN, "client 7", "reviewers");
        join(BEN, "client 8", "docs");
        office().end("client 8");
        peers.register(registration(EVE, "/another", Optional.empty()));
        peers.update(EVE, card -> card.withGroups(List.of("elsewhere")));
        Unknown near = new Unknown("reviewer", List.of("all", "reviewers"), List.of("reviewers"));
        assertEquals(near, Groups.find("@reviewer", ann, peers));
        assertEquals("did you mean @reviewers?", near.hint());
        Unknown far = new Unknown("elsewhere", List.of("all", "reviewers"), List.of());
        assertEquals(far, Groups.find("@elsewhere", ann, peers));
        assertEquals("there are: @all, @reviewers", far.hint());
        assertInstanceOf(Unknown.class, Groups.find("@", ann, peers));
        for (int i = 0; i < 7; i++) {
            SessionId id = new SessionId("member." + i);
            registerUnnamed(id);
            List<String> five = List.of("g" + i + 0, "g" + i + 1, "g" + i + 2, "g" + i + 3, "g" + i + 4);
            peers.update(id, card -> card.withGroups(five));
        }
        Unknown among = assertInstanceOf(Unknown.class, Groups.find("@nothing-like-it", ann, peers));
        assertEquals(30, among.groups().size(), "no list without end");
        assertEquals("all", among.groups().get(0));
    }

    @Test
    void moreThanFiftyAreTooMany() throws Exception {
        Peer ann = join(ANN, "client 7");
        for (int i = 1; i <= Groups.MOST_RECEIVERS; i++) {
            registerUnnamed(new SessionId("member." + i));
        }
        Members most = assertInstanceOf(Members.class, Groups.find("@all", ann, peers));
        assertEquals(Groups.MOST_RECEIVERS, most.peers().size());
        registerUnnamed(new SessionId("one.more"));
        assertEquals(new TooMany("all", Groups.MOST_RECEIVERS + 1), Groups.find("@all", ann, peers));
    }

    @Test
    void whatBeginsAsAGroupNamesNoSession() throws Exception {
        Peer caller = registerUnnamed(ANN);
        registerAlive(EVE, "client 7");
        office().show("client 7", "@build");
        for (String target : List.of("@build", "@all", "@", "@" + EVE)) {
            assertEquals(new Group(), peers.resolve(target, caller), target);
        }
    }

    private Peer join(SessionId id, String client, String... groups) throws Exception {
        registerAlive(id, client);
        return peers.update(id, card -> card.withGroups(List.of(groups)));
    }

    private static List<Peer> byName(Peer... peers) {
        return Stream.of(peers).sorted(Comparator.comparing(Peer::name)).toList();
    }

    @Test
    void movingToTheSameIdIsRegistering() throws Exception {
        registerUnnamed(ANN);
        assertEquals(
                ANN,
                peers.move(ANN, registration(ANN, PROJECT, Optional.empty())).id());
        assertEquals(ANN, peers.current(ANN));
    }

    @Test
    void chainsOfIdsLeadToTheLastAndBackAgain() throws Exception {
        registerUnnamed(ANN);
        peers.move(ANN, registration(BEN, PROJECT, Optional.empty()));
        peers.move(BEN, registration(EVE, PROJECT, Optional.empty()));
        assertEquals(EVE, peers.current(ANN));
        assertEquals(EVE, peers.current(BEN));
        peers.move(EVE, registration(ANN, PROJECT, Optional.empty()));
        assertEquals(List.of(ANN), peers.peersOf(PROJECT).stream().map(Peer::id).toList());
        assertEquals(ANN, peers.current(BEN));
        assertEquals(ANN, peers.current(EVE));
        registerUnnamed(BEN);
        assertEquals(BEN, peers.current(BEN), "it is back under its own id");
        assertEquals(ANN, peers.current(EVE));
    }

    @Test
    void manyProcessesRegisteringAtOnceGetNamesOfTheirOwn() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Peer>> tasks = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                // These ids differ in ways that often give the same two words.
                SessionId id = new SessionId("s" + i % 12);
                PeerDirectory one = i % 2 == 0 ? peers : elsewhere().peers();
                tasks.add(() -> one.register(registration(id, PROJECT, Optional.empty())));
            }
            for (Future<Peer> registered : pool.invokeAll(tasks)) {
                registered.get();
            }
        } finally {
            pool.shutdownNow();
        }
        List<Peer> all = peers.peersOf(PROJECT);
        Set<String> names = new HashSet<>();
        all.forEach(peer -> assertTrue(names.add(peer.name()), peer.name()));
        assertEquals(12, all.size());
    }
}
