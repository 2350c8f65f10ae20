package dev.parley.cli;

import dev.parley.address.SessionId;
import dev.parley.mailbox.PlainText;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.Presence.Activity;
import dev.parley.peer.Presence.Life;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley status}: who is here, what they do, and how much mail waits. */
@Command(
        name = "status",
        description = "Shows the sessions of this project: what they do, and how much mail waits for them.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    private static final int MAX_PURPOSE = 48;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "a directory of the project; default: the current one")
    private Path directory = Path.of("");

    @Option(names = "--all", description = "also sessions that have ended and have no mail")
    private boolean all;

    @Option(names = "--json", description = "as JSON, for programs")
    private boolean json;

    private final Map<String, String> environment;

    /** For picocli. */
    StatusCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /** One line of the table. */
    private record Row(Peer peer, Presence presence, Optional<Integer> unread) {}

    @Override
    public Integer call() throws IOException {
        Operator operator = Operator.at(directory, environment);
        List<Row> rows = new ArrayList<>();
        for (Peer peer : operator.office().peers().peersOf(operator.project().key())) {
            Presence presence = operator.office().peers().presence(peer);
            Optional<Integer> unread = unread(operator, peer);
            // Mail for somebody who is out is not to be forgotten.
            if (all || presence.life() != Life.GONE || unread.orElse(0) > 0) {
                rows.add(new Row(peer, presence, unread));
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(asMap(operator, rows)));
        } else {
            table(operator, rows, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    /** Empty if the mailbox cannot be looked at: one damaged session must not hide the others. */
    private Optional<Integer> unread(Operator operator, Peer peer) {
        try {
            return Optional.of(operator.office().mailbox(peer.id()).waiting());
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println("parley: the mailbox of " + peer.name() + " cannot be looked at: " + e.getMessage()
                            + "; run 'parley check'");
            return Optional.empty();
        }
    }

    private static Map<String, Object> asMap(Operator operator, List<Row> rows) {
        List<Map<String, Object>> sessions = new ArrayList<>();
        for (Row row : rows) {
            Map<String, Object> session = new LinkedHashMap<>();
            session.put("name", row.peer().name());
            session.put("client_type", row.peer().client());
            session.put("client_session_id", row.peer().id().value());
            session.put(
                    "own_session_id", row.peer().ownId().map(SessionId::value).orElse(null));
            session.put("claimed", row.peer().claimed());
            session.put(
                    "claimed_by",
                    row.peer().taken().map(taking -> taking.by().value()).orElse(null));
            session.put(
                    "claimed_at",
                    row.peer().taken().map(taking -> taking.at().toString()).orElse(null));
            session.put("life", word(row.presence().life()));
            session.put("activity", row.presence().activity().inResult());
            session.put("since", row.presence().since().map(Instant::toString).orElse(null));
            session.put("unread", row.unread().orElse(null));
            session.put("purpose", row.peer().purpose().orElse(null));
            session.put("cwd", row.peer().cwd());
            sessions.add(session);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("schema_version", 1);
        out.put("project_root", operator.project().root());
        out.put("sessions", sessions);
        return out;
    }

    private void table(Operator operator, List<Row> rows, PrintWriter out) {
        OptionalInt width = Terminal.width(environment);
        out.println(project(operator.project().root(), width));
        if (rows.isEmpty()) {
            out.println("no session is running here"
                    + (all ? "" : " (--all also shows those that have ended and have no mail)"));
            return;
        }
        Instant now = operator.office().clock().instant();
        List<List<String>> lines = new ArrayList<>();
        lines.add(List.of("NAME", "CLIENT", "DOES", "UNREAD", "PURPOSE"));
        for (Row row : rows) {
            lines.add(List.of(
                    row.peer().name(),
                    PlainText.line(row.peer().client()),
                    activity(row.presence(), now),
                    row.unread().map(count -> Integer.toString(count)).orElse("?"),
                    row.peer().purpose().map(StatusCommand::shorten).orElse("-")));
        }
        new Table(lines).fitting(width).forEach(out::println);
        for (Row row : rows) {
            row.peer()
                    .taken()
                    .ifPresent(taking -> out.println(row.peer().name() + ": its address "
                            + row.peer().id() + " was claimed by hand " + ago(Duration.between(taking.at(), now))
                            + " ago, by " + taking.by()));
        }
    }

    /** The end of a long path tells more than its beginning. */
    private static String project(String root, OptionalInt width) {
        String path = PlainText.line(root);
        return "project "
                + (width.isEmpty() ? path : Cells.endOf(path, Math.max(1, width.getAsInt() - "project ".length())));
    }

    private static String activity(Presence presence, Instant now) {
        if (presence.life() == Life.GONE) {
            return "ended";
        }
        if (presence.activity() == Activity.UNKNOWN) {
            return presence.life() == Life.LIVE ? "running" : "unknown";
        }
        String does = presence.activity() == Activity.ASKING
                ? "waits for its user"
                : presence.activity().inResult();
        return does
                + presence.since()
                        .map(at -> " for " + ago(Duration.between(at, now)))
                        .orElse("");
    }

    private static String ago(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        return seconds < 3600 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String shorten(String text) {
        return PlainText.quoted(PlainText.line(text), MAX_PURPOSE);
    }
}
