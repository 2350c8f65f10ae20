package dev.parley.cockpit;

import dev.parley.session.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells a person something by another program: the desktop's, or one of their own. Each is started with a list of arguments and never
 * through a shell, reads nothing, and is not waited for.
 */
public final class NoticePrograms {

    private static final long LIMIT_SECONDS = 20;

    /** The texts are arguments of the script, and not in it. */
    private static final List<String> APPLE = List.of(
            "-e",
            "on run argv",
            "-e",
            "display notification (item 2 of argv) with title (item 1 of argv)",
            "-e",
            "end run",
            "--");

    private NoticePrograms() {}

    /** The desktop's own notices; empty if the search path has no program for them. */
    public static Optional<Announcer> desktop(Map<String, String> environment) {
        Optional<Path> send = onPath("notify-send", environment);
        Optional<Path> apple = onPath("osascript", environment);
        return send.or(() -> apple).map(program -> (notice, title, text) -> {
            List<String> command = new ArrayList<>(List.of(program.toString()));
            command.addAll(send.isPresent() ? List.of("--app-name=Parley", "--") : APPLE);
            command.addAll(List.of(title, text));
            start(command, environment, Map.of());
        });
    }

    /**
     * The command that the setting names: the path or name of a program, or a JSON array of it and its arguments.
     *
     * @return empty if none is named
     * @throws IOException if it is no such thing, or there is no such program; says what to do
     */
    public static Optional<Announcer> ofUser(Map<String, String> environment) throws IOException {
        String named = Setting.NOTIFY.text(environment);
        if (named.isEmpty()) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(command(named));
        Path program = onPath(command.get(0), environment)
                .orElseThrow(() -> new IOException(Setting.NOTIFY.variable() + " names no program that can be run: '"
                        + command.get(0) + "'; it takes a program, or a JSON array of a program and its arguments"));
        command.set(0, program.toString());
        return Optional.of((notice, title, text) -> start(
                command,
                environment,
                Map.of(
                        "NOTICE_KIND", notice.kind().word(),
                        "NOTICE_TITLE", title,
                        "NOTICE_TEXT", text,
                        "NOTICE_SESSION", notice.session().map(Object::toString).orElse(""),
                        "NOTICE_NAME", notice.name().orElse(""))));
    }

    private static List<String> command(String named) throws IOException {
        if (!named.startsWith("[")) {
            return List.of(named);
        }
        try {
            JsonNode array = JsonMapper.builder().build().readTree(named);
            List<String> command = new ArrayList<>();
            for (JsonNode element : array) {
                if (!element.isString()) {
                    throw new IOException(Setting.NOTIFY.variable() + " has an element that is no text: " + element);
                }
                command.add(element.asString());
            }
            if (command.isEmpty()) {
                throw new IOException(Setting.NOTIFY.variable() + " is an empty list; it needs at least a program");
            }
            return command;
        } catch (JacksonException e) {
            throw new IOException(
                    Setting.NOTIFY.variable() + " begins with '[' and is no JSON array of texts: "
                            + e.getOriginalMessage(),
                    e);
        }
    }

    private static Optional<Path> onPath(String program, Map<String, String> environment) {
        if (program.contains("/")) {
            return Optional.of(Path.of(program)).filter(NoticePrograms::isProgram);
        }
        for (String directory : environment.getOrDefault("PATH", "").split(":", -1)) {
            // An empty element would be the working directory, which is a project's.
            if (directory.startsWith("/") && isProgram(Path.of(directory, program))) {
                return Optional.of(Path.of(directory, program));
            }
        }
        return Optional.empty();
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    private static void start(List<String> command, Map<String, String> environment, Map<String, String> more)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        Process process = builder.start();
        // A program that hangs is not left behind.
        CompletableFuture<Process> unused = process.onExit()
                .orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .whenComplete((ended, late) -> {
                    if (late != null) {
                        process.destroyForcibly();
                    }
                });
    }
}
