package dev.parley.cli;

import dev.parley.cockpit.OperatorPost;
import dev.parley.cockpit.web.Browser;
import dev.parley.cockpit.web.Lifeline;
import dev.parley.cockpit.web.ProjectView;
import dev.parley.cockpit.web.WebCockpit;
import dev.parley.session.Setting;
import dev.parley.trace.Why;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.BindException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley web}: the project on a web page, for as long as the command runs. */
@Command(
        name = "web",
        description = {
            "Shows this project on a web page: the sessions and what each needs, what they wrote, who waits for whom.",
            "The first line that it prints is the page's address. It listens on 127.0.0.1 only, lets in whoever has that"
                    + " address, and ends with the terminal or with Ctrl+C."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: parley web --open",
            "From another machine: ssh -L 8088:127.0.0.1:8088 HOST -t parley web --port 8088"
        })
final class WebCommand implements Callable<Integer> {

    private static final int MAX_PORT = 65_535;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Option(names = "--port", paramLabel = "PORT", description = "which port of 127.0.0.1; default: any that is free")
    private int port;

    @Option(names = "--open", description = "open the page in the browser")
    private boolean open;

    @Option(
            names = "--write",
            description = "let the page send messages and answer them, as the operator; without it, it only shows")
    private boolean write;

    @Mixin
    private ProjectOption where = new ProjectOption();

    private final Map<String, String> environment;

    /** For picocli. */
    WebCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(
                    spec.commandLine(), "--port takes 1 to " + MAX_PORT + ", or 0 for any that is free");
        }
        Lifeline lifeline = Lifeline.ofThisProcess();
        Operator operator = where.operator(environment);
        if (write) {
            Caller.of(operator).requirePerson("parley web --write");
        }
        Optional<OperatorPost> post = write
                ? Optional.of(OperatorPost.ofOperator(operator.office(), environment, operator.asCaller()))
                : Optional.empty();
        try (WebCockpit cockpit = WebCockpit.start(view(operator), post, port)) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(cockpit.address());
            out.println((write
                            ? "The page can send messages, as the operator. "
                            : "The page only shows; --write lets it send. ")
                    + "It ends with this terminal, or with Ctrl+C.");
            out.flush();
            if (open) {
                openAndAwait(cockpit, lifeline);
            } else {
                lifeline.await();
            }
            return ExitCode.OK;
        } catch (BindException e) {
            spec.commandLine()
                    .getErr()
                    .println("parley: port " + port + " of 127.0.0.1 is taken (" + Why.of(e)
                            + "); choose another, or leave --port out for any that is free");
            return ExitCode.BUSY;
        }
    }

    private void openAndAwait(WebCockpit cockpit, Lifeline lifeline) throws InterruptedException, IOException {
        Browser browser;
        try {
            browser = Browser.open(cockpit.address(), environment);
        } catch (IOException e) {
            spec.commandLine()
                    .getErr()
                    .println("parley: no browser can be opened (" + Why.of(e) + "); open the address above in one");
            lifeline.await();
            return;
        }
        Thread atEnd = new Thread(() -> close(browser), "parley-web-end");
        Runtime.getRuntime().addShutdownHook(atEnd);
        lifeline.await();
        close(browser);
    }

    private void close(Browser browser) {
        try {
            browser.close();
        } catch (IOException e) {
            spec.commandLine().getErr().println("parley: the file that led to the page stays: " + Why.of(e));
        }
    }

    private ProjectView view(Operator operator) {
        return ProjectView.of(
                operator.office(),
                operator.project(),
                "Kept of each session: the " + Setting.RECEIVED_MAX.number(environment)
                        + " messages that it received last ("
                        + Setting.RECEIVED_MAX.variable()
                        + "), and questions that it owes an answer. A session that has ended and whose mail was read is"
                        + " removed after 30 days, with what it received.");
    }
}
