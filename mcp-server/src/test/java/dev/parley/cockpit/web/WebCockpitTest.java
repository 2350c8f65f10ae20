package dev.parley.cockpit.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.address.HostName;
import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Histories;
import dev.parley.cockpit.OperatorPost;
import dev.parley.cockpit.web.Wire.Event;
import dev.parley.cockpit.web.Wire.Reply;
import dev.parley.hub.HubOffice;
import dev.parley.hub.Team;
import dev.parley.ledger.Delivery;
import dev.parley.ledger.PendingAsk;
import dev.parley.ledger.Retention;
import dev.parley.ledger.WorkChange;
import dev.parley.ledger.WorkState;
import dev.parley.ledger.WorkState.Actor;
import dev.parley.mailbox.Envelope;
import dev.parley.mailbox.Envelope.Origin;
import dev.parley.peer.Binding;
import dev.parley.peer.Peer;
import dev.parley.peer.Peer.Ending;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.process.ProcessIdentity;
import dev.parley.remote.RemoteCards.Card;
import dev.parley.remote.RemoteCards.Host;
import dev.parley.remote.RemoteCards.Link;
import dev.parley.remote.RemoteMail;
import dev.parley.remote.SharedProject;
import dev.parley.store.Disk;
import dev.parley.store.Durability;
import dev.parley.store.Part;
import dev.parley.store.Store;
import dev.parley.store.office.FilePostOffice;
import dev.parley.store.process.LocalProcessTable;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The page's server over real sockets: who is let in, what it tells, and what it writes. */
final class WebCockpitTest {

    private static final Project PROJECT = new Project("/work/project/.git", "/work/project");
    private static final SessionId ANN = new SessionId("ann-session");
    private static final SessionId BEN = new SessionId("ben-session");
    private static final String HOSTILE = "<img src=x onerror=alert(1)>";

    private final List<WebCockpit> running = new ArrayList<>();
    private FilePostOffice office;
    private Path home;

    @BeforeEach
    void open(@TempDir Path temp) throws Exception {
        home = Files.createDirectory(temp.resolve("home"));
        office = new FilePostOffice(
                Store.over(home, Disk.local(Durability.PROCESS), InstantSource.system(), Trace.NONE),
                LocalProcessTable.INSTANCE,
                Retention.DEFAULT);
        join(ANN, "ann");
        join(BEN, "ben");
    }

    @AfterEach
    void end() {
        running.forEach(WebCockpit::close);
    }

    private void join(SessionId id, String name) throws Exception {
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        office.peers()
                .register(new Registration(
                        id,
                        "another-client",
                        PROJECT.root(),
                        PROJECT.key(),
                        Optional.of(self),
                        Optional.of(self),
                        Optional.of(id),
                        Optional.empty(),
                        false,
                        Binding.NONE));
        office.peers().update(id, card -> card.withName(name));
    }

    private Wire reading() throws IOException {
        return started(Optional.empty());
    }

    private Wire writing() throws IOException {
        Peer operator = new Peer(
                new SessionId("operator-of-a-test"),
                "operator",
                "parley",
                Optional.empty(),
                Optional.empty(),
                PROJECT.root(),
                PROJECT.key(),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                false,
                Instant.EPOCH,
                Optional.empty());
        return started(Optional.of(OperatorPost.ofOperator(office, Map.of("PARLEY_WAKE", "off"), operator)));
    }

    private Wire started(Optional<OperatorPost> post) throws IOException {
        WebCockpit cockpit = WebCockpit.start(ProjectView.of(office, PROJECT, "all is kept"), post, 0);
        running.add(cockpit);
        return new Wire(cockpit.address());
    }

    private Envelope deliver(SessionId from, SessionId to, Optional<RequestId> request, String body)
            throws IOException {
        Envelope letter = new Envelope(
                MessageId.create(Optional.of(from)),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                Origin.PEER,
                Optional.of(from),
                from.equals(ANN) ? "ann" : "ben",
                to,
                request,
                Optional.empty(),
                Optional.empty(),
                0,
                body);
        if (request.isPresent()) {
            office.asks(from).open(new PendingAsk(request.get(), letter.id(), to, letter.sentAt()));
        }
        office.delivery().send(letter, Delivery.Ring.NO);
        return letter;
    }

    // Who is let in.

    @Test
    void theAddressHasATokenOf256BitsBehindTheFragment() throws Exception {
        Wire one = reading();
        Wire other = reading();
        assertTrue(running.get(0).address().matches("http://127\\.0\\.0\\.1:\\d+/#[A-Za-z0-9_-]{43}"));
        assertFalse(one.token().equals(other.token()));
        other.send("GET /api/overview", "", other.host(), one.bearer()).refused(401, "wrong-token");
    }

