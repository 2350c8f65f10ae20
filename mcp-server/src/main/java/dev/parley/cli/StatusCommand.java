package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import dev.parley.client.Bindings;
import dev.parley.cockpit.Ages;
import dev.parley.cockpit.Cells;
import dev.parley.cockpit.SessionHistory;
import dev.parley.cockpit.WorkWords;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Overview;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.SessionOverview;
import dev.parley.overview.Standing;
import dev.parley.overview.UnreadMail;
import dev.parley.overview.Wait;
import dev.parley.overview.WorkOverview;
import dev.parley.peer.Groups;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence;
import dev.parley.peer.RemotePeer;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley status}: who is here, what they do, how much mail waits, and who waits for whom. */
@Command(
        name = "status",
        description =
                "Shows the sessions of this project, those first that need you: what they do, how much mail waits for them, and"
                        + " who waits for whom.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    /** A group of more has its rest folded into one line, so that the screen is enough. */
    private static final int MOST_OF_A_GROUP = 12;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private ProjectOption where = new ProjectOption();

    @Option(
            names = "--all",
            description = "every session, also those that have ended and have no mail; nothing is folded")
    private boolean all;

    @Option(names = "--json", description = "as JSON, for programs")
    private boolean json;

    private final Map<String, String> environment;

    /** For picocli. */
    StatusCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    /** One line of the table, and what was done to go on with the session. */
    private record Row(SessionOverview session, UnreadMail unread, SessionHistory history) {
        Peer peer() {
            return session.peer();
        }

        Presence presence() {
            return session.presence();
        }
    }

    @Override
    public Integer call() throws IOException {
        Operator operator = where.operator(environment);
        Overview overview = new Overview(operator.office());
        ProjectOverview project = overview.of(operator.project().key());
        List<Row> rows = new ArrayList<>();
        for (SessionOverview session : project.sessions()) {
            UnreadMail unread = overview.unread(session);
            unread.trouble()
                    .ifPresent(why -> tell("the mailbox of " + session.peer().name() + " cannot be looked at", why));
            SessionHistory history = SessionHistory.of(operator.office(), session.peer());
            history.trouble()
                    .ifPresent(why ->
                            tell("what was done to go on with " + session.peer().name() + " cannot be read", why));
            // Mail for somebody who is out is not to be forgotten, nor who is about to be back.
            if (all
                    || !session.isGone()
                    || unread.isThere()
                    || history.present().isPresent()) {
                rows.add(new Row(session, unread, history));
            }
        }
        project.unreadable().forEach((id, why) -> tell("the card of session " + id + " cannot be read", why));
        ProjectWork work = new WorkOverview(operator.office()).of(project);
        work.unreadable()
                .forEach((id, why) -> tell("the open work of " + project.name(id) + " cannot all be read", why));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(asMap(operator, rows, project, work)));
        } else {
            table(operator, rows, project, work, out);
            histories(rows, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    /** One damaged session must not hide the others. */
    private void tell(String what, String why) {
        spec.commandLine().getErr().println("parley: " + what + ": " + why + "; run 'parley check'");
    }

    private static Map<String, Object> asMap(
            Operator operator, List<Row> rows, ProjectOverview project, ProjectWork work) throws IOException {
        Map<SessionId, Standing> standings = new HashMap<>();
        Standing.of(project, work)
                .forEach(standing -> standings.put(standing.session().id(), standing));
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
            Standing standing =
                    Objects.requireNonNull(standings.get(row.session().id()), "every session stands somewhere");
            session.put("need", word(standing.need()));
            session.put("need_since", standing.since().map(Instant::toString).orElse(null));
            session.put("overdue", standing.overdue().size());
            session.put("since", row.presence().since().map(Instant::toString).orElse(null));
            session.put("unread", row.unread().count().orElse(null));
            session.put("purpose", row.peer().purpose().orElse(null));
            session.put("groups", row.peer().groups());
            session.put("cwd", row.peer().cwd());
            session.put("binding", Bindings.asMap(operator.office().peers().binding(row.peer())));
            session.put(
                    "binding_not_kept",
                    Bindings.notKept(operator.office(), row.peer()).orElse(null));
            session.put("supervision", row.history().supervisionAsMap());
            session.put("resume", row.history().resumeAsMap());
            sessions.add(session);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("schema_version", 1);
        out.put("project_root", operator.project().root());
        out.put("sessions", sessions);
        out.put("elsewhere", elsewhere(project));
        out.put(
                "waits",
                work.waits().stream().map(wait -> asMap(wait, project, work)).toList());
        return out;
    }

    /** The sessions on other machines that have not ended. */
    static List<Map<String, Object>> elsewhere(ProjectOverview project) {
        return project.elsewhere().stream()
                .filter(each -> !each.isGone())
                .map(StatusCommand::asMap)
                .toList();
    }

    /** A session on another machine. */
    private static Map<String, Object> asMap(RemotePeer each) {
        Peer peer = each.peer();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("name", peer.name());
        out.put("host", peer.host().orElseThrow().value());
        out.put("client_type", peer.client());
        out.put("client_session_id", peer.id().value());
        out.put("away", each.isAway());
        out.put("life", word(each.presence().life()));
        out.put("activity", each.presence().activity().inResult());
        out.put("since", each.presence().since().map(Instant::toString).orElse(null));
        out.put("purpose", peer.purpose().orElse(null));
        out.put("groups", peer.groups());
        return out;
    }

    private static Map<String, Object> asMap(Wait wait, ProjectOverview project, ProjectWork work) {
        Optional<OwedWork> item = work.item(wait);
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("asker", project.name(wait.asker()));
        out.put("asker_session_id", wait.asker().value());
        out.put("asked", project.name(wait.asked()));
        out.put("asked_session_id", wait.asked().id().value());
        out.put("asked_host", wait.asked().host().map(HostName::value).orElse(null));
        out.put("message_id", wait.question().messageId().value());
        out.put("since", wait.since().toString());
        out.put("waiting_now", wait.isAtThisMoment());
        out.put("status", item.map(owed -> owed.work().state().word()).orElse(null));
        out.put("overdue", item.filter(OwedWork::isOverdue).isPresent());
        return out;
    }

    /** Who supervises whom, and what became of those that were resumed without a terminal. */
    private void histories(List<Row> rows, PrintWriter out) {
        OptionalInt width = Terminal.width(environment);
        ZoneId zone = ZoneId.systemDefault();
        Stream.concat(
                        rows.stream().flatMap(row -> row.history().supervisionLine(zone).stream()),
                        rows.stream().flatMap(row -> row.history().resumeLine(zone).stream()))
                .map(line -> width.isEmpty() ? line : Cells.beginOf(line, width.getAsInt()))
                .forEach(out::println);
    }

    private void table(Operator operator, List<Row> rows, ProjectOverview project, ProjectWork work, PrintWriter out) {
        OptionalInt width = Terminal.width(environment);
        out.println(project(operator.project().root(), width));
        if (rows.isEmpty()) {
            out.println("no session is running here"
                    + (all ? "" : " (--all also shows those that have ended and have no mail)"));
            if (project.elsewhere().stream().allMatch(RemotePeer::isGone)) {
                return;
            }
        }
        StatusTable table = new StatusTable(project, width, all ? Integer.MAX_VALUE : MOST_OF_A_GROUP);
        Map<SessionId, UnreadMail> unread = new LinkedHashMap<>();
        rows.forEach(row -> unread.put(row.session().id(), row.unread()));
        table.lines(Standing.of(project, work), unread).forEach(out::println);
        for (Row row : rows) {
            row.peer()
                    .taken()
                    .ifPresent(taking -> out.println(row.peer().name() + ": its address "
                            + row.peer().id() + " was claimed by hand "
                            + Ages.of(Duration.between(taking.at(), project.at())) + " ago, by " + taking.by()));
        }
        groups(rows, project).forEach((group, members) -> {
            String line = group + ": " + String.join(", ", members);
            out.println(width.isEmpty() ? line : Cells.beginOf(line, width.getAsInt()));
        });
        List<Wait> told = work.waits();
        for (Wait wait : told.subList(0, all ? told.size() : Math.min(told.size(), MOST_OF_A_GROUP))) {
            String line = line(wait, project, work);
            out.println(width.isEmpty() ? line : Cells.beginOf(line, width.getAsInt()));
        }
        if (!all && told.size() > MOST_OF_A_GROUP) {
            out.println((told.size() - MOST_OF_A_GROUP) + " more questions have no answer yet (--all shows them)");
        }
    }

    /** Who of those in the table is in which group, as targets. */
    private static Map<String, List<String>> groups(List<Row> rows, ProjectOverview project) {
        Map<String, List<String>> groups = new TreeMap<>();
        Stream.concat(
                        rows.stream().map(Row::peer),
                        project.elsewhere().stream()
                                .filter(each -> !each.isGone())
                                .map(RemotePeer::peer))
                .forEach(peer -> peer.groups()
                        .forEach(group -> groups.computeIfAbsent(Groups.target(group), g -> new ArrayList<>())
                                .add(peer.called())));
        return groups;
    }

    private static String line(Wait wait, ProjectOverview project, ProjectWork work) {
        String asker = project.name(wait.asker());
        String asked = project.name(wait.asked());
        String time = Ages.of(Duration.between(wait.since(), project.at()));
        Optional<OwedWork> item = work.item(wait);
        return (wait.isAtThisMoment()
                        ? asker + " waits for " + asked + ": " + time
                        : asker + " asked " + asked + " " + time + " ago: no answer yet")
                + item.flatMap(owed -> WorkWords.news(owed, project.at()))
                        .map(news -> ", " + news)
                        .orElse("")
                + item.flatMap(owed -> WorkWords.said(owed.work()))
                        .map(said -> ": " + said)
                        .orElse("");
    }

    /** The end of a long path tells more than its beginning. */
    private static String project(String root, OptionalInt width) {
        String path = PlainText.line(root);
        return "project "
                + (width.isEmpty() ? path : Cells.endOf(path, Math.max(1, width.getAsInt() - "project ".length())));
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
