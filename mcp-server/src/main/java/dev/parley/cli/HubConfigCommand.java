package dev.parley.cli;

import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley hub config}: prints a configuration of a nats-server. */
@Command(
        name = "config",
        description = {
            "Prints a complete configuration of a nats-server for a team: JetStream, TLS, and a user for each host that may do"
                    + " what a host has to do and nothing else.",
            "It holds a new password for each host: send it to a file that only the server can read. --passwords puts each into a"
                    + " file of its own, for 'parley hub join --password-file'."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false)
final class HubConfigCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(names = "--team", paramLabel = "NAME", required = true, description = "the team")
    private String team = "";

    @Option(
            names = "--host",
            paramLabel = "NAME",
            required = true,
            description = "a machine of the team; once for each of them")
    private List<String> hosts = new ArrayList<>();

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS:PORT",
            defaultValue = "0.0.0.0:4222",
            description = "where it listens (default: ${DEFAULT-VALUE})")
    private String listen = "";

    @Option(
            names = "--store-dir",
            paramLabel = "DIR",
            defaultValue = "/var/lib/nats",
            description = "where it keeps its data (default: ${DEFAULT-VALUE})")
    private String directory = "";

    @Option(
            names = "--cert",
            paramLabel = "FILE",
            description = "its certificate, in PEM; it has to name the server's host")
    private Optional<Path> certificate = Optional.empty();

    @Option(names = "--key", paramLabel = "FILE", description = "the key of that certificate, in PEM")
    private Optional<Path> key = Optional.empty();

    @Option(
            names = "--passwords",
            paramLabel = "DIR",
            description = "put the password of each host into DIR/HOST.password, mode 0600")
    private Optional<Path> passwords = Optional.empty();

    @Option(
            names = "--no-tls",
            description = "without TLS: for one machine, or a network that nobody else can listen to")
    private boolean plain;

    @Override
    public Integer call() throws IOException {
        if (plain == (certificate.isPresent() || key.isPresent()) || certificate.isPresent() != key.isPresent()) {
            throw new ParameterException(spec.commandLine(), "it takes --cert and --key, or --no-tls");
        }
        try {
            spec.commandLine()
                    .getOut()
                    .print(HubConfiguration.text(
                            team,
                            hosts,
                            listen,
                            directory,
                            certificate.map(Path::toString),
                            key.map(Path::toString),
                            passwords));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), Why.of(e), e);
        }
        spec.commandLine().getOut().flush();
        return ExitCode.OK;
    }
}
