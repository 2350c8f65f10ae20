package dev.parley.cli;

/** What the command's exit code says. */
final class ExitCode {

    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int BUSY = 3;
    static final int CORRUPT = 4;
    static final int STUCK = 5;

    private ExitCode() {}
}
