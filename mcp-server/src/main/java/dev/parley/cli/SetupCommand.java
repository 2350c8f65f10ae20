package dev.parley.cli;

import dev.parley.session.HomeDirectory;
import dev.parley.session.PostOffice;
import dev.parley.setup.Distribution;
import dev.parley.setup.Launcher;
import dev.parley.setup.Places;
import dev.parley.setup.Scope;
import dev.parley.setup.Setup;
import dev.parley.store.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley setup}: puts Parley into the clients' configuration, or takes it out again. */
@Command(
        name = "setup",
        description = {
            "Sets Parley up in Claude Code and Codex: the server, the hooks, the /parley command or skill, and the rules"
                    + " that let its tools run unasked.",
            "Everything else in the clients' files stays byte for byte. Running it again changes nothing."
        },
        mixinStandardHelpOptions = true)
final class SetupCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(
            names = "--client",
            paramLabel = "CLIENT",
            split = ",",
            description = "claude-code or codex; default: those that are on the PATH")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description = "user: for you, everywhere (the default). project: for everybody, in files of this directory")
    private Scope scope = Scope.USER;

    @Option(
            names = "--launcher",
            paramLabel = "LAUNCHER",
            description =
                    "how the clients start the server: dist, the launcher of this distribution (the default, and the quickest);"
                            + " jar, java -jar of the one jar; jbang, from the local Maven repository")
    private Launcher launcher = Launcher.DIST;

    @Option(names = "--dry-run", description = "show the changes as a diff, and make none")
    private boolean dryRun;

    @Option(
            names = "--undo",
            description = "restore what was there before; take out only what is Parley's where that changed")
    private boolean undo;

    @Option(
            names = "--no-trust",
            description = "let Codex ask you to review the hooks, instead of telling it that you trust them")
    private boolean noTrust;

    private final Map<String, String> environment;

    /** For picocli. */
    SetupCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException {
        for (String client : only) {
            if (!Setup.CLIENTS.contains(client)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no client '" + client + "' is known; known are " + String.join(", ", Setup.CLIENTS));
            }
        }
        // What the environment says of homes is looked at before anything is read or written.
        HomeDirectory.ofUser(environment);
        Places places = new Places(
                Distribution.running(), environment, scope, Path.of("").toAbsolutePath(), launcher);
        Path home = PostOffice.home(environment);
        Setup setup = new Setup(places, home, only, !noTrust);
        PrintWriter out = spec.commandLine().getOut();
        if (setup.clients().isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("parley: neither 'claude' nor 'codex' is on the PATH; name one with --client to set it up"
                            + " all the same");
            return ExitCode.FAILED;
        }
        setup.clients().forEach(client -> out.println(found(client)));
        List<Setup.Change> changes = undo ? setup.planUndo() : setup.plan();
        if (dryRun) {
            changes.forEach(change -> out.print(change.diff()));
            out.println(changes.isEmpty() ? "nothing would change" : "nothing was changed (--dry-run)");
        } else if (undo) {
            setup.undo(changes);
            report(changes, out);
        } else {
            // A session's first hook may come before its server: the store should be there.
            PostOffice.open(environment, Trace.NONE);
            setup.install(changes);
            report(changes, out);
            makeArchive(out);
            if (!changes.isEmpty()) {
                out.println("back-ups are in " + setup.backups() + "; 'parley setup --undo' restores them");
            }
            if (!changes.isEmpty()) {
                setup.notes().forEach(out::println);
            }
        }
        out.flush();
        return ExitCode.OK;
    }

    /** So that already the first session's server starts fast. */
    private void makeArchive(PrintWriter out) {
        try {
            Optional<ClassArchive> archive = ClassArchive.ofThisStart();
            if (archive.isPresent() && archive.get().remakeIfStale(ClassArchive.Haste.NOW)) {
                out.println("made the class data archive, so that servers start fast");
            }
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println("parley: no class data archive was made; a server will try again: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String found(Setup.Found client) {
        return client.name()
                + client.program()
                        .map(program -> " " + program.version() + " (" + program.path() + ")")
                        .orElse(" (not on the PATH)");
    }

    private static void report(List<Setup.Change> changes, PrintWriter out) {
        for (Setup.Change change : changes) {
            String verb = change.deleted() ? "removed " : change.before().isEmpty() ? "wrote   " : "changed ";
            out.println("  " + verb + change.file());
        }
        if (changes.isEmpty()) {
            out.println("  nothing to change");
        }
    }
}
