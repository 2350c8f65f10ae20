package dev.parley.cli;

import dev.parley.client.UserEnvironment;
import dev.parley.serve.ClassArchive;
import dev.parley.serve.ParleyServer;
import java.util.Map;
import java.util.Optional;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * <p>A VM that cannot read the names of the directories it is to work with says so, and what to set, and does nothing.
     *
     * <p>What a client starts takes the short way: it must not wait for the command line parser to load. Without
     * arguments that is meant if there is no terminal.
     *
     * <p>What nobody has caught ends the process, and the next start goes without the archive of classes.
     */
    public static void main(String[] args) {
        try {
            System.exit(run(args));
        } catch (RuntimeException | Error e) {
            ClassArchive.distrust();
            throw e;
        }
    }

    private static int run(String[] args) {
        boolean serve = args.length == 0 ? !Terminal.isInput() : args.length == 1 && args[0].equals("serve");
        // As little as possible is loaded before a server answers.
        if (serve && "UTF-8".equals(System.getProperty(FileNames.ENCODING))) {
            return ParleyServer.serve(System.getenv());
        }
        FileNames.printUtf8();
        Optional<String> unreadable = FileNames.problem(System.getenv());
        if (unreadable.isPresent()) {
            System.err.println("parley: " + unreadable.get());
            return ExitCode.FAILED;
        }
        return serve
                ? ParleyServer.serve(System.getenv())
                : CommandLineTool.run(Map.copyOf(UserEnvironment.of(System.getenv())), args);
    }
}
