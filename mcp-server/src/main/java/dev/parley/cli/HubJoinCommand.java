package dev.parley.cli;

import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code parley hub join}: makes this machine one of a team's. */
@Command(
        name = "join",
        description = {
            "Joins this machine to a team, and shares the project that it is run in, and no other.",
            "Checks that the hub can be reached and used; writes nothing if not. Secrets are not kept, only where they are.",
            "Run again, it keeps the host, --accept and what is shared; all else has to be given again. For a person only: refused inside an agent's client."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class HubJoinCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "URL",
            description = "the hub: tls://HOST[:PORT], or nats://… on this machine")
    private String url = "";

    @Option(names = "--team", paramLabel = "NAME", required = true, description = "the team")
    private String team = "";

    @Option(
            names = "--host",
            paramLabel = "NAME",
            description = "what this machine is called in the team; default: the user, else its own name")
    private Optional<String> host = Optional.empty();

    @ArgGroup
    private Who who = new Who();

    /** One of the ways to log in; none: anybody may come in. */
    static final class Who {

        @Option(
                names = "--creds",
                paramLabel = "FILE",
                description = "a credentials file of the hub's, or one with an nkey's seed; mode 0600")
        private Optional<Path> credentials = Optional.empty();

        @ArgGroup(exclusive = false)
        private Named named = new Named();
    }

    /** A user with a password. */
    static final class Named {

        @Option(names = "--user", paramLabel = "NAME", required = true, description = "the user of the hub's")
        private String user = "";

        @ArgGroup(multiplicity = "1")
        private Password password = new Password();
    }

    /** Where the password is. */
    static final class Password {

        @Option(
                names = "--password-file",
                paramLabel = "FILE",
                description = "whose first line is the password; mode 0600")
        private Optional<Path> file = Optional.empty();

        @Option(
                names = "--password-env",
                paramLabel = "VARIABLE",
                description = "an environment variable, which every client that starts Parley has to have")
        private Optional<String> variable = Optional.empty();
    }

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "certificates in PEM, of which one has to have signed the hub's; default: those that Java knows")
    private Optional<Path> authority = Optional.empty();

    @Option(names = "--insecure", description = "do without TLS although the hub is on another machine")
    private boolean insecure;

    @Option(
            names = "--accept",
            paramLabel = "all|none|HOSTS",
            description = "from which hosts mail is taken; several with commas (default: all)")
    private Optional<String> accept = Optional.empty();

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    HubJoinCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        HubJoin join;
        try {
            join = new HubJoin(url, team, host)
                    .as(who.credentials, who.named.user, who.named.password.file, who.named.password.variable)
                    .over(authority, insecure)
                    .accepting(accept);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), Why.of(e), e);
        }
        Operator operator = where.operator(environment);
        Caller.of(operator).requirePerson("parley hub join");
        return join.run(
                new HubDesk(
                        environment,
                        spec.commandLine().getOut(),
                        spec.commandLine().getErr()),
                operator.project());
    }
}
