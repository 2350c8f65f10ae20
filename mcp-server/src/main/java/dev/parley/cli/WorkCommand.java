package dev.parley.cli;

import dev.parley.address.HostName;
import dev.parley.address.RequestId;
import dev.parley.address.SessionId;
import dev.parley.cockpit.Ages;
import dev.parley.cockpit.Cells;
import dev.parley.cockpit.WorkWords;
import dev.parley.ledger.Work;
import dev.parley.mailbox.PlainText;
import dev.parley.overview.Overview;
import dev.parley.overview.OwedWork;
import dev.parley.overview.ProjectOverview;
import dev.parley.overview.ProjectWork;
import dev.parley.overview.WaitChain;
import dev.parley.overview.Who;
import dev.parley.overview.WorkOverview;
import dev.parley.peer.Presence;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley work}: who owes what to whom, and who waits for whom. */
@Command(
        name = "work",
        description = "Shows the open work of this project: which session owes what to which, and who waits for whom.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "--check exits with 5 if a request is overdue, if the session that owes it has",
            "ended, or if sessions wait for each other in a circle; with 1 if not everything",
            "can be read. Else with 0."
        })
final class WorkCommand implements Callable<Integer> {

    /** Of a request's text, where the terminal sets no limit. */
    private static final int MAX_HEAD = 60;

    /** Of a request's text, for programs. */
    private static final int MAX_JSON_HEAD = 200;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Mixin
    private ProjectOption where = new ProjectOption();

    @Option(names = "--check", description = "exit with 5 if somebody has to look after something")
    private boolean check;

    @Option(names = "--json", description = "as JSON, for programs")
    private boolean json;

    private final Map<String, String> environment;

    /** For picocli. */
    WorkCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Operator operator = where.operator(environment);
        ProjectOverview project =
                new Overview(operator.office()).of(operator.project().key());
        ProjectWork work = new WorkOverview(operator.office()).of(project);
        project.unreadable().forEach((id, why) -> tell("the card of session " + id + " cannot be read", why));
        work.unreadable()
                .forEach((id, why) -> tell("the open work of " + project.name(id) + " cannot all be read", why));
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(asMap(operator, project, work)));
        } else {
            print(operator, project, work, Terminal.width(environment), out);
        }
        out.flush();
        if (check && work.isStuck()) {
            return ExitCode.STUCK;
        }
        boolean isWhole = project.unreadable().isEmpty() && work.unreadable().isEmpty();
        return check && !isWhole ? ExitCode.FAILED : ExitCode.OK;
    }

    /** One damaged session must not hide the others. */
    private void tell(String what, String why) {
        spec.commandLine().getErr().println("parley: " + what + ": " + why + "; run 'parley check'");
    }

    private static void print(
            Operator operator, ProjectOverview project, ProjectWork work, OptionalInt width, PrintWriter out) {
        Consumer<String> line = text -> out.println(width.isEmpty() ? text : Cells.beginOf(text, width.getAsInt()));
        line.accept("project " + PlainText.line(operator.project().root()));
        if (work.items().isEmpty()) {
            out.println("no open work");
        } else {
            List<List<String>> lines = new ArrayList<>();
            lines.add(List.of("STATE", "OWNER", "FOR", "AGE", "DUE", "REQUEST"));
            work.items().forEach(item -> lines.add(row(item, project)));
            new Table(lines).fitting(width).forEach(out::println);
            work.items().stream()
                    .filter(item -> item.work().note().isPresent()
                            || item.work().needs().isPresent())
                    .forEach(item -> line.accept(said(item, project)));
        }
        work.chains().forEach(chain -> line.accept(chain.text(project::name)));
    }

    private static List<String> row(OwedWork item, ProjectOverview project) {
        return List.of(
                item.work().state().word() + (item.isOverdue() ? ", overdue" : ""),
                project.name(item.owner()) + (item.isOrphaned() ? " (ended)" : ""),
                WorkWords.requester(item, project) + (item.isAwaited() ? " (waits)" : ""),
                Ages.of(Duration.between(item.since(), project.at())),
                item.work().request().due().map(due -> due(due, project.at())).orElse("-"),
                PlainText.quoted(PlainText.line(item.work().request().body()), MAX_HEAD));
    }

    private static String due(Instant due, Instant now) {
        return due.isAfter(now)
                ? "in " + Ages.of(Duration.between(now, due))
                : Ages.of(Duration.between(due, now)) + " ago";
    }

    /** What its owner says of it. */
    private static String said(OwedWork item, ProjectOverview project) {
        Work work = item.work();
        return project.name(item.owner()) + " to " + WorkWords.requester(item, project) + ", "
                + work.state().word()
                + work.note().map(note -> ": " + PlainText.line(note)).orElse("")
                + work.needs().map(needs -> "; needs: " + PlainText.line(needs)).orElse("");
    }

    private static Map<String, Object> asMap(Operator operator, ProjectOverview project, ProjectWork work) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("schema_version", 1);
        out.put("project_root", operator.project().root());
        out.put("stuck", work.isStuck());
        out.put("items", work.items().stream().map(item -> asMap(item, project)).toList());
        out.put(
                "chains",
                work.chains().stream().map(chain -> asMap(chain, project)).toList());
        return out;
    }

    private static Map<String, Object> asMap(OwedWork item, ProjectOverview project) {
        Work work = item.work();
        Instant now = project.at();
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("message_id", work.request().id().value());
        out.put("request_id", work.request().requestId().map(RequestId::value).orElse(null));
        out.put("status", work.state().word());
        out.put("owner", project.name(item.owner()));
        out.put("owner_session_id", item.owner().id().value());
        out.put("owner_host", item.owner().host().map(HostName::value).orElse(null));
        out.put(
                "owner_life",
                word(project, item.owner(), presence -> presence.life().name()));
        out.put(
                "owner_activity",
                word(project, item.owner(), presence -> presence.activity().inResult()));
        out.put("requester", WorkWords.requester(item, project));
        out.put("requester_session_id", item.requester().map(SessionId::value).orElse(null));
        out.put("head", PlainText.quoted(PlainText.line(work.request().body()), MAX_JSON_HEAD));
        out.put("note", work.note().map(PlainText::line).orElse(null));
        out.put("needs", work.needs().map(PlainText::line).orElse(null));
        out.put("since", work.since().toString());
        out.put("age_seconds", Math.max(0, Duration.between(item.since(), now).toSeconds()));
        out.put("due", work.request().due().map(Instant::toString).orElse(null));
        out.put("waiting_now", item.isAwaited());
        out.put("overdue", item.isOverdue());
        out.put("owner_ended", item.isOrphaned());
        out.put("in_cycle", item.isInCycle());
        return out;
    }

    private static Map<String, Object> asMap(WaitChain chain, ProjectOverview project) {
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("path", chain.sessions().stream().map(project::name).toList());
        out.put("session_ids", chain.sessions().stream().map(Who::target).toList());
        out.put("cycle", chain.isCycle());
        out.put("waiting_now", chain.isHeldUp());
        return out;
    }

    private static String word(ProjectOverview project, Who owner, Function<Presence, String> what) {
        return project.presence(owner).map(what).orElse("unknown").toLowerCase(Locale.ROOT);
    }
}
