package dev.parley.cli;

import dev.parley.address.SessionId;
import dev.parley.mailbox.PlainText;
import dev.parley.office.PostOffice;
import dev.parley.session.PostOffices;
import dev.parley.session.TraceFile;
import dev.parley.supervise.RequestedResume;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code parley resume-waiting}: what a server starts when a request waits for a session that is gone. It is in no list of
 * commands, since it does nothing that is not waited for, and nothing where the user has not switched that on.
 */
@Command(
        name = "resume-waiting",
        hidden = true,
        description = {
            "Started by a server when a request waits for a session that has ended, where 'parley setup --resume' has switched that"
                    + " on: resumes the session for one turn without a terminal, within the limits of docs/WAKING.md."
        },
        mixinStandardHelpOptions = true)
final class ResumeWaitingCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli before call()
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "ID", description = "the session's id")
    private String id = "";

    private final Map<String, String> environment;

    /** For picocli. */
    ResumeWaitingCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!SessionId.isValid(id)) {
            throw new ParameterException(spec.commandLine(), "'" + PlainText.line(id) + "' is no id of a session");
        }
        Trace trace = TraceFile.of(environment, spec.commandLine().getErr()::println);
        PostOffice office = PostOffices.open(environment, trace);
        PrintWriter out = spec.commandLine().getOut();
        try {
            out.println(PlainText.line(new RequestedResume(office, environment).run(new SessionId(id))));
            out.flush();
            return ExitCode.OK;
        } catch (IOException | RuntimeException e) {
            trace.event(Event.RESUME_FAILED, Map.of("session", id, "reason", e.toString()));
            throw e;
        }
    }
}