    @Test
    void withoutTheTokenNothingIsTold() throws Exception {
        Wire wire = reading();
        for (String path : List.of(
                "/api/overview",
                "/api/messages",
                "/api/thread?id=x",
                "/api/timeline",
                "/api/events",
                "/api/none",
                "/none")) {
            wire.send("GET " + path, "", wire.host()).refused(401, "no-token");
            wire.send("GET " + path, "", wire.host(), "Authorization: Bearer " + "A".repeat(43))
                    .refused(401, "wrong-token");
        }
        wire.send("POST /api/send", "{}", wire.host()).refused(401, "no-token");
        String almost = wire.token().substring(1);
        wire.send("GET /api/overview", "", wire.host(), "Authorization: Bearer " + almost)
                .refused(401, "wrong-token");
        wire.send("GET /api/overview", "", wire.host(), "Authorization: Bearer " + wire.token() + "A")
                .refused(401, "wrong-token");
        wire.send("GET /api/overview", "", wire.host(), "Authorization: Basic " + wire.token())
                .refused(401, "wrong-token");
        wire.send("GET /api/overview", "", wire.host(), wire.bearer(), wire.bearer())
                .refused(401, "no-token");
        wire.send("GET /api/overview?token=" + wire.token(), "", wire.host()).refused(401, "no-token");
        wire.send("GET /api/overview", "", wire.host(), "Cookie: parley=" + wire.token())
                .refused(401, "no-token");
        Reply reply = wire.get("/api/overview").ok();
        assertFalse(reply.headers().containsKey("set-cookie"));
    }

    /** A name of somebody else that points to 127.0.0.1 (DNS rebinding). */
    @Test
    void underAnotherNameNothingIsToldAlsoWithTheToken() throws Exception {
        Wire wire = reading();
        for (String host : List.of(
                "Host: evil.example",
                "Host: evil.example:" + wire.port(),
                "Host: localhost:" + wire.port(),
                "Host: 127.0.0.1",
                "Host: 127.0.0.1:1",
                "Host: 127.0.0.1:" + wire.port() + ".evil.example",
                "X-Forwarded-Host: 127.0.0.1:" + wire.port())) {
            for (String path : List.of("/", "/cockpit.js", "/api/overview", "/api/events")) {
                wire.send("GET " + path, "", host, wire.bearer()).refused(403, "wrong-host");
            }
        }
        wire.send("GET /", "", wire.host(), "Host: evil.example").refused(403, "wrong-host");
    }

    @Test
    void aPageOfAnotherSiteIsToldNothingAlsoWithTheToken() throws Exception {
        Wire wire = writing();
        for (String foreign : List.of(
                "Origin: http://evil.example",
                "Origin: null",
                "Origin: http://127.0.0.1",
                "Origin: http://localhost:" + wire.port(),
                "Origin: https://127.0.0.1:" + wire.port(),
                "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site",
                "Sec-Fetch-Site: none")) {
            wire.send("GET /api/overview", "", wire.host(), wire.bearer(), foreign)
                    .refused(403, "foreign-origin");
            wire.send(
                            "POST /api/send",
                            "{\"to\":\"ann\",\"body\":\"hello\"}",
                            wire.host(),
                            wire.bearer(),
                            "Content-Type: application/json",
                            foreign)
                    .refused(403, "foreign-origin");
        }
        wire.send("OPTIONS /api/send", "", wire.host(), "Origin: http://evil.example")
                .refused(403, "foreign-origin");
        Reply reply = wire.send("GET /api/overview", "", wire.host(), wire.bearer(), "Sec-Fetch-Site: same-origin")
                .ok();
        assertFalse(reply.headers().keySet().stream().anyMatch(name -> name.startsWith("access-control-")));
        assertEquals(0, office.ledger(ANN).listing().ids().size());
    }

