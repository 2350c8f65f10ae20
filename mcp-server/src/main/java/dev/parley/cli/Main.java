package dev.parley.cli;

import java.util.Map;

/** Where the process begins. */
public final class Main {

    private Main() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * <p>What a client starts takes the short way: it must not wait for the command line parser to load. Without
     * arguments that is meant if there is no terminal.
     */
    public static void main(String[] args) {
        boolean serve = args.length == 0 ? !Terminal.isInput() : args.length == 1 && args[0].equals("serve");
        System.exit(
                serve ? ServeCommand.serve(System.getenv()) : CommandLineTool.run(Map.copyOf(System.getenv()), args));
    }
}
