package dev.parley.cli;

import dev.parley.mailbox.PlainText;
import dev.parley.office.Finding;
import dev.parley.office.Finding.Severity;
import dev.parley.office.PostOffice;
import dev.parley.office.Upkeep;
import dev.parley.session.PostOffices;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** {@code parley check}: verifies the whole store, and repairs it if told to. */
@Command(
        name = "check",
        description = "Verifies the whole store, while it is in use, and says what is wrong.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Exit code 0: all is well (litter and warnings may be listed). 4: something cannot be read as it is.",
            "--repair deletes nothing: what does not belong is moved to set-aside/ in the store."
        })
final class CheckCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(names = "--repair", description = "put right what can be, and set aside what cannot be read")
    private boolean repair;

    @Option(names = "--json", description = "as JSON, for programs")
    private boolean json;

    private final Map<String, String> environment;

    /** For picocli. */
    CheckCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PostOffice office = PostOffices.open(environment, Trace.NONE);
        Upkeep check = PostOffices.upkeep(office);
        PrintWriter out = spec.commandLine().getOut();
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("schema_version", 1);
        report.put("store", office.place());
        List<Finding> left;
        if (repair) {
            Upkeep.Repair repaired = check.repair();
            left = repaired.left();
            report.put("cured", asMaps(repaired.cured()));
            repaired.setAside().ifPresent(path -> report.put("set_aside", path));
            if (!json) {
                repaired.cured().forEach(finding -> out.println("cured: " + finding.where() + ": " + finding.what()));
                repaired.setAside().ifPresent(path -> out.println("what did not belong is in " + path));
            }
        } else {
            left = check.check();
        }
        report.put("findings", asMaps(left));
        boolean corrupt = left.stream().anyMatch(finding -> finding.severity() == Severity.ERROR);
        if (json) {
            out.println(JsonMapper.builder().build().writeValueAsString(report));
        } else {
            print(left, corrupt, office, out);
        }
        out.flush();
        return corrupt ? ExitCode.CORRUPT : ExitCode.OK;
    }

    private static void print(List<Finding> findings, boolean corrupt, PostOffice office, PrintWriter out) {
        for (Finding finding : findings) {
            out.println(word(finding.severity()) + ": " + PlainText.line(finding.where()) + ": " + finding.what());
            out.println("  " + finding.remedy());
        }
        String verdict = corrupt
                ? "something is damaged; 'parley check --repair' sets it aside"
                : findings.isEmpty() ? "all is well" : "nothing is damaged";
        out.println(office.place() + ": " + verdict);
    }

    private static List<Map<String, Object>> asMaps(List<Finding> findings) {
        List<Map<String, Object>> out = new ArrayList<>();
        for (Finding finding : findings) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("severity", word(finding.severity()));
            entry.put("file", finding.where());
            entry.put("what", finding.what());
            entry.put("remedy", finding.remedy());
            out.add(entry);
        }
        return out;
    }

    private static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
