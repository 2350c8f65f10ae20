package dev.parley.cli;

import dev.parley.cockpit.Announcer;
import dev.parley.cockpit.NoticePrograms;
import dev.parley.cockpit.OperatorPost;
import dev.parley.cockpit.watch.Watch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parley watch}: the sessions of a project as they are now, their messages, and who waits for whom. */
@Command(
        name = "watch",
        description = {
            "Shows the sessions of this project live: who needs you, who waits for whom, who works; their messages; and sends"
                    + " messages as the operator. '?' shows the keys.",
            "Looking delivers nothing and marks nothing as read."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: parley watch",
            "         parley watch --notify              also by bell and desktop notices",
            "         parley watch --plain >> watch.log  a line for each change"
        })
final class WatchCommand implements Callable<Integer> {

    /** The ways to tell a person something. */
    enum Channel {
        /** By the terminal: its own notices (OSC 9 or 777) and the bell. */
        TERMINAL,
        /** By notify-send or osascript. */
        DESKTOP,
        /** By the program that PARLEY_NOTIFY names. */
        COMMAND
    }

    @Mixin
    private ProjectOption where = new ProjectOption();

    @Option(
            names = "--plain",
            description =
                    "no screen: a line for each change, for screen readers and logs; so it is, too, where input or"
                            + " output is no terminal")
    private boolean plain;

    @Option(
            names = "--notify",
            arity = "0..1",
            split = ",",
            paramLabel = "terminal|desktop|command",
            fallbackValue = "terminal,desktop,command",
            description =
                    "tell me when a session needs me, when one ends that owes an answer, and when all are finished: by"
                            + " the terminal, the desktop's notices, the program that PARLEY_NOTIFY names; without a value: by"
                            + " each of them that there is")
    private List<Channel> channels = new ArrayList<>();

    private final Map<String, String> environment;

    /** For picocli. */
    WatchCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Operator operator = where.operator(environment);
        boolean isAgent = Caller.of(operator).isAgent();
        Set<Channel> wanted = EnumSet.noneOf(Channel.class);
        wanted.addAll(channels);
        Watch watch = new Watch(
                operator.office(),
                operator.project(),
                environment,
                isAgent
                        ? Optional.empty()
                        : Optional.of(OperatorPost.ofOperator(operator.office(), environment, operator.asCaller())),
                isAgent
                        ? Optional.of("this runs inside an agent's client, so no person can be taken to write here:"
                                + " use 'parley send'")
                        : Optional.empty(),
                announcers(wanted),
                wanted.contains(Channel.TERMINAL));
        if (plain || !canShow()) {
            watch.print(System.out, Terminal.isOutput());
        } else {
            watch.show();
        }
        return ExitCode.OK;
    }

    private boolean canShow() {
        String terminal = environment.getOrDefault("TERM", "");
        return Terminal.isInput() && Terminal.isOutput() && !terminal.isEmpty() && !terminal.equals("dumb");
    }

    private List<Announcer> announcers(Set<Channel> wanted) throws IOException {
        List<Announcer> announcers = new ArrayList<>();
        if (wanted.contains(Channel.DESKTOP)) {
            NoticePrograms.desktop(environment).ifPresent(announcers::add);
        }
        if (wanted.contains(Channel.COMMAND)) {
            NoticePrograms.ofUser(environment).ifPresent(announcers::add);
        }
        return announcers;
    }
}
