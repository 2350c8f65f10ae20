package dev.parley.cli;

import dev.parley.client.Clients;
import dev.parley.serve.ClassArchive;
import dev.parley.session.HomeDirectory;
import dev.parley.session.PostOffices;
import dev.parley.setup.Change;
import dev.parley.setup.Distribution;
import dev.parley.setup.Launcher;
import dev.parley.setup.OtherClients;
import dev.parley.setup.Places;
import dev.parley.setup.ResumeChoice;
import dev.parley.setup.Scope;
import dev.parley.setup.Setup;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley setup}: puts Parley into the clients' configuration, or takes it out again. */
@Command(
        name = "setup",
        description = {
            "Sets Parley up in Claude Code, Codex, Gemini CLI and OpenCode: the server, the hooks or the plug-in, the /parley"
                    + " command or skill, and the rules that let its tools run unasked.",
            "Everything else in the clients' files stays byte for byte. Running it again brings what starts Parley up to"
                    + " date, adds what is missing, keeps what you added to Parley's own entries, and changes nothing if all"
                    + " is as it should be. All files are changed, or none."
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
            description = "claude-code, codex, gemini-cli or opencode; default: those that are on the PATH")
    private Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            description =
                    "user: for you, everywhere (the default). project: for everybody, in files of this directory, which"
                            + " call 'parley' by its name; undone with --undo --scope project")
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
            names = "--print",
            description =
                    "print what any other MCP client has to be told, in the forms that are in use, and what it gets;"
                            + " change nothing")
    private boolean print;

    @Option(
            names = "--force",
            description = "replace a server named 'parley' that setup did not write; --undo gives it back")
    private boolean force;

    @Option(
            names = "--undo",
            description =
                    "restore what was there before, also of clients that are not installed any more; in files that"
                            + " somebody has changed since, take out what setup put in, and put back what it replaced")
    private boolean undo;

    @Option(
            names = "--resume",
            arity = "0..1",
            paramLabel = "WHERE",
            fallbackValue = "machine",
            description =
                    "also lets a request have a session resumed that has ended, for one turn without a terminal: machine, in"
                            + " all projects (the default); project, in that of this directory; off, in neither. It is"
                            + " off until you say so; --undo takes it out. See docs/WAKING.md")
    private Optional<ResumeChoice> resume = Optional.empty();

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
    public Integer call() throws IOException, InterruptedException {
        for (String client : only) {
            if (!Setup.CLIENTS.contains(client)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "no client '" + client + "' is known; known are " + String.join(", ", Setup.CLIENTS));
            }
        }
        if (scope == Scope.PROJECT && launcher != Launcher.DIST) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--launcher is for --scope user: files that others share call 'parley' by its name");
        }
        if (resume.isPresent() && (undo || print || scope == Scope.PROJECT)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--resume is kept for you alone, in your store: it goes with neither --scope project (--resume=project is"
                            + " this project) nor --undo (which takes it out as well) nor --print");
        }
        // What the environment says of homes is looked at before anything is read or written.
        refuseToActForSomebodyElse(HomeDirectory.ofUser(environment));
        Path home = PostOffices.home(environment);
        Places places = new Places(
                Distribution.planned(home), environment, scope, Path.of("").toAbsolutePath(), launcher, force);
        if (print) {
            printForOthers(places);
            return ExitCode.OK;
        }
        // A client that is not installed any more loses what it has of Parley's all the same.
        Set<String> clients = undo && only.isEmpty() ? new LinkedHashSet<>(Setup.CLIENTS) : only;
        Setup setup = new Setup(places, home, clients, !noTrust);
        resume.ifPresent(setup::resume);
        if (undo && only.isEmpty() && scope == Scope.USER) {
            setup.resume(ResumeChoice.OFF);
        }
        PrintWriter out = spec.commandLine().getOut();
        // Where a request may have a session resumed is said without any, above all that it may not.
        if (setup.clients().isEmpty() && resume.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("parley: " + Setup.noneFound() + "; name one with --client to set it up all the same");
            return ExitCode.FAILED;
        }
        setup.clients().forEach(client -> out.println(found(client)));
        if (dryRun) {
            List<Change> changes = undo ? setup.planUndo() : setup.plan();
            changes.forEach(change -> out.print(change.diff()));
            out.println(changes.isEmpty() ? "nothing would change" : "nothing was changed (--dry-run)");
        } else if (undo) {
            undo(setup, home, out);
        } else {
            install(setup, places, out);
        }
        out.flush();
        setup.warnings().forEach(warning -> spec.commandLine().getErr().println("parley: " + warning));
        return ExitCode.OK;
    }

    private void printForOthers(Places places) throws IOException {
        if (undo || dryRun || !only.isEmpty() || scope == Scope.PROJECT) {
            throw new ParameterException(
                    spec.commandLine(), "--print changes nothing: it takes no other option but --launcher");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(OtherClients.describe(places));
        out.flush();
    }

    private void undo(Setup setup, Path home, PrintWriter out) throws IOException, InterruptedException {
        if (!Files.exists(home)) {
            // Nothing was ever written down, and no store is made only to say so.
            List<Change> changes = setup.planUndo();
            setup.undo(changes);
            report(changes, out);
            return;
        }
        try (Setup.Turn turn = setup.begin()) {
            Objects.requireNonNull(turn);
            List<Change> changes = setup.planUndo();
            setup.undo(changes);
            report(changes, out);
            setup.left().forEach(file -> out.println("  left    " + file));
            if (only.isEmpty() && scope == Scope.USER) {
                Distribution.removeUnpacked(home);
            }
        }
    }

    private void install(Setup setup, Places places, PrintWriter out) throws IOException, InterruptedException {
        // A session's first hook may come before its server: the store should be there.
        PostOffices.open(environment, Trace.NONE);
        List<Change> changes;
        try (Setup.Turn turn = setup.begin()) {
            Objects.requireNonNull(turn);
            places.distribution().unpack();
            changes = setup.plan();
            setup.install(changes);
        }
        report(changes, out);
        makeArchive(out);
        if (!changes.isEmpty()) {
            out.println("back-ups are in " + setup.backups() + "; to restore them: " + undoCommand());
        }
        if (!changes.isEmpty() || scope == Scope.PROJECT) {
            setup.notes().forEach(out::println);
        }
        if (scope == Scope.PROJECT && !places.isOnPath()) {
            out.println("These files call 'parley' by its name: put it on the PATH, here and with everybody who shares"
                    + " them, for example: ln -s " + places.distribution().launcher() + " ~/.local/bin/parley");
        }
        if (setup.clients().isEmpty()) {
            return;
        }
        out.println("Next: start two sessions in one project, each in a terminal of its own ("
                + setup.clients().stream().map(SetupCommand::program).collect(Collectors.joining(" or "))
                + "), and type in one of them: ask the other session which tests are failing");
    }

    private static String program(Setup.Found client) {
        return Clients.named(client.name()).program().orElse(client.name());
    }

    private String undoCommand() {
        return "parley setup --undo" + (scope == Scope.PROJECT ? " --scope project" : "")
                + (only.isEmpty() ? "" : " --client " + String.join(",", only))
                + (scope == Scope.PROJECT ? " (in this directory)" : "");
    }

    /** With sudo, the store and what is new would be root's, and the user's sessions could not use it. */
    private void refuseToActForSomebodyElse(Path user) throws IOException {
        String caller = environment.getOrDefault("SUDO_UID", "");
        if (!caller.isEmpty()
                && !caller.equals("0")
                && Files.isDirectory(user)
                && String.valueOf(Files.getAttribute(user, "unix:uid")).equals(caller)) {
            throw new IOException(user
                    + " is that of the user who called sudo; run it without sudo, so that it can use its own store");
        }
    }

    /** So that already the first session's server starts fast. */
    private void makeArchive(PrintWriter out) {
        try {
            Optional<ClassArchive> archive = ClassArchive.ofThisStart();
            if (archive.isPresent() && archive.get().remakeIfStale(ClassArchive.Haste.NOW)) {
                out.println("made the class archive, so that servers start fast");
            }
        } catch (IOException e) {
            spec.commandLine().getErr().println("parley: no class archive was made; a server will try again: " + e);
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

    private static void report(List<Change> changes, PrintWriter out) {
        for (Change change : changes) {
            String verb = change.deleted() ? "removed " : !change.exists() ? "wrote   " : "changed ";
            out.println("  " + verb + change.file());
        }
        if (changes.isEmpty()) {
            out.println("  nothing to change");
        }
    }
}
