package dev.parley.cli;

import dev.parley.serve.ClassArchive;
import dev.parley.setup.Examination;
import java.nio.file.Path;
import java.util.Optional;

/** Says which Java the launcher has taken, what makes a start fast with it, and what a newer one would bring. */
final class DoctorJava {

    /** From here on a VM takes a cache of linked classes. */
    private static final int QUICK = 25;

    private DoctorJava() {}

    /** Of the VM that runs this. It runs, so it is new enough: the launcher has seen to that. */
    static Examination examine() {
        String java = System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + "), "
                + System.getProperty("java.home");
        return Examination.ok(
                "java",
                java + "; " + start(ClassArchive.given())
                        + newer(Runtime.version().feature()));
    }

    /** What a start has. */
    static String start(Optional<Path> given) {
        return given.map(path -> path.toString().endsWith(".aot")
                        ? "starts with a cache of linked classes"
                        : "starts with a class data archive")
                .orElse(
                        "starts without an archive of its classes, which 'parley setup' makes, and so does a server that has"
                                + " nothing else to do");
    }

    /** What a newer one would bring. No figure: none has been measured here. */
    static String newer(int feature) {
        return feature >= QUICK
                ? ""
                : "; a Java " + QUICK
                        + " or newer would answer a session's first call sooner (how much sooner was not measured"
                        + " on this machine), and is taken once it is there, unless PARLEY_JAVA names another";
    }
}
