package dev.parley.cli;

import dev.parley.address.SessionId;
import dev.parley.office.PostOffice;
import dev.parley.peer.Peer;
import dev.parley.peer.Presence.Life;
import dev.parley.peer.Resolution;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley adopt}: the operator gives the address of a session that is out to another one. */
@Command(
        name = "adopt",
        description = {
            "Gives the address of a session that does not run to another session: its waiting mail, what it can"
                    + " answer, and what is sent there from now on.",
            "If the first one comes back, the address is its own again, and it is told.",
            "For a person only: refused inside an agent's client."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example: parley adopt 0d80d7d3-b870-4f75-a807-43f541f7b15b --for calm-otter"})
final class AdoptCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "the whole id of the session whose address is given away")
    private String address = "";

    @Option(
            names = "--for",
            paramLabel = "NAME",
            required = true,
            description = "who gets it: a session's name, id, or the beginning of its id (8+ characters)")
    private String target = "";

    @Option(
            names = "--project",
            paramLabel = "DIR",
            description = "a directory of the project of NAME; default: the current one")
    private Path directory = Path.of("");

    private final Map<String, String> environment;

    /** For picocli. */
    AdoptCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!SessionId.isValid(address)) {
            throw new CommandLine.ParameterException(
                    spec.commandLine(), "ID takes a whole session id; see 'parley status --all --json'");
        }
        Operator operator = Operator.at(directory, environment);
        Caller.of(operator).requirePerson("parley adopt");
        PostOffice office = operator.office();
        Peer heir = heir(operator);
        SessionId from = office.peers().current(new SessionId(address));
        if (from.equals(heir.id())) {
            throw new IOException(heir.name() + " has that address already; nothing was changed");
        }
        if (!office.peers().exists(from)) {
            throw new IOException("no session has the id " + address + "; nothing was changed");
        }
        Optional<Peer> holder = office.peers().find(from);
        if (holder.isPresent() && office.peers().presence(holder.get()).life() == Life.LIVE) {
            throw new IOException(
                    holder.get().name() + " has that address and is running; end it first. Nothing was" + " changed");
        }
        office.peers().give(from, heir.id());
        int waiting = office.mailbox(heir.id()).waiting();
        office.delivery().ring(heir);
        spec.commandLine()
                .getOut()
                .println(from + holder.map(peer -> " (" + peer.name() + ")").orElse("") + " is an address of "
                        + heir.name() + " now, for whom " + waiting + " messages wait");
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }

    private Peer heir(Operator operator) throws IOException {
        Resolution resolution = operator.office().peers().resolve(target, operator.asCaller());
        if (resolution instanceof Resolution.Found found) {
            return found.peer();
        }
        throw new IOException("'" + target + "' is not one session of this project; 'parley status --all' lists them."
                + " Nothing was changed");
    }
}
