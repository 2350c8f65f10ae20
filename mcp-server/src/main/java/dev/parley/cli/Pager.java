package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Shows a long text a page at a time, with the program that the user has chosen, or less. */
final class Pager {

    private static final String LESS = "less";

    private final Map<String, String> environment;
    private final String chosen;

    Pager(Map<String, String> environment) {
        this.environment = environment;
        this.chosen = environment.getOrDefault("PAGER", LESS).strip();
    }

    /** Whether it shows colours as they are meant. */
    boolean showsColours() {
        String program = chosen.split("\\s+", 2)[0];
        return Path.of(program).endsWith(LESS);
    }

    /** Shows a text: at once if it fits the screen, or there is no screen, or no such program. */
    void show(String text, PrintWriter out) throws InterruptedException {
        OptionalInt height = Terminal.isOutput() ? Terminal.height(environment) : OptionalInt.empty();
        boolean isLong = height.isPresent() && text.lines().count() >= height.getAsInt();
        if (!isLong || chosen.isEmpty() || chosen.equals("cat") || !page(text)) {
            out.print(text);
        }
    }

    /** Whether the program could be started. */
    private boolean page(String text) throws InterruptedException {
        List<String> command = environment.containsKey("PAGER") ? List.of("sh", "-c", chosen) : List.of(LESS, "-R");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        // As git does: colours, and no screen of its own for what turns out to fit.
        builder.environment().putIfAbsent("LESS", "FRX");
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return false;
        }
        // Ctrl-C is for the pager, and ends this process only together with it.
        Thread waiting = new Thread(() -> await(process), "parley-pager");
        Runtime.getRuntime().addShutdownHook(waiting);
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(UTF_8));
        } catch (IOException e) {
            // The user has seen enough.
        }
        int exit = process.waitFor();
        Runtime.getRuntime().removeShutdownHook(waiting);
        // 127: the shell knows no such program.
        return exit != 127;
    }

    private static void await(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
