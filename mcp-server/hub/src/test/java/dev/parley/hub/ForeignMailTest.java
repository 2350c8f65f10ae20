package dev.parley.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.hub.Road.Address;
import dev.parley.ledger.MessageState;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.office.PostOffice;
import dev.parley.peer.Presence.Activity;
import dev.parley.remote.Pair;
import dev.parley.remote.Parcel;
import dev.parley.remote.Progress;
import dev.parley.remote.Receipt;
import dev.parley.remote.RefusedMail;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.store.Checksummed;
import dev.parley.testing.Letters;
import dev.parley.testing.SteppedClock;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What comes from another machine is checked like a file of the store: what is no mail is refused, its sender told, set aside and
 * counted, and what comes behind it flows.
 */
final class ForeignMailTest {

    private static final String TOKEN = Machine.PROJECT.token();

    private final SteppedClock clock = new SteppedClock(Letters.SENT);
    private final MemoryHub hub = new MemoryHub(clock, 1);
    private int injected;
    private Machine laptop;
    private Machine server;

    @BeforeEach
    void makeMachines() throws Exception {
        laptop = Machine.of("laptop", hub, clock);
        server = Machine.of("build-server", hub, clock);
        laptop.begin("ann-00001");
        server.begin("ben-00001");
    }

    private void settle() throws Exception {
        Machine.settle(clock, 200, laptop, server);
    }

    private MessageState state(Envelope letter) throws IOException {
        return progress(letter).orElseThrow().state();
    }

    private Optional<Progress> progress(Envelope letter) throws IOException {
        return laptop.mail.sent().find(letter.id()).flatMap(sent -> sent.progress());
    }

    private void inject(String id, byte[] content) throws Exception {
        settle();
        injected++;
        var unused = hub.as(laptop.host).publish(new Address(TOKEN, server.host, laptop.host, id), injected, content);
    }

    private static byte[] changed(byte[] content, String part, String by) throws Exception {
        String text = Checksummed.decode(Path.of("x"), content);
        assertTrue(text.contains(part), text);
        return Checksummed.encode(text.replace(part, by));
    }

    /** The only message of a pair whose address is what it should be. */
    private byte[] mailOf(Envelope letter, HostName says) {
        Parcel parcel = new Parcel(Pair.of(server.host, letter), "e".repeat(16), 1, 0, Optional.empty(), letter);
        return Wire.mail(parcel, says);
    }

    private void assertRefused(String id, byte[] content, String reason) throws Exception {
        int before = server.mail.refused().all().size();
        inject(id, content);
        laptop.send("ann-00001", server, "ben-00001", "the rest flows");
        settle();
        List<RefusedMail.Refusal> refused = server.mail.refused().all();
        assertEquals(before + 1, refused.size(), refused::toString);
        RefusedMail.Refusal last = refused.get(before);
        assertTrue(last.reason().contains(reason), last::reason);
        assertEquals(laptop.host, last.host());
        assertEquals(List.of("the rest flows"), server.bodies("ben-00001"));
        assertTrue(server.office.events().contains("mail-refused"), server.office.events()::toString);
        Machine.pass(clock, 3, laptop, server);
        assertEquals(0, hub.waitingFor(server.host));
    }

    @Test
    void aForgedSenderIsRefused() throws Exception {
        Envelope letter = laptop.letter("ann-00001", "ben-00001", "as somebody else");
        HostName other = new HostName("workstation");
        String forged = "from another machine than the one that sent it";
        assertRefused(letter.id().value(), mailOf(letter, other), forged);
        assertRefused(letter.id().value(), mailOf(letter.from(other), laptop.host), forged);
        Envelope second = laptop.letter("ann-00001", "ben-00001", "another id");
        assertRefused(second.id().value(), mailOf(letter, laptop.host), "another message than its address says");
    }