    @Test
    void itListensOnOneAddressOfThisMachineOnly() throws Exception {
        Wire wire = reading();
        wire.get("/api/overview").ok();
        assertThrows(
                ConnectException.class,
                () -> new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), wire.port()).close());
    }

    @Test
    void aPortThatIsTakenIsSaidToBeSo() throws Exception {
        Wire wire = reading();
        assertThrows(
                BindException.class,
                () -> WebCockpit.start(ProjectView.of(office, PROJECT, ""), Optional.empty(), wire.port()));
    }

    // The page.

    @Test
    void thePageLoadsNothingButItsOwnFiles() throws Exception {
        Wire wire = reading();
        String page = wire.send("GET /", "", wire.host()).ok().body();
        Matcher reference = Pattern.compile("(?:src|href)=\"([^\"]*)\"").matcher(page);
        List<String> references = new ArrayList<>();
        while (reference.find()) {
            references.add(reference.group(1));
        }
        assertEquals(List.of("/icon.svg", "/cockpit.css", "/cockpit.js", "#messages"), references);
        for (String inline : List.of("<style", " style=", "<script>", " onload=", " onclick=", "javascript:")) {
            assertFalse(page.contains(inline), inline);
        }
        String script = wire.send("GET /cockpit.js", "", wire.host()).ok().body();
        for (String markup : List.of(
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "new Function",
                "DOMParser",
                "createContextualFragment",
                "srcdoc",
                "document.cookie",
                "localStorage",
                "EventSource(")) {
            assertFalse(script.contains(markup), markup);
        }
        String style = wire.send("GET /cockpit.css", "", wire.host()).ok().body();
        assertFalse(style.contains("url(") || style.contains("@import"));
        assertFalse((page + script + style).contains(wire.token()));
        Matcher address = Pattern.compile("https?://[^'\"\\s]+").matcher(page + script + style);
        while (address.find()) {
            assertEquals("http://www.w3.org/2000/svg", address.group(), "the name of a vocabulary, not a place");
        }
    }

    @Test
    void everyAnswerCarriesThePolicy() throws Exception {
        Wire wire = reading();
        for (Reply reply : List.of(
                wire.send("GET /", "", wire.host()),
                wire.send("GET /cockpit.js", "", wire.host()),
                wire.get("/api/overview"),
                wire.send("GET /api/overview", "", wire.host()),
                wire.send("GET /", "", "Host: evil.example"))) {
            String policy = reply.headers().getOrDefault("content-security-policy", "");
            assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
            assertTrue(policy.contains("frame-ancestors 'none'; require-trusted-types-for 'script'"), policy);
            assertFalse(policy.contains("unsafe"), policy);
            assertEquals("no-referrer", reply.headers().get("referrer-policy"));
            assertEquals("nosniff", reply.headers().get("x-content-type-options"));
            assertEquals("no-store", reply.headers().get("cache-control"));
            assertEquals("DENY", reply.headers().get("x-frame-options"));
        }
        Reply head = wire.send("HEAD /", "", wire.host()).ok();
        assertEquals("", head.body());
        assertEquals(
                wire.send("GET /", "", wire.host()).body().getBytes(UTF_8).length,
                Integer.parseInt(head.headers().get("content-length")));
    }

    @Test
    void whatWasDoneToGoOnWithASessionIsToldWithIt() throws Exception {
        Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Instant until = at.plusSeconds(3600);
        ProcessIdentity self = LocalProcessTable.INSTANCE.self();
        Histories.resumes(
                office,
                ANN,
                "run " + at.toEpochMilli() + " m-0000000000000001 "
                        + at.plusSeconds(33).toEpochMilli() + " done 0.0123_USD",
                "parked " + at.plusSeconds(40).toEpochMilli() + " rate_limited " + until.toEpochMilli() + " " + self);
        String[] steps = new String[7];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = "resumed " + at.plusSeconds(i).toEpochMilli() + " BY " + (100 + i) + " -";
        }
        Histories.supervised(office, BEN, self, steps);
        Wire wire = reading();
        JsonNode sessions = wire.get("/api/overview").ok().json().path("sessions");
        JsonNode ann = sessions.get(0);
        JsonNode ben = sessions.get(1);
        assertEquals("ann", ann.path("name").asString());
        assertEquals(
                "[{\"at\":\"" + at + "\",\"what\":\"resumed for m-0000000000000001: did its turn\",\"ended\":\""
                        + at.plusSeconds(33) + "\",\"cost\":\"0.0123 USD\"},{\"at\":\"" + at.plusSeconds(40)
                        + "\",\"what\":\"not resumed for requests, parked: rate_limited\",\"until\":\"" + until
                        + "\"}]",
                ann.path("events").toString());
        assertEquals(until.toString(), ann.path("parked").path("until").asString());
        assertEquals(0, ann.path("more_events").asInt());
        assertFalse(ann.has("supervisor"));
        assertTrue(ann.path("begun").asBoolean());
        assertEquals(5, ben.path("events").size(), "the newest");
        assertEquals(2, ben.path("more_events").asInt());
        assertEquals(
                "its client had ended with 106",
                ben.path("events").get(4).path("why").asString());
        assertFalse(ben.has("parked") || ben.has("supervisor"));
        Histories.whileHeld(office, BEN, () -> {
            assertEquals(
                    self.pid(),
                    wire.get("/api/overview")
                            .ok()
                            .json()
                            .path("sessions")
                            .get(1)
                            .path("supervisor")
                            .asLong());
        });
        Files.delete(office.store().part(ANN, Part.RESUMES));
        Files.createDirectory(office.store().part(ANN, Part.RESUMES));
        JsonNode trouble = wire.get("/api/overview").ok().json().path("unreadable");
        assertEquals(
                "what was done to go on with ann", trouble.get(0).path("what").asString());
    }

    // What it refuses.

    @Test
    void whatIsAskedWronglyIsToldWhatIsRight() throws Exception {
        Wire wire = writing();
        assertEquals(
                "GET",
                wire.send("POST /api/overview", "{}", wire.host(), wire.bearer())
                        .refused(405, "wrong-method")
                        .headers()
                        .get("allow"));
        assertEquals(
                "POST",
                wire.get("/api/send").refused(405, "wrong-method").headers().get("allow"));
        wire.send("DELETE /", "", wire.host()).refused(405, "wrong-method");
        wire.get("/api/nothing").refused(404, "not-found");
        wire.get("/../etc/passwd").refused(404, "not-found");
        wire.get("/cockpit.html").refused(404, "not-found");
        wire.get("/api/overview?all=1").refused(400, "bad-request");
        wire.get("/api/messages?limit=0").refused(400, "bad-request");
        wire.get("/api/messages?limit=many").refused(400, "bad-request");
        wire.get("/api/messages?limit=1&limit=2").refused(400, "bad-request");
        wire.get("/api/messages?with=..%2F..").refused(400, "bad-request");
        wire.get("/api/thread").refused(400, "bad-request");
        wire.get("/api/thread?id=" + MessageId.create(Optional.empty())).refused(404, "message-not-found");
        wire.get("/api/messages?text=%2F(%2F").refused(400, "bad-search");
        wire.get("/api/messages?text=" + "y".repeat(WebCockpit.MAX_URI)).refused(414, "too-long");
    }

    @Test
    void anExpressionThatNeverEndsIsRefused() throws Exception {
        deliver(ANN, BEN, Optional.empty(), "a".repeat(60) + "!");
        reading().get("/api/messages?text=%2F%5E(a%2B)%2B%5C1%24%2F").refused(400, "bad-search");
    }

    @Test
    void whatIsTooLargeIsNotRead() throws Exception {
        Wire wire = writing();
        String[] headers = {wire.host(), wire.bearer(), "Content-Type: application/json"};
        wire.send("POST /api/send", " ".repeat(WritingApi.MAX_REQUEST_BYTES + 1), headers)
                .refused(413, "too-large");
        wire.send("POST /api/send", "{}", wire.host(), wire.bearer(), "Content-Type: text/plain")
                .refused(415, "wrong-type");
        try (Socket socket = wire.connect()) {
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\n" + wire.host() + "\r\nX: " + "y".repeat(100_000) + "\r\n\r\n")
                            .getBytes(UTF_8));
            assertFalse(new String(socket.getInputStream().readAllBytes(), UTF_8).contains("200"), "it was read");
        } catch (IOException e) {
            assertTrue(e.getMessage().contains("reset") || e.getMessage().contains("Broken pipe"), e::toString);
        }
        wire.get("/api/overview").ok();
    }

    @Test
    void whatIsNoPathEndsNobodyElsesRequests() throws Exception {
        Wire wire = reading();
        for (String line : List.of("GET foo:bar", "GET *", "CONNECT 127.0.0.1:1", "GET //", "GET /%00", "NONSENSE /")) {
            try {
                assertFalse(wire.send(line, "", wire.host(), wire.bearer()).status() == 200, line);
            } catch (IOException e) {
                // It was hung up on, without an answer.
                assertFalse(String.valueOf(e.getMessage()).contains("timed out"), line);
            }
        }
        wire.get("/api/overview").ok();
    }

    /** As many as half of the connections that there may be say the beginning of a request and nothing more. */
    @Test
    void whoIsSlowDelaysNobody() throws Exception {
        Wire wire = reading();
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < WebCockpit.MAX_CONNECTIONS / 2; i++) {
            Socket socket = wire.connect();
            socket.getOutputStream().write("GET /api/over".getBytes(UTF_8));
            slow.add(socket);
        }
        for (int i = 0; i < 5; i++) {
            wire.get("/api/overview").ok();
        }
        for (Socket socket : slow) {
            socket.close();
        }
    }

    @Test
    void thereAreOnlySoManyStreams() throws Exception {
        Wire wire = reading();
        List<Wire.Stream> streams = new ArrayList<>();
        for (int i = 0; i < WebCockpit.MAX_STREAMS; i++) {
            Wire.Stream stream = wire.events();
            stream.next();
            streams.add(stream);
        }
        wire.get("/api/events").refused(503, "too-many-pages");
        wire.get("/api/overview").ok();
        for (Wire.Stream stream : streams) {
            stream.close();
        }
    }

    // What it tells.

    @Test
    void theOverviewTellsWhoNeedsWhat() throws Exception {
        Envelope question = deliver(ANN, BEN, Optional.of(RequestId.create()), "which port?");
        office.peers().update(BEN, card -> card.withPurpose(Optional.of("plans"), Instant.now()));
        Files.writeString(office.store().activity(BEN), "busy\n");
        SessionId out = new SessionId("out-session");
        join(out, "out");
        office.peers().update(out, card -> card.withEnding(Optional.of(new Ending(Instant.now(), "exit"))));

        JsonNode overview = reading().get("/api/overview").ok().json();

        assertEquals("/work/project", overview.path("project").asString());
        assertFalse(overview.path("write").asBoolean());
        assertEquals("all is kept", overview.path("kept").asString());
        List<String> needs = overview.path("sessions")
                .valueStream()
                .map(session -> session.path("name").asString() + " "
                        + session.path("need").asString())
                .toList();
        assertEquals(List.of("ann answer", "ben working", "out gone"), needs);
        JsonNode ben = overview.at("/sessions/1");
        assertEquals("plans", ben.path("purpose").asString());
        assertEquals(1, ben.path("unread").asInt());
        assertEquals("another-client", ben.path("client").asString());
        assertTrue(overview.at("/sessions/2/comeback").asString().startsWith("out has ended"));
        JsonNode wait = overview.at("/waits/0");
        assertEquals("ann", wait.path("asker_name").asString());
        assertEquals(BEN.value(), wait.path("asked").asString());
        assertEquals(question.id().value(), wait.path("message").asString());
        assertEquals(question.sentAt().toString(), wait.path("since").asString());
        assertTrue(writing().get("/api/overview").json().path("write").asBoolean());
    }

    /** By the state of the request, also where nobody holds a ticket; what has ended is left out. */
    @Test
    void theOverviewTellsWhatIsOwed() throws Exception {
        Instant due = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusSeconds(60);
        Envelope late = new Envelope(
                MessageId.create(Optional.of(ANN)),
                due.minusSeconds(60),
                Origin.PEER,
                Optional.of(ANN),
                "ann",
                BEN,
                Optional.of(RequestId.create()),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of(due),
                Optional.empty(),
                "please");
        office.delivery().send(late, Delivery.Ring.NO);
        office.work(BEN)
                .change(
                        late.id(),
                        new WorkChange(
                                Actor.OWNER,
                                WorkState.BLOCKED,
                                Optional.of("no\u001b access"),
                                Optional.of("the key")));
        Envelope asked = deliver(BEN, ANN, Optional.of(RequestId.create()), "which key?");
        Envelope declined = deliver(BEN, ANN, Optional.of(RequestId.create()), "and which lock?");
        office.work(ANN).change(declined.id(), WorkChange.of(Actor.OWNER, WorkState.DECLINED));

        JsonNode overview = reading().get("/api/overview").ok().json();

        assertEquals(
                List.of("ben overdue " + due, "ann answer " + late.sentAt()),
                overview.path("sessions")
                        .valueStream()
                        .map(session -> session.path("name").asString() + " "
                                + session.path("need").asString() + " "
                                + session.path("since").asString())
                        .toList());
        assertEquals(2, overview.path("work").size());
        assertEquals(
                "{\"message\":\"" + late.id() + "\",\"owner\":\"" + BEN + "\",\"owner_name\":\"ben\",\"requester\":\""
                        + ANN
                        + "\",\"requester_name\":\"ann\",\"state\":\"blocked\",\"since\":\"" + late.sentAt()
                        + "\",\"due\":\"" + due
                        + "\",\"overdue\":true,\"said\":\"no access; needs: the key\",\"now\":false}",
                overview.at("/work/0").toString());
        assertEquals(
                "{\"message\":\"" + asked.id() + "\",\"owner\":\"" + ANN + "\",\"owner_name\":\"ann\",\"requester\":\""
                        + BEN
                        + "\",\"requester_name\":\"ben\",\"state\":\"open\",\"since\":\"" + asked.sentAt()
                        + "\",\"overdue\":false,\"now\":false}",
                overview.at("/work/1").toString());
        assertEquals(
                List.of("ann ben", "ben ann"),
                overview.path("waits")
                        .valueStream()
                        .map(wait -> wait.path("asker_name").asString() + " "
                                + wait.path("asked_name").asString())
                        .toList());
    }

    @Test
    void thousandsThatHaveEndedAreCounted() throws Exception {
        for (int i = 0; i < ReadingApi.MAX_GONE + 2; i++) {
            SessionId id = new SessionId("gone-" + i);
            join(id, "gone" + i);
            office.peers().update(id, card -> card.withEnding(Optional.of(new Ending(Instant.now(), "exit"))));
        }
        deliver(ANN, new SessionId("gone-77"), Optional.empty(), "for later");
        JsonNode overview = reading().get("/api/overview").ok().json();
        assertEquals(2, overview.path("gone_not_listed").asInt());
        assertEquals(2 + ReadingApi.MAX_GONE, overview.path("sessions").size());
        assertEquals(
                "gone77",
                overview.at("/sessions/2/name").asString(),
                "mail for somebody who is out is not to be forgotten");
    }

    @Test
    void messagesAreToldWithTheirStateEachAnswerUnderItsQuestion() throws Exception {
        RequestId request = RequestId.create();
        Envelope question = deliver(ANN, BEN, Optional.of(request), "which port?");
        Envelope other = deliver(BEN, ANN, Optional.empty(), "the build is red");
        Envelope answer = new Envelope(
                MessageId.create(Optional.of(BEN)),
                Instant.now().truncatedTo(ChronoUnit.MILLIS),
                Origin.PEER,
                Optional.of(BEN),
                "ben",
                ANN,
                Optional.empty(),
                Optional.of(request),
                Optional.of(question.id()),
                1,
                "8080");
        office.delivery().send(answer, Delivery.Ring.NO);
        office.ledger(BEN).markAnswered(question.id());
        Wire wire = reading();

        JsonNode all = wire.get("/api/messages").ok().json();

        assertEquals(
                List.of(question.id() + " 0", answer.id() + " 1", other.id() + " 0"),
                all.path("messages")
                        .valueStream()
                        .map(message -> message.path("id").asString() + " " + message.path("depth"))
                        .toList());
        JsonNode first = all.at("/messages/0");
        assertEquals("which port?", first.path("body").asString());
        assertEquals("answered", first.path("state").asString());
        assertTrue(first.path("question").asBoolean());
        assertTrue(first.has("answered_at"));
        assertEquals("stored", all.at("/messages/1/state").asString());
        assertEquals("ann", all.at("/messages/1/to_name").asString());
        assertFalse(all.path("more").asBoolean());

        JsonNode newest = wire.get("/api/messages?limit=2").ok().json();
        assertEquals(2, newest.path("messages").size());
        assertTrue(newest.path("more").asBoolean());
        assertEquals(
                1, wire.get("/api/messages?text=BUILD").json().path("messages").size());
        assertEquals(
                1,
                wire.get("/api/messages?text=%2F%5E%5B0-9%5D%2B%24%2F")
                        .json()
                        .path("messages")
                        .size());
        assertEquals(
                3, wire.get("/api/messages?with=" + ANN).json().path("messages").size());
        assertEquals(
                0,
                wire.get("/api/messages?with=nobody-session")
                        .json()
                        .path("messages")
                        .size());
        assertEquals(
                2,
                wire.get("/api/thread?id=" + answer.id())
                        .json()
                        .path("messages")
                        .size());
        JsonNode timeline = wire.get("/api/timeline").ok().json();
        assertEquals(3, timeline.path("messages").size());
        assertFalse(timeline.at("/messages/0").has("body"), "the texts are not needed there");
    }

    @Test
    void whatPeersWroteIsTextWithNothingInvisibleInIt() throws Exception {
        office.peers().update(ANN, card -> card.withPurpose(Optional.of("\u202e" + HOSTILE + "\u0007"), Instant.now()));
        deliver(ANN, BEN, Optional.empty(), "\u001b[31m" + HOSTILE + "\u202e\nnext");
        Wire wire = reading();
        assertEquals(
                HOSTILE,
                wire.get("/api/overview").json().at("/sessions/0/purpose").asString());
        assertEquals(
                "?[31m" + HOSTILE + "?\nnext",
                wire.get("/api/messages").json().at("/messages/0/body").asString());
    }

    @Test
    void whatCannotBeReadIsToldAndHidesNothingElse() throws Exception {
        Envelope letter = deliver(ANN, BEN, Optional.empty(), "hello");
        deliver(BEN, ANN, Optional.empty(), "still here");
        Files.writeString(office.store().ledger(BEN).resolve(letter.id().value()), "{");
        Files.writeString(office.store().card(new SessionId("ann-session")), "{");
        Wire wire = reading();
        JsonNode overview = wire.get("/api/overview").ok().json();
        assertEquals(
                "the card of session ann-session",
                overview.at("/unreadable/0/what").asString());
        assertEquals("ben", overview.at("/sessions/0/name").asString());
        JsonNode messages = wire.get("/api/messages").ok().json();
        assertTrue(messages.path("unreadable").size() >= 1, messages::toString);
        assertFalse(messages.path("unreadable")
                .valueStream()
                .anyMatch(each -> each.path("reason").asString().isEmpty()));
    }

    // Live.

    @Test
    void aStreamTellsWhatChangesAndGoesOnWhereItStopped() throws Exception {
        Wire wire = reading();
        String last;
        try (Wire.Stream stream = wire.events()) {
            assertTrue(stream.status().startsWith("HTTP/1.1 200"));
            Event first = stream.next();
            assertTrue(first.data().path("everything").asBoolean());
            deliver(ANN, BEN, Optional.empty(), "hello");
            Event second = stream.next();
            while (!sessions(second).contains(BEN.value())) {
                second = stream.next();
            }
            last = second.id();
        }
        deliver(BEN, ANN, Optional.empty(), "while nobody looks");
        try (Wire.Stream stream = wire.events("Last-Event-ID: " + last)) {
            Event missed = stream.next();
            assertFalse(missed.data().path("everything").asBoolean());
            assertTrue(sessions(missed).contains(ANN.value()), missed::toString);
        }
        try (Wire.Stream stream = wire.events("Last-Event-ID: of-another-run-7")) {
            assertTrue(stream.next().data().path("everything").asBoolean());
        }
    }

    /** So long that a request would have been ended; each end notices that the other is there. */
    @Test
    @Tag("slow")
    void aStreamThatHasNothingToTellSaysSo() throws Exception {
        Wire wire = reading();
        try (Wire.Stream stream = wire.events()) {
            stream.next();
            stream.awaitSilence();
            stream.awaitSilence();
            deliver(ANN, BEN, Optional.empty(), "hello");
            assertTrue(sessions(stream.next()).contains(BEN.value()));
        }
    }

    @Test
    @Tag("slow")
    void aRequestThatIsNeverWholeIsEnded() throws Exception {
        Wire wire = writing();
        for (String part : List.of(
                "GET /api/over",
                "GET / HTTP/1.1\r\n" + wire.host() + "\r\n",
                "POST /api/send HTTP/1.1\r\n" + wire.host() + "\r\n" + wire.bearer()
                        + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")) {
            try (Socket socket = wire.connect()) {
                socket.getOutputStream().write(part.getBytes(UTF_8));
                assertFalse(new String(socket.getInputStream().readAllBytes(), UTF_8).contains("200 OK"), part);
            } catch (IOException e) {
                assertFalse(e.getMessage().contains("timed out"), part);
            }
        }
    }

    private static List<String> sessions(Event event) {
        return event.data()
                .path("sessions")
                .valueStream()
                .map(JsonNode::asString)
                .toList();
    }

    @Test
    void lookingChangesNothing() throws Exception {
        deliver(ANN, BEN, Optional.of(RequestId.create()), "which port?");
        Wire wire = reading();
        List<String> before = files();
        try (Wire.Stream stream = wire.events()) {
            stream.next();
            for (String path : List.of("/api/overview", "/api/messages", "/api/timeline", "/api/messages?text=port")) {
                wire.get(path).ok();
            }
        }
        assertEquals(before, files());
    }

    /** All files, but for the note that the index is complete: any look makes it once the store has been at rest for a while. */
    private List<String> files() throws IOException {
        try (java.util.stream.Stream<Path> all = Files.walk(home)) {
            return all.map(Path::toString)
                    .filter(path -> !path.contains("/stamp-"))
                    .sorted()
                    .toList();
        }
    }

    // Writing.

    @Test
    void whoOnlyReadsCannotWrite() throws Exception {
        Wire wire = reading();
        wire.post("/api/send", Map.of("to", "ann", "body", "hello")).refused(403, "read-only");
        wire.post("/api/answer", Map.of("message_id", "m-0000000000000000", "body", "hello"))
                .refused(403, "read-only");
        assertEquals(0, office.ledger(ANN).listing().ids().size());
    }

    @Test
    void theOperatorSends() throws Exception {
        Wire wire = writing();
        JsonNode sent = wire.post("/api/send", Map.of("to", ANN.value(), "body", "please <b>look</b> 数"))
                .ok()
                .json();
        Envelope letter = office.ledger(ANN)
                .find(new MessageId(sent.path("message_id").asString()))
                .orElseThrow();
        assertEquals(Origin.OPERATOR, letter.origin());
        assertEquals(Optional.empty(), letter.from());
        assertEquals("operator", letter.fromName());
        assertEquals("please <b>look</b> 数", letter.body());
        assertEquals("ann", sent.path("to_name").asString());
        assertEquals("when_read", sent.path("outlook").asString());
        JsonNode message = wire.get("/api/messages").json().at("/messages/0");
        assertEquals("operator", message.path("origin").asString());
        wire.post("/api/answer", Map.of("message_id", letter.id().value(), "body", "to whom?"))
                .refused(409, "no-reply-target");
    }

    /** As the operator of this machine, which they are told. */
    @Test
    void sessionsOfOtherMachinesAreListedWrittenToAndAnswered() throws Exception {
        SharedProject shared = new SharedProject("example.org/app");
        HostName host = new HostName("build-server");
        Team team = new Team(
                "team", new HostName("laptop"), "one", Optional.empty(), Map.of(shared.token(), PROJECT.key()));
        HubOffice hub = new HubOffice(office, () -> Optional.of(team));
        RemoteMail mail = hub.remoteMail().orElseThrow();
        SessionId cleo = new SessionId("cleo-session");
        mail.cards().keepLink(new Link(true, Instant.EPOCH, Optional.empty()));
        mail.cards().keepHosts(List.of(new Host(host, Instant.now(), false)));
        mail.cards()
                .keep(
                        host,
                        shared.token(),
                        List.of(new Card(
                                host,
                                shared.token(),
                                cleo,
                                "cleo",
                                "codex",
                                Optional.of(HOSTILE),
                                Optional.of(Instant.EPOCH),
                                List.of(),
                                Activity.BUSY,
                                Optional.of(Instant.EPOCH),
                                Instant.EPOCH)));
        Envelope letter = new Envelope(
                        MessageId.create(Optional.of(cleo)),
                        Instant.now().truncatedTo(ChronoUnit.MILLIS),
                        Envelope.Origin.PEER,
                        Optional.of(cleo),
                        "cleo",
                        ANN,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        0,
                        "from afar")
                .from(host);
        office.delivery().send(letter, Delivery.Ring.NO);
        Peer operator = office.peers().find(ANN).orElseThrow().withId(new SessionId("operator-of-a-test"));
        WebCockpit cockpit = WebCockpit.start(
                ProjectView.of(hub, PROJECT, "all is kept"),
                Optional.of(OperatorPost.ofOperator(hub, Map.of("PARLEY_WAKE", "off"), operator)),
                0);
        running.add(cockpit);
        Wire wire = new Wire(cockpit.address());

        JsonNode there = wire.get("/api/overview").ok().json().at("/elsewhere/0");
        assertEquals("cleo-session@build-server", there.path("id").asString());
        assertEquals("cleo@build-server", there.path("name").asString());
        assertEquals("working", there.path("need").asString());
        assertFalse(there.path("away").asBoolean());
        assertEquals(2, wire.get("/api/overview").ok().json().at("/sessions").size());
        JsonNode received = wire.get("/api/messages").ok().json().at("/messages/0");
        assertEquals("cleo@build-server", received.path("from_name").asString());
        assertEquals("cleo-session@build-server", received.path("from").asString());

        JsonNode sent = wire.post("/api/send", Map.of("to", "cleo-session@build-server", "body", "hello"))
                .ok()
                .json();
        assertEquals("cleo@build-server", sent.path("to_name").asString());
        assertEquals("on_its_way", sent.path("outlook").asString());
        JsonNode answer = wire.post(
                        "/api/answer", Map.of("message_id", letter.id().value(), "body", "thanks"))
                .ok()
                .json();
        assertEquals("cleo@build-server", answer.path("to_name").asString());
        assertEquals(2, mail.outbox().size());
        assertEquals(
                List.of("cleo"),
                hub.peers().elsewhere(PROJECT.key()).stream()
                        .map(each -> each.peer().name())
                        .toList());
    }

    /** It refers to the message, and is no answer to its request: who asked ben goes on waiting for ben. */
    @Test
    void theOperatorsAnswerNeverPassesForAnothers() throws Exception {
        RequestId request = RequestId.create();
        Envelope question = deliver(ANN, BEN, Optional.of(request), "which port?");
        Wire wire = writing();
        JsonNode sent = wire.post(
                        "/api/answer", Map.of("message_id", question.id().value(), "body", "8080", "wake", "off"))
                .ok()
                .json();
        Envelope letter = office.ledger(ANN)
                .find(new MessageId(sent.path("message_id").asString()))
                .orElseThrow();
        assertEquals(Optional.of(question.id()), letter.sourceMessageId());
        assertEquals(Optional.empty(), letter.replyTo());
        assertEquals(1, letter.hops());
        assertEquals(Origin.OPERATOR, letter.origin());
        assertEquals(1, wire.get("/api/overview").json().path("waits").size());
        assertEquals(
                List.of("0", "1"),
                wire.get("/api/messages")
                        .json()
                        .path("messages")
                        .valueStream()
                        .map(message -> message.path("depth").toString())
                        .toList());
    }

    @Test
    void whatCannotBeSentSaysWhy() throws Exception {
        Wire wire = writing();
        wire.post("/api/send", Map.of("to", "nobody", "body", "hello")).refused(409, "no-receiver");
        wire.post("/api/send", Map.of("to", "ann", "body", "")).refused(400, "bad-length");
        wire.post("/api/send", Map.of("to", "ann", "body", "y".repeat(8193))).refused(400, "bad-length");
        wire.post("/api/send", Map.of("to", "ann")).refused(400, "bad-request");
        wire.post("/api/send", Map.of("to", "ann", "body", "x", "origin", "office"))
                .refused(400, "bad-request");
        wire.post("/api/send", Map.of("to", "ann", "body", "x", "wake", "loudly"))
                .refused(400, "bad-request");
        wire.post("/api/answer", Map.of("message_id", "m-0000000000000000", "body", "x"))
                .refused(404, "message-not-found");
        wire.post("/api/answer", Map.of("message_id", "../x", "body", "x")).refused(404, "message-not-found");
        String[] headers = {wire.host(), wire.bearer(), "Content-Type: application/json"};
        wire.send("POST /api/send", "{", headers).refused(400, "bad-request");
        wire.send("POST /api/send", "[]", headers).refused(400, "bad-request");
        wire.send("POST /api/send", "{\"to\":\"ann\",\"body\":\"\\ud800\"}", headers)
                .refused(400, "bad-request");
        assertEquals(0, office.ledger(ANN).listing().ids().size());
        wire.post("/api/send", Map.of("to", "ann", "body", "\u0001".repeat(8192)))
                .ok();
    }

    // The end.

    @Test
    void whenItEndsNothingGoesOn() throws Exception {
        Wire wire = reading();
        try (Wire.Stream stream = wire.events()) {
            stream.next();
            running.get(0).close();
            assertThrows(IOException.class, stream::next);
        }
        assertThrows(ConnectException.class, () -> wire.connect().close());
    }
}
