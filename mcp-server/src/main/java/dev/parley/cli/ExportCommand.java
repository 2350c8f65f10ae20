package dev.parley.cli;

import dev.parley.cockpit.Heading;
import dev.parley.cockpit.HtmlLog;
import dev.parley.cockpit.JsonLog;
import dev.parley.overview.Excerpt;
import dev.parley.overview.Overview;
import dev.parley.overview.Selection;
import dev.parley.overview.Threads.Placed;
import dev.parley.overview.Unreadable;
import dev.parley.session.Setting;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley export}: writes a project's whole correspondence down, for keeping. */
@Command(
        name = "export",
        description = {
            "Writes all that is kept of this project's messages into a directory: " + ExportCommand.LINES
                    + ", with all that is known, one JSON object a line, and " + ExportCommand.PAGE
                    + ", one page to read, answers under their questions.",
            "Running it again replaces what it wrote before. It touches no other file, and takes nothing out of the store."
        },
        mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

    static final String LINES = "messages.jsonl";
    static final String PAGE = "messages.html";

    /** By which an export is told from files of somebody else's. */
    private static final String MARK = "parley-export.json";

    private static final Duration PROGRESS = Duration.ofSeconds(1);

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "where to write; made if it is not there")
    private Path target = Path.of("");

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    ExportCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        Operator operator = where.operator(environment);
        Heading heading = new Heading(
                operator.project().root(),
                operator.office().clock().instant(),
                ZoneId.systemDefault(),
                Heading.kept((int) Setting.RECEIVED_MAX.number(environment)));
        prepare();
        PageFile.replacing(target.resolve(MARK)).write(out -> out.println(mark(heading)));
        Excerpt all = new Overview(operator.office())
                .correspondence(operator.project().key())
                .select(Selection.ALL);
        Set<Unreadable> unreadable = new LinkedHashSet<>();
        Progress progress = new Progress();
        PageFile.replacing(target.resolve(LINES)).write(out -> {
            JsonLog log = new JsonLog(out);
            unreadable.addAll(all.read(message -> {
                log.message(new Placed(message, 0));
                progress.wrote();
            }));
        });
        int written = progress.written;
        PageFile.replacing(target.resolve(PAGE)).write(out -> {
            HtmlLog log = new HtmlLog(out, heading);
            log.begin();
            unreadable.addAll(all.readThreads(placed -> {
                log.message(placed);
                progress.tell();
            }));
            log.end();
        });
        unreadable.forEach(each -> spec.commandLine().getErr().println("parley: " + Troubles.sentence(each)));
        PrintWriter out = spec.commandLine().getOut();
        out.println("wrote " + written + (written == 1 ? " message to " : " messages to ") + target.resolve(LINES)
                + " and " + PAGE);
        out.flush();
        return ExitCode.OK;
    }

    private static String mark(Heading heading) {
        Map<String, Object> mark = new LinkedHashMap<>();
        mark.put("parley_export", 1);
        mark.put("project_root", heading.project());
        mark.put("exported_at", heading.at().toString());
        mark.put("retention", heading.retention());
        return JsonMapper.builder().build().writeValueAsString(mark);
    }

    /** Makes the directory, or sees that nothing in it is in the way. */
    private void prepare() throws IOException {
        try {
            Files.createDirectories(target);
        } catch (FileAlreadyExistsException e) {
            throw new IOException(target + " is there and is no directory; nothing was written", e);
        }
        boolean isOurs = Files.isRegularFile(target.resolve(MARK), LinkOption.NOFOLLOW_LINKS);
        for (String name : List.of(LINES, PAGE, MARK)) {
            Path file = target.resolve(name);
            boolean isThere = Files.exists(file, LinkOption.NOFOLLOW_LINKS);
            if (isThere && !(isOurs && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
                throw new IOException(file + " is there and is none that 'parley export' wrote (then " + MARK
                        + " would be beside it); nothing was written: choose another directory");
            }
        }
    }

    /** Says once a second how far it has come. */
    private final class Progress {
        private long toldAt = System.nanoTime();
        private int written;

        void wrote() {
            written++;
            tell();
        }

        void tell() {
            long now = System.nanoTime();
            if (now - toldAt >= PROGRESS.toNanos()) {
                toldAt = now;
                spec.commandLine().getErr().println("parley: " + written + " messages so far");
            }
        }
    }
}