    @Test
    void anotherVersionIsRefusedAndItsSenderIsTold() throws Exception {
        Envelope letter = laptop.letter("ann-00001", "ben-00001", "from the future");
        byte[] newer = changed(mailOf(letter, laptop.host), "{\"v\":1,\"kind\"", "{\"v\":2,\"kind\"");
        assertRefused(letter.id().value(), newer, "of a version that is not known here; update Parley");
        // The one that it was put for is told why it waits.
        Envelope sent = laptop.send("ann-00001", server, "ben-00001", "hello");
        laptop.postmanNow().send(Duration.ZERO);
        assertTrue(laptop.mail
                .sent()
                .learn(server.host, Progress.refused(sent.id(), 1, "of a version that is not known here")));
        assertTrue(progress(sent).orElseThrow().refused().isPresent());
    }

    @Test
    void rubbishIsRefused() throws Exception {
        Envelope letter = laptop.letter("ann-00001", "ben-00001", "x");
        String id = letter.id().value();
        byte[] good = mailOf(letter, laptop.host);
        assertRefused(id, new byte[1 << 20], "it has 1048576 bytes");
        assertRefused(id, new byte[] {0, 1, 2, (byte) 0xff}, "it is damaged, or no mail at all");
        assertRefused(id, new byte[0], "it is damaged, or no mail at all");
        assertRefused(id, Checksummed.encode("{}\n{}\n"), "of a version that is not known here");
        assertRefused(id, Checksummed.encode("[]\n{}\n"), "begins with no JSON object");
        assertRefused(id, Checksummed.encode("{\"v\":1}\n"), "it has 1 lines in place of 2");
        assertRefused(id, changed(good, "\"number\":1", "\"number\":-1"), "numbers begin at 1");
        assertRefused(id, changed(good, "\"number\":1", "\"number\":\"x\""), "it is no message");
        assertRefused(
                id, changed(good, "\"kind\":\"mail\"", "\"kind\":\"receipt\""), "it is no mail, as its address says");
        assertRefused(id, changed(good, "\"to\":\"ben-00001\"", "\"to\":\"../../x\""), "it is no message");
        String name = "\"from_name\":\"" + letter.fromName() + "\"";
        assertRefused(
                id,
                changed(good, name, "\"from_name\":\"tidy-fox on build-server\""),
                "the name of its sender is none");
        assertRefused("x-odd", good, "its address is none of mail");
        assertRefused("r-" + "0".repeat(32), good, "it has 2 lines in place of 1");
        assertRefused("s-" + id, good, "it has 2 lines in place of 1");
        byte[] receipt = Wire.receipt(
                new Receipt(Pair.of(laptop.host, letter), "e".repeat(16), 0, Optional.empty(), false), laptop.host);
        assertRefused("r-" + "0".repeat(32), receipt, "the receipt of other sessions than its address says");
        byte[] progress = Wire.progress(Progress.refused(letter.id(), 1, "no"), laptop.host);
        assertRefused("r-" + "0".repeat(32), progress, "it is no receipt, as its address says");
        assertRefused("s-" + id, receipt, "it is no progress, as its address says");
        assertRefused("s-m-0000000000000000", progress, "tells of another message than its address says");
    }

