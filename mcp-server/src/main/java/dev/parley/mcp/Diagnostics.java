package dev.parley.mcp;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;

/** Where a server reports what is not for the client: standard error, one report at a time. */
final class Diagnostics {
    private final PrintStream out;
    private final String prefix;

    Diagnostics(PrintStream out, String prefix) {
        this.out = out;
        this.prefix = prefix;
    }

    /** What was said of a failure, or of which kind it is. */
    static String why(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getName() : message;
    }

    /** The same place, for one part of the server. */
    Diagnostics of(String part) {
        return new Diagnostics(out, prefix + ": " + part);
    }

    void report(String message) {
        out.println(prefix + ": " + message);
        out.flush();
    }

    void report(String message, Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace, true));
        report(message + ": " + trace.toString().stripTrailing());
    }
}
