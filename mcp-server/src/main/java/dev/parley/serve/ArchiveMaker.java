package dev.parley.serve;

import dev.parley.setup.VmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link ClassArchive}: has virtual machines with a server's options do what a server does, and keep what they learned.
 * Once abandoned it makes nothing more. Safe for use from several threads.
 */
final class ArchiveMaker {

    /** How long one virtual machine may take. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    private boolean abandoned;
    /** The child at work, while there is one. */
    private @Nullable Process child;

    ArchiveMaker() {}

    /** Whether what has this name is an ahead-of-time cache; else it is a class data archive. */
    static boolean isCache(Path archive) {
        return archive.toString().endsWith(".aot");
    }

    /**
     * What has to run, one after the other. A class data archive is written by the VM that has done the work. A cache is made in two
     * steps, as Java does by itself in a child of a child; like this each is a child of the server, and ends with it.
     *
     * @param fresh where the archive is to be
     * @param work a directory for what is of no use afterwards
     */
    static List<List<String>> commands(boolean cache, Path fresh, Path work, ClassArchive.Haste haste) {
        List<String> training =
                List.of(TrainingRun.class.getName(), work.resolve("home").toString());
        if (!cache) {
            return List.of(command(haste, List.of("-XX:ArchiveClassesAtExit=" + fresh), training));
        }
        String learned = "-XX:AOTConfiguration=" + work.resolve("learned");
        return List.of(
                command(haste, List.of("-XX:AOTMode=record", learned), training),
                command(haste, List.of("-XX:AOTMode=create", learned, "-XX:AOTCache=" + fresh), List.of()));
    }

    private static List<String> command(ClassArchive.Haste haste, List<String> more, List<String> run) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> command =
                new ArrayList<>(haste == ClassArchive.Haste.NOW ? List.of() : List.of("nice", "-n", "19"));
        command.add(java);
        command.addAll(VmOptions.ofServer());
        // To write the archive takes room; and its threads keep the low priority that the process was started with.
        command.addAll(List.of("-Xmx128m", "-XX:ThreadPriorityPolicy=0"));
        command.addAll(more);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.addAll(run);
        return command;
    }

    /**
     * Runs them.
     *
     * @return whether all ended well and the archive is there
     * @throws IOException if one cannot be started
     */
    boolean make(List<List<String>> commands, Path fresh) throws IOException, InterruptedException {
        for (List<String> command : commands) {
            Process process = begin(command);
            if (process == null) {
                return false;
            }
            try {
                if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                    return false;
                }
            } finally {
                process.destroyForcibly();
                ended();
            }
        }
        return Files.exists(fresh);
    }

    private synchronized @Nullable Process begin(List<String> command) throws IOException {
        if (abandoned) {
            return null;
        }
        child = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return child;
    }

    private synchronized void ended() {
        child = null;
    }

    /** Ends what is being made. */
    synchronized void abandon() {
        abandoned = true;
        if (child != null) {
            child.destroyForcibly();
        }
    }
}