    /** Each of these reads as JSON, and has a checksum that fits. */
    @Test
    void noPartOfMailIsTakenUnseen() throws Exception {
        Envelope letter = laptop.letter("ann-00001", "ben-00001", Optional.of(RequestId.create()), "x");
        String good = Checksummed.decode(Path.of("x"), mailOf(letter, laptop.host));
        Map<String, List<String>> parts = new LinkedHashMap<>();
        parts.put("\"v\":1", List.of("\"v\":99999999999999999999", "\"v\":true", "\"v\":null", "\"w\":1"));
        parts.put("\"kind\":\"mail\"", List.of("\"kind\":\"\"", "\"kind\":[\"mail\"]", "\"kind\":\"mail\\u0000\""));
        parts.put(
                "\"from_host\":\"laptop\"",
                List.of(
                        "\"from_host\":\"laptop\",\"from_host\":\"laptop\"",
                        "\"from_host\":\"Laptop\"",
                        "\"from_host\":\"\"",
                        "\"from_host\":" + "[".repeat(20_000) + "]".repeat(20_000)));
        parts.put(
                "\"epoch\":\"eeeeeeeeeeeeeeee\"",
                List.of("\"epoch\":\"../../../../../x\"", "\"epoch\":\"eeeeeeeeeeeeeee\\u0000\"", "\"epoch\":1"));
        parts.put(
                "\"number\":1",
                List.of("\"number\":0", "\"number\":9223372036854775808", "\"number\":1.0", "\"number\":2", "\"n\":1"));
        parts.put("\"settled\":0", List.of("\"settled\":-1", "\"settled\":1", "\"settled\":0,\"after\":\"../../x\""));
        parts.put("\"id\":\"" + letter.id(), List.of("\"id\":\"../../" + letter.id(), "\"id\":\"" + "m".repeat(5000)));
        parts.put("\"from\":\"ann-00001\"", List.of("\"from\":\"../../x\"", "\"from\":\"~office\"", "\"f\":1"));
        parts.put(
                "\"to\":\"ben-00001\"",
                List.of(
                        "\"to\":\"ben-00001\\u0000\"",
                        "\"to\":\"" + "b".repeat(5000) + "\"",
                        "\"to\":\"\"",
                        "\"t\":1"));
        parts.put(
                "\"from_name\":\"" + letter.fromName(),
                List.of(
                        "\"from_name\":\"tidy\\u202efox",
                        "\"from_name\":\"tidy\\u001b[2Jfox",
                        "\"from_name\":\"tidy\\nfox",
                        "\"from_name\":\"" + "x".repeat(300)));
        parts.put(
                "\"request_id\":\"" + letter.requestId().orElseThrow(),
                List.of("\"request_id\":\"../../x", "\"supersedes\":\"../x", "\"reply_to\":\"\\u0000"));
        parts.put("\"hops\":0", List.of("\"hops\":-1", "\"hops\":2147483647", "\"hops\":2147483648", "\"hops\":{}"));
        List<String> noTimes = List.of(
                "-1", "253402300800000", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e300");
        parts.put(
                "\"sent_ms\":" + letter.sentAt().toEpochMilli(),
                noTimes.stream().map(time -> "\"sent_ms\":" + time).toList());
        parts.put(
                "\"origin\":\"peer\"",
                noTimes.stream()
                        .map(time -> "\"origin\":\"peer\",\"due_ms\":" + time)
                        .toList());
        parts.put(
                "\"body\":\"x\"",
                List.of(
                        "\"body\":\"\"",
                        "\"body\":\"\\ud800\"",
                        "\"body\":\"" + "x".repeat(Envelope.MAX_BODY_BYTES + 1) + "\"",
                        "\"body\":\"x",
                        "\"body\":\"x\",\"body\":\"x\"",
                        "\"b\":1"));
        settle();
        for (Map.Entry<String, List<String>> part : parts.entrySet()) {
            for (String by : part.getValue()) {
                assertTrue(good.contains(part.getKey()), part.getKey());
                byte[] bad = Checksummed.encode(good.replace(part.getKey(), by));
                int before = refusedSoFar();
                injected++;
                var unused = hub.as(laptop.host)
                        .publish(
                                new Address(
                                        TOKEN,
                                        server.host,
                                        laptop.host,
                                        letter.id().value()),
                                injected,
                                bad);
                Machine.pass(clock, 1, server);
                assertEquals(before + 1, refusedSoFar(), by.length() > 200 ? by.substring(0, 200) : by);
            }
        }
        byte[] long1 = Checksummed.encode("x".repeat(Wire.MAX_BYTES - 16) + "\n");
        assertEquals(Wire.MAX_BYTES + 1, long1.length);
        assertRefused(letter.id().value(), long1, "it has 65537 bytes, and no mail has more than 65536");
    }

    /** How many were refused since the store was made. */
    private int refusedSoFar() throws IOException {
        List<RefusedMail.Refusal> all = server.mail.refused().all();
        return all.isEmpty() ? 0 : (int) all.get(all.size() - 1).number();
    }

    /** What can be told of a message that never went there, and what can be settled that nobody sent: nothing. */
    @Test
    void receiptsAndStatesOfWhatNeverWasChangeNothing() throws Exception {
        Envelope never = laptop.letter("ann-00001", "ben-00001", "never sent");
        Receipt receipt =
                new Receipt(Pair.of(server.host, never), "e".repeat(16), Long.MAX_VALUE, Optional.of(never.id()), true);
        Progress progress = new Progress(
                never.id(),
                Long.MAX_VALUE,
                MessageState.SHOWN,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        settle();
        Road road = hub.as(server.host);
        Pair seenByServer =
                new Pair(laptop.host, receipt.pair().from(), receipt.pair().to());
        Receipt sent = new Receipt(seenByServer, receipt.epoch(), receipt.number(), receipt.last(), true);
        road.replace(new Address(TOKEN, laptop.host, server.host, Wire.idOf(sent)), Wire.receipt(sent, server.host));
        road.replace(
                new Address(TOKEN, laptop.host, server.host, Wire.idOf(progress)),
                Wire.progress(progress, server.host));
        Machine.pass(clock, 2, laptop);
        assertEquals(0, hub.waitingFor(laptop.host));
        assertEquals(List.of(), laptop.mail.refused().all());
        assertEquals(Optional.empty(), laptop.mail.sent().find(never.id()));
        assertEquals(0, laptop.mail.outbox().size());
        laptop.send("ann-00001", server, "ben-00001", "the rest flows");
        settle();
        assertEquals(List.of("the rest flows"), server.bodies("ben-00001"));
    }

    @Test
    void aFloodOfRubbishIsCountedAndOnlyTheNewestIsKept() throws Exception {
        int flood = RefusedMail.KEPT + 50;
        settle();
        for (int i = 0; i < flood; i++) {
            MessageId id = MessageId.create(Optional.of(new SessionId("ann-00001")));
            var unused = hub.as(laptop.host)
                    .publish(new Address(TOKEN, server.host, laptop.host, id.value()), i, new byte[] {1});
        }
        laptop.send("ann-00001", server, "ben-00001", "the rest flows");
        settle();
        assertEquals(List.of("the rest flows"), server.bodies("ben-00001"));
        assertEquals(flood, refusedSoFar());
        assertEquals(RefusedMail.KEPT, server.mail.refused().all().size());
        Machine.pass(clock, 3, laptop, server);
        assertEquals(0, hub.waitingFor(server.host) + hub.waitingFor(laptop.host));
    }

    /** The hub gives nothing new to a machine that leaves a thousand messages unacknowledged. */
    @Test
    void mailThatIsNeverDueHoldsUpNobody() throws Exception {
        settle();
        Envelope first = laptop.letter("ann-00001", "ben-00001", "never sent");
        for (int i = 0; i < 1100; i++) {
            Envelope letter = laptop.letter("ann-00001", "ben-00001", "early");
            long number = i % 2 == 0 ? 2 : Long.MAX_VALUE;
            Parcel parcel = new Parcel(
                    Pair.of(server.host, letter), "e".repeat(16), number, 0, Optional.of(first.id()), letter);
            var unused = hub.as(laptop.host)
                    .publish(
                            new Address(
                                    TOKEN, server.host, laptop.host, letter.id().value()),
                            i,
                            Wire.mail(parcel, laptop.host));
        }
        laptop.begin("cleo-0001");
        laptop.send("cleo-0001", server, "ben-00001", "the rest flows");
        Machine.pass(clock, 45, laptop, server);
        assertEquals(List.of("the rest flows"), server.bodies("ben-00001"));
        assertEquals(Reception.MOST_WAITING, hub.waitingFor(server.host));
    }

    /** A fault of this program's is no reason to stop, and loses nothing. */
    @Test
    void whatBringsTheProgramDownIsSetAsideToo() throws Exception {
        settle();
        Envelope sent = laptop.send("ann-00001", server, "ben-00001", "hello");
        laptop.step();
        PostOffice faulty = (PostOffice) Proxy.newProxyInstance(
                PostOffice.class.getClassLoader(), new Class<?>[] {PostOffice.class}, (proxy, method, arguments) -> {
                    boolean isOfTheMail = StackWalker.getInstance()
                            .walk(frames -> frames.anyMatch(
                                    frame -> frame.getMethodName().equals("takeMail")));
                    if (method.getName().equals("peers") && isOfTheMail) {
                        throw new IllegalStateException("a fault");
                    }
                    return method.invoke(server.here, arguments);
                });
        try (Postman postman = new Postman(
                faulty, server.mail, server.team(), hub.as(server.host), clock::elapsedNanos, new Random(1))) {
            postman.keep();
            assertEquals(1, postman.receive(Duration.ZERO));
        }
        assertEquals(
                "it could not be understood: IllegalStateException",
                server.mail.refused().all().get(0).reason());
        laptop.step();
        assertTrue(progress(sent).orElseThrow().refused().isPresent());
        settle();
        assertEquals(List.of("hello"), server.bodies("ben-00001"));
    }

    @Test
    void aMachineThatTakesNothingSaysSoUntilItDoes() throws Exception {
        server.accept(Set.of());
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        Machine.pass(clock, 5, laptop, server);
        assertEquals(
                Optional.of("build-server takes no mail from laptop"),
                progress(letter).orElseThrow().refused());
        server.accept(Set.of(laptop.host));
        settle();
        assertEquals(List.of("hello"), server.bodies("ben-00001"));
    }

    /** Cards and signs of life: what is none is passed over, told of once, and hides none that is. */
    @Test
    void rubbishInTheBucketHidesNothing() throws Exception {
        HostName eve = new HostName("eve");
        Road road = hub.as(eve);
        settle();
        Card good = new Card(
                eve,
                TOKEN,
                new SessionId("good-0001"),
                "good-fox",
                "codex",
                Optional.of("p"),
                Optional.of(Letters.SENT),
                List.of(),
                Activity.BUSY,
                Optional.of(Letters.SENT),
                Letters.SENT);
        byte[] content = Wire.card(good);
        road.put(Wire.key(good), content, Road.ABSENT);
        road.put("eve", new byte[] {1, 2, 3}, Road.ABSENT);
        road.put("eve.x", content, Road.ABSENT);
        road.put("eve." + TOKEN + ".a.b", content, Road.ABSENT);
        road.put("eve." + TOKEN + ".-odd", content, Road.ABSENT);
        road.put("eve." + "z".repeat(20) + ".s", content, Road.ABSENT);
        road.put("eve." + "f".repeat(20) + ".of-another-project", content, Road.ABSENT);
        List<byte[]> bad = List.of(
                new byte[0],
                new byte[4096],
                Checksummed.encode("{}\n"),
                Checksummed.encode("[".repeat(3000) + "\n"),
                changed(content, "\"name\":\"good-fox\"", "\"name\":\"good\\u202efox\""),
                changed(content, "\"name\":\"good-fox\"", "\"name\":\"fox on laptop\""),
                changed(content, "\"client\":\"codex\"", "\"client\":\"co dex\""),
                changed(content, "\"client\":\"codex\"", "\"client\":\"" + "c".repeat(61) + "\""),
                changed(content, "\"purpose\":\"p\"", "\"purpose\":\"" + "p".repeat(201) + "\""),
                changed(content, "\"activity\":\"busy\"", "\"activity\":\"dancing\""),
                changed(content, "\"since_ms\":", "\"since_ms\":-"),
                changed(content, "\"since_ms\":", "\"since_ms\":99999"),
                changed(content, "\"registered_ms\":", "\"registered_ms\":\"x\",\"r\":"),
                changed(content, "\"v\":1", "\"v\":2"));
        for (int i = 0; i < bad.size(); i++) {
            road.put("eve." + TOKEN + ".bad" + i, bad.get(i), Road.ABSENT);
        }
        Machine.pass(clock, 11, laptop, server);
        assertEquals(
                List.of("build-server/ben-00001", "eve/good-0001"),
                laptop.mail.cards().of(TOKEN).stream()
                        .map(card -> card.host() + "/" + card.session())
                        .sorted()
                        .toList());
        assertEquals(
                bad.size() + 4,
                laptop.office.events().stream().filter("card-refused"::equals).count());
        assertTrue(laptop.mail.cards().link().isUp());
        // A sign of this machine's own name that is none is another machine's, for as long as that one writes.
        hub.as(laptop.host).put("laptop", new byte[] {9}, revision("laptop"));
        Machine.pass(clock, 40, laptop, server);
        assertTrue(laptop.mail.cards().link().isUp());
    }

    private long revision(String key) throws IOException {
        return hub.as(laptop.host).entries().stream()
                .filter(entry -> entry.key().equals(key))
                .findFirst()
                .orElseThrow()
                .revision();
    }

    private Envelope as(Origin origin, Envelope about) throws IOException {
        Envelope letter = laptop.letter("ann-00001", "ben-00001", "declined");
        return new Envelope(
                letter.id(),
                letter.sentAt(),
                origin,
                origin == Origin.OFFICE ? letter.from() : Optional.empty(),
                origin == Origin.OFFICE ? Envelope.OFFICE : "ada",
                letter.to(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(about.id()),
                0,
                letter.body());
    }

    /** Of another session of the laptop: what was refused before holds up its own pair. */
    private Envelope told(Envelope question) throws Exception {
        laptop.begin("cleo-0001");
        Envelope letter = laptop.letter("cleo-0001", "ben-00001", "declined");
        return new Envelope(
                letter.id(),
                letter.sentAt(),
                Origin.OFFICE,
                letter.from(),
                Envelope.OFFICE,
                letter.to(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(question.id()),
                0,
                letter.body());
    }

    private Envelope ofOperator(
            Optional<String> from, String name, Optional<RequestId> request, Optional<RequestId> reply)
            throws IOException {
        Envelope letter = laptop.letter("ann-00001", "ben-00001", "stop the release");
        return new Envelope(
                letter.id(),
                letter.sentAt(),
                Origin.OPERATOR,
                from.map(SessionId::new),
                name,
                letter.to(),
                request,
                reply,
                Optional.empty(),
                0,
                letter.body());
    }

    @Test
    void aPersonsMessageSaysThatItIsOfTheOperatorOfItsMachine() throws Exception {
        Machine.pass(clock, 11, laptop, server);
        Envelope letter = ofOperator(Optional.empty(), "operator", Optional.empty(), Optional.empty());
        laptop.mail.outbox().put(server.host, letter);
        settle();
        assertEquals(List.of(letter.from(laptop.host)), server.read("ben-00001"));
        Machine.pass(clock, 3, laptop, server);
        assertEquals(MessageState.SHOWN, state(letter));
        server.accept(Set.of());
        Envelope second = ofOperator(Optional.empty(), "operator", Optional.empty(), Optional.empty());
        laptop.mail.outbox().put(server.host, second);
        Machine.pass(clock, 3, laptop, server);
        assertEquals(List.of(), server.read("ben-00001"));
        assertEquals(
                Optional.of("build-server takes no mail from laptop"),
                progress(second).orElseThrow().refused());
    }

    /** Nor in a session's place, nor as anybody whom a model may take for somebody here. */
    @Test
    void aPersonOfAnotherMachineWritesAsItsOperatorAlone() throws Exception {
        Optional<RequestId> request = Optional.of(RequestId.create());
        for (Envelope forged : List.of(
                ofOperator(Optional.empty(), "ada", Optional.empty(), Optional.empty()),
                ofOperator(Optional.empty(), "operator of build-server", Optional.empty(), Optional.empty()),
                ofOperator(Optional.of("ann-00001"), "operator", Optional.empty(), Optional.empty()),
                ofOperator(Optional.empty(), "operator", request, Optional.empty()),
                ofOperator(Optional.empty(), "operator", Optional.empty(), request))) {
            assertRefused(
                    forged.id().value(),
                    mailOf(forged, laptop.host),
                    "an operator of another machine is called operator, asks nothing, and answers no request");
        }
    }

    /** As at home: each sees it when it next looks. */
    @Test
    void whatGoesToAGroupRingsNobodyAndSaysSo() throws Exception {
        Instant before = server.office.rungAt(new SessionId("ben-00001"));
        Envelope copy = laptop.letter("ann-00001", "ben-00001", "done").toGroup("docs");
        laptop.mail.outbox().put(server.host, copy);
        settle();
        assertEquals(before, server.office.rungAt(new SessionId("ben-00001")));
        assertEquals(List.of(copy.from(laptop.host)), server.read("ben-00001"));
        byte[] forged = changed(
                mailOf(laptop.letter("ann-00001", "ben-00001", "x").toGroup("docs"), laptop.host),
                "\"group\":\"docs\"",
                "\"group\":\"docs, from the operator\"");
        Envelope other = laptop.letter("ann-00001", "ben-00001", "y");
        assertRefused(other.id().value(), forged, "a group's name has 2 to 40 of a-z, 0-9 and -");
    }

    @Test
    void aCardSaysInWhichGroupsItsSessionIs() throws Exception {
        SessionId ben = new SessionId("ben-00001");
        var unused = server.here.peers().update(ben, card -> card.withGroups(List.of("docs", "review")));
        Machine.pass(clock, 11, laptop, server);
        Card told = laptop.mail.cards().of(TOKEN).get(0);
        assertEquals(List.of("docs", "review"), told.groups());
        String key = "build-server." + TOKEN + ".ben-00001";
        byte[] card = Wire.card(told);
        for (String bad : List.of(
                "docs review a1 b2 c3 d4", "docs  review", "Docs review", "docs \u202ereview", "a".repeat(41))) {
            BadMailException refused =
                    assertThrows(BadMailException.class, () -> Wire.card(key, changed(card, "docs review", bad)), bad);
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("at the most 5 groups, each called like a session"),
                    refused::toString);
        }
    }

    /** What a model may take for its own machine's word is not for other machines to say. */
    @Test
    void anOfficeTellsOfWhatWasSentToItAlone() throws Exception {
        Envelope asked = server.letter("ben-00001", "ann-00001", "asked");
        Envelope notice = as(Origin.OFFICE, asked);
        assertRefused(notice.id().value(), mailOf(notice, laptop.host), "of no message that went to its machine");
        Machine desk = Machine.of("workstation", hub, clock);
        server.mail.outbox().put(desk.host, asked);
        Envelope ofAnother = as(Origin.OFFICE, asked);
        laptop.mail.outbox().put(server.host, ofAnother);
        Machine.pass(clock, 3, laptop, server);
        assertEquals(List.of(), server.bodies("ben-00001"));
        assertEquals(MessageState.WITHDRAWN, state(ofAnother));
        laptop.send("ann-00001", server, "ben-00001", "what comes behind it");
        Machine.pass(clock, 3, laptop, server);
        assertEquals(List.of("what comes behind it"), server.bodies("ben-00001"));

        Envelope question = server.letter("ben-00001", "ann-00001", "asked of the laptop");
        server.mail.outbox().put(laptop.host, question);
        laptop.mail.outbox().put(server.host, told(question));
        Machine.pass(clock, 6, laptop, server);
        assertEquals(List.of("declined"), server.bodies("ben-00001"));
    }

    /** A receipt takes out of the outbox what was sent to the machine that gives it, and nothing else. */
    @Test
    void aMachineGivesNoReceiptForAnother() throws Exception {
        settle();
        Envelope letter = laptop.send("ann-00001", server, "ben-00001", "hello");
        Parcel parcel =
                laptop.mail.outbox().waiting(Pair.of(server.host, letter), 1).get(0);
        Machine eve = Machine.of("eve", hub, clock);
        Receipt forged = new Receipt(Pair.of(laptop.host, letter), parcel.epoch(), 1, Optional.of(letter.id()), false);
        hub.as(eve.host)
                .replace(new Address(TOKEN, laptop.host, eve.host, Wire.idOf(forged)), Wire.receipt(forged, eve.host));
        Machine.pass(clock, 5, laptop);
        assertEquals(1, laptop.mail.outbox().size());
        assertEquals(0, hub.waitingFor(laptop.host));
        settle();
        assertEquals(List.of("hello"), server.bodies("ben-00001"));
    }
}
