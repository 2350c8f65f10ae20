package dev.parley.serve;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.MessageId;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.client.UserEnvironment;
import dev.parley.ledger.Delivery.Ring;
import dev.parley.mailbox.Envelope;
import dev.parley.mcp.StdioServer;
import dev.parley.office.PostOffice;
import dev.parley.peer.Project;
import dev.parley.peer.Registration;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Does once what a server does all day, in a store of its own, so that the classes it takes are loaded and can be
 * archived. See {@link ClassArchive}.
 */
final class TrainingRun {

    private static final SessionId SELF = new SessionId("training");
    private static final SessionId PARTNER = new SessionId("training-partner");
    private static final String RECEIVED = "m-0000000000000000";

    private static final List<String> SCRIPT = List.of(
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"server/discover\",\"params\":{}}",
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-06-18\","
                    + "\"capabilities\":{},\"clientInfo\":{\"name\":\"training\",\"version\":\"1\"}}}",
            "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}",
            "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"tools/list\",\"params\":{}}",
            call(4, "claim_session", "{\"session_id\":\"" + SELF + "\"}"),
            call(5, "set_my_state", "{\"purpose\":\"training\",\"name\":\"trainee\"}"),
            call(6, "list_project_sessions", "{}"),
            call(7, "send_message", "{\"target\":\"nobody\",\"body\":\"hello\"}"),
            call(8, "send_message", "{\"target\":\"\",\"body\":\"\"}"),
            call(9, "send_message", "{\"target\":\"" + PARTNER + "\",\"body\":\"hello\"}"),
            call(10, "ask_peer", "{\"target\":\"" + PARTNER + "\",\"body\":\"hello\",\"timeout_ms\":1}"),
            call(11, "read_my_messages", "{\"limit\":3}"),
            call(12, "message_status", "{\"message_id\":\"" + RECEIVED + "\"}"),
            call(13, "reply_to_message", "{\"message_id\":\"" + RECEIVED + "\",\"body\":\"hello\"}"),
            call(14, "get_my_session", "{}"),
            // Where there is no team, nobody is called so.
            call(15, "send_message", "{\"target\":\"" + TrainingTeam.AFAR + "\",\"body\":\"hello\"}"));

    private TrainingRun() {}

    /** Runs the script in the store that the only argument names. */
    public static void main(String[] args) throws ClassNotFoundException, IOException, InterruptedException {
        Path home = Path.of(args[0]);
        // What a server is started by; here it is not, because its streams are not the process's.
        Class.forName("dev.parley.cli.Main");
        Class.forName("dev.parley.mcp.StandardStreams");
        Class.forName("dev.parley.mcp.ClientWatch");
        Class.forName("dev.parley.mcp.ClientWatch$Ahead");
        Class.forName("dev.parley.serve.ClassArchive");
        Class.forName("dev.parley.serve.ArchiveMaker");
        TrainingInput in = new TrainingInput(SCRIPT);
        PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false, UTF_8);
        // A server begins with what its process was given; here that might name a session, or another store.
        var unusedEnvironment = UserEnvironment.of(System.getenv());
        // Nothing of this store is kept, so it need not wait for the disk.
        Map<String, String> environment = Map.of("PARLEY_HOME", home.toString(), "PARLEY_DURABILITY", "process");
        PostOffice office = PostOffices.open(environment, Trace.NONE);
        askedByPartner(office);
        var unusedTeam = TrainingTeam.join(home, office, Project.of(Path.of("")).key());
        int code = ParleyServer.described(StdioServer.on(in, in.answers(), err), environment)
                .atOnce(rest -> ParleyServer.furnish(rest, environment, Optional.of(new Nothing())))
                .build()
                .run();
        System.exit(code);
    }

    /** The keeper has nothing to do here, but the archive needs the classes with which it waits. */
    private static final class Nothing implements ArchiveKeeper.Work {
        @Override
        public void run() {}

        @Override
        public void abandon() {}
    }

    /** Somebody to write to, and a question of his to answer. */
    private static void askedByPartner(PostOffice office) throws IOException, InterruptedException {
        for (SessionId id : List.of(SELF, PARTNER)) {
            Project project = Project.of(Path.of(""));
            var unused = office.peers()
                    .register(new Registration(
                            id,
                            "training",
                            project.root(),
                            project.key(),
                            Optional.empty(),
                            Optional.of(office.processes().self()),
                            Optional.empty(),
                            false));
        }
        office.delivery()
                .send(
                        new Envelope(
                                new MessageId(RECEIVED),
                                office.clock().instant().truncatedTo(ChronoUnit.MILLIS),
                                Envelope.Origin.PEER,
                                Optional.of(PARTNER),
                                PARTNER.value(),
                                SELF,
                                Optional.of(RequestId.create()),
                                Optional.empty(),
                                Optional.empty(),
                                0,
                                "hello"),
                        Ring.NO);
    }

    private static String call(int id, String tool, String arguments) {
        return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                + "\",\"arguments\":" + arguments + "}}";
    }
}
