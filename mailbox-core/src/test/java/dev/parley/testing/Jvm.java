package dev.parley.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;

/** Starts a main class of the tests in a process of its own, which can really be killed, stopped, or be somebody else. */
public final class Jvm {

    private static final String CLASS_PATH = "java.class.path";

    private Jvm() {}

    /** A process that runs this class with the class path of the tests; errors come out with the test's own. */
    public static ProcessBuilder of(Class<?> main, String... arguments) {
        return command(List.of(), System.getProperty(CLASS_PATH), main, arguments);
    }

    /**
     * A process that runs this class as a user who is not root: ourselves, or, if we are root, whom permissions bind. Its
     * class path is a copy, because that user may not be able to read ours.
     *
     * @param readable a directory that the user can read
     */
    public static ProcessBuilder ofOrdinaryUser(Path readable, Class<?> main, String... arguments) throws IOException {
        Path classes = readable.resolve("classes");
        for (String entry : System.getProperty(CLASS_PATH).split(File.pathSeparator, -1)) {
            Path root = Path.of(entry);
            if (Files.isDirectory(root.resolve("dev"))) {
                copy(root, classes);
            }
        }
        List<String> as = isRoot()
                ? List.of("setpriv", "--reuid", ordinaryUser(), "--regid", ordinaryUser(), "--clear-groups")
                : List.of();
        return command(as, classes.toString(), main, arguments);
    }

    /** Whether permissions do not bind us. */
    public static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Gives a file to the user of {@link #ofOrdinaryUser}. */
    public static void giveToOrdinaryUser(Path path) throws IOException {
        if (isRoot()) {
            give(path, ordinaryUser());
        }
    }

    /** Gives a file to somebody who is neither we nor root; only root can. */
    public static void giveToStranger(Path path) throws IOException {
        give(path, "1");
    }

    private static void give(Path path, String uid) throws IOException {
        UserPrincipal owner =
                path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(uid);
        Files.setOwner(path, owner);
    }

    private static String ordinaryUser() {
        return "65534";
    }

    private static ProcessBuilder command(List<String> as, String classPath, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(as);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx64m"));
        command.addAll(List.of("-cp", classPath, main.getName()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (var paths = Files.walk(from)) {
            for (Path path : paths.toList()) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
