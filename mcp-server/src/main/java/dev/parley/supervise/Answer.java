package dev.parley.supervise;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/** What the shell in the terminal is to do. It reads an answer as a shell script that sets variables. */
sealed interface Answer {

    /** A line for the user; empty if there is nothing to say. Plain text of one line. */
    String text();

    /** The script. */
    String script();

    /** Start the client. */
    record Start(List<String> words) implements Answer {

        @Override
        public String text() {
            return "";
        }

        @Override
        public String script() {
            return "word=start\ntext=\n" + commandLine(words);
        }
    }

    /**
     * Start it again.
     *
     * @param directory where its session works
     * @param goodUntil when it is too late: the supervisor may have been displaced by then
     */
    record Resume(String text, Path directory, List<String> words, Instant goodUntil) implements Answer {

        @Override
        public String script() {
            return "word=resume\ntext=" + quoted(text) + "\ndirectory=" + quoted(directory.toString()) + "\ngood_until="
                    + goodUntil.getEpochSecond() + "\n" + commandLine(words);
        }
    }

    /** Wait for the next answer. */
    record Park(String text) implements Answer {

        @Override
        public String script() {
            return "word=park\ntext=" + quoted(text) + "\n";
        }
    }

    /** Nothing follows. */
    record End(String text, int code) implements Answer {

        @Override
        public String script() {
            return "word=end\ntext=" + quoted(text) + "\ncode=" + code + "\n";
        }
    }

    private static String commandLine(List<String> words) {
        return words.stream().map(Answer::quoted).collect(Collectors.joining(" ", "set -- ", "\n"));
    }

    /** A word as a shell takes it literally, whatever is in it. */
    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
