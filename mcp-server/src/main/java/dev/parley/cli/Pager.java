package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Shows a long text a page at a time, with the program that the user has chosen, or less. Holds no more of it than a screenful. */
final class Pager {

    private static final String LESS = "less";

    /** What a shell ends with that knows no such program. */
    private static final int UNKNOWN = 127;

    private final Map<String, String> environment;
    private final String chosen;
    private final OptionalInt height;

    Pager(Map<String, String> environment) {
        this(environment, Terminal.isOutput() ? Terminal.height(environment) : OptionalInt.empty());
    }

    /**
     * On a screen of a known size.
     *
     * @param height how many lines it has; empty where there is none
     */
    Pager(Map<String, String> environment, OptionalInt height) {
        this.environment = environment;
        this.chosen = environment.getOrDefault("PAGER", LESS).strip();
        this.height = height;
    }

    /** Whether it shows colours as they are meant. */
    boolean showsColours() {
        String program = chosen.split("\\s+", 2)[0];
        return Path.of(program).endsWith(LESS);
    }

    /**
     * Shows a text: at once if it fits the screen, or there is no screen, or no such program.
     *
     * @param text is written once more where the program turns out not to be there
     */
    void show(PageFile.Content text, PrintWriter out) throws IOException, InterruptedException {
        if (height.isEmpty() || chosen.isEmpty() || chosen.equals("cat")) {
            text.write(out);
            return;
        }
        Screenful screen = new Screenful(height.getAsInt(), out);
        try (PrintWriter page = new PrintWriter(screen)) {
            text.write(page);
        } catch (SeenEnoughException e) {
            // The user has ended the program, or it was never there.
        }
        if (screen.awaitEnd() == UNKNOWN) {
            text.write(out);
        }
    }

    /** The program takes no more. */
    private static final class SeenEnoughException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SeenEnoughException(IOException cause) {
            super(cause);
        }
    }

    /** Holds what fits the screen, and starts the program with it as soon as there is more. */
    private final class Screenful extends Writer {

        private final int lines;
        private final PrintWriter out;
        private final StringBuilder held = new StringBuilder();
        private int ended;
        private boolean isFull;
        private @Nullable Process program;
        private @Nullable Writer input;
        private @Nullable Thread hook;

        Screenful(int lines, PrintWriter out) {
            this.lines = lines;
            this.out = out;
        }

        @Override
        public void write(char[] text, int from, int length) {
            if (isFull) {
                pass(new String(text, from, length));
                return;
            }
            held.append(text, from, length);
            for (int i = from; i < from + length; i++) {
                ended += text[i] == '\n' ? 1 : 0;
            }
            if (ended >= lines) {
                isFull = true;
                start();
                pass(held.toString());
                held.setLength(0);
            }
        }

        private void pass(String text) {
            Writer into = input;
            if (into == null) {
                out.print(text);
                return;
            }
            try {
                into.write(text);
            } catch (IOException e) {
                throw new SeenEnoughException(e);
            }
        }

        /** Starts the program; without it, all goes to the screen. */
        private void start() {
            List<String> command = environment.containsKey("PAGER") ? List.of("sh", "-c", chosen) : List.of(LESS, "-R");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            // As git does: colours, and no screen of its own for what turns out to fit.
            builder.environment().putIfAbsent("LESS", "FRX");
            try {
                Process started = builder.start();
                program = started;
                input = new OutputStreamWriter(started.getOutputStream(), UTF_8);
                // Ctrl-C is for the pager, and ends this process only together with it.
                Thread waiting = new Thread(() -> await(started), "parley-pager");
                Runtime.getRuntime().addShutdownHook(waiting);
                hook = waiting;
            } catch (IOException e) {
                // There is no such program.
            }
        }

        @Override
        public void flush() {
            // The program is given what it can take, and the screen all at the end.
        }

        @Override
        public void close() {
            if (!isFull) {
                out.print(held);
            }
        }

        /** Waits until the user has seen enough; 0 if no program was needed. */
        int awaitEnd() throws InterruptedException {
            Process started = program;
            if (started == null) {
                return 0;
            }
            try {
                if (input != null) {
                    input.close();
                }
            } catch (IOException e) {
                // The user has seen enough.
            }
            int exit = started.waitFor();
            if (hook != null) {
                Runtime.getRuntime().removeShutdownHook(hook);
            }
            return exit;
        }
    }

    private static void await(Process process) {
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
