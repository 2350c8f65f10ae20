package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher: which java it takes, where it finds its jars, and what it says if there is none. */
class LauncherStdioIT {

    private Path root;
    private Path programs;
    private final Map<String, String> environment = new TreeMap<>();

    /** A PATH on which there is what the launcher calls, but no java. */
    @BeforeEach
    void place(@TempDir Path directory) throws IOException {
        root = directory.toRealPath();
        programs = Files.createDirectory(root.resolve("programs"));
        for (String program : List.of("readlink", "sed", "wc")) {
            Path found = Stream.of("/usr/bin", "/bin")
                    .map(place -> Path.of(place, program))
                    .filter(Files::isExecutable)
                    .findFirst()
                    .orElseThrow();
            script(programs.resolve(program), "exec " + found + " \"$@\"");
        }
        environment.put("PATH", programs.toString());
        environment.put("HOME", root.toString());
        environment.put("PARLEY_JAVA_HOMES", "");
    }

    private static void script(Path file, String text) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** A java that says of itself where it is and how it was called, one argument a line. */
    private Path java(String name, String version) throws IOException {
        Path home = root.resolve(name);
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        script(
                java,
                "[ \"$1\" != -version ] || { echo 'openjdk version \"" + version
                        + "\" 2026-01-01' >&2; exit; }\necho \"java " + name
                        + "\"\nfor argument; do echo \"$argument\"; done");
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private void path(Path... javaHomes) {
        StringBuilder path = new StringBuilder(programs.toString());
        for (Path home : javaHomes) {
            path.append(':').append(home.resolve("bin"));
        }
        environment.put("PATH", path.toString());
    }

    /** The launcher in a distribution with one jar, in a directory of this name. */
    private Path distribution(String name) throws IOException {
        Path directory = root.resolve(name);
        Files.createDirectories(directory.resolve("lib"));
        Files.writeString(directory.resolve("lib/parley.jar"), "");
        Path launcher = Files.createDirectories(directory.resolve("bin")).resolve("parley");
        Files.copy(Distribution.launcher(), launcher, StandardCopyOption.REPLACE_EXISTING);
        return launcher;
    }

    private Shell launch(Path launcher, String... arguments) throws Exception {
        Stream<String> command = Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments));
        return Shell.run(command.toList(), environment, root, "");
    }

    private void assertTaken(String java) throws Exception {
        Shell shell = launch(distribution("for-" + java), "version").exited(0);
        assertEquals("java " + java, shell.out().lines().findFirst().orElse(""), shell::out);
    }

    /** The class path and the name of the archive that the launcher gives. */
    private List<String> startOf(Path launcher, String... arguments) throws Exception {
        List<String> lines = launch(launcher, arguments).exited(0).out().lines().toList();
        String classPath = lines.get(lines.indexOf("-cp") + 1).replace(launcher.getParent() + "/..", "");
        String archive = lines.stream()
                .filter(line -> line.startsWith("-Dparley.archive="))
                .findFirst()
                .orElse("");
        return List.of(classPath, archive.substring(archive.length() - "hub.jsa".length()));
    }

    /** Whoever uses none starts as before: with the same class path, and with the archive that was made of it. */
    @Test
    void whatTalksToAHubIsThereOnlyWhereOneIsUsed() throws Exception {
        path(java("one", "21"));
        Path launcher = distribution("with-hub");
        Files.createDirectories(root.resolve("with-hub/hub"));
        Files.writeString(root.resolve("with-hub/hub/road.jar"), "");
        String without = "/lib/parley.jar";
        String with = without + ":/lib/../hub/road.jar";

        List<String> ordinary = startOf(launcher, "serve");
        assertEquals(without, ordinary.get(0));
        assertFalse(ordinary.get(1).equals("hub.jsa"), ordinary::toString);
        assertEquals(List.of(with, "hub.jsa"), startOf(launcher, "hub", "status"));

        Files.createDirectories(root.resolve(".parley"));
        Files.writeString(root.resolve(".parley/hub"), "parley hub 1\n");
        assertEquals(List.of(with, "hub.jsa"), startOf(launcher, "serve"));
        environment.put("PARLEY_HUB", "off");
        assertEquals(ordinary, startOf(launcher, "serve"));
        environment.put("PARLEY_HUB", "on");
        assertEquals(List.of(with, "hub.jsa"), startOf(launcher, "status"));
        environment.put("PARLEY_HOME", "~/other");
        assertEquals(ordinary, startOf(launcher, "serve"));
        environment.put("PARLEY_HOME", "~/.parley");
        assertEquals(List.of(with, "hub.jsa"), startOf(launcher, "serve"));
        environment.put("PARLEY_HOME", root.resolve(".parley").toString());
        assertEquals(List.of(with, "hub.jsa"), startOf(launcher, "serve"));
    }

    @Test
    void javaHomeIsTakenBeforeANewerOneOnThePath() throws Exception {
        path(java("newer", "24.0.1"));
        environment.put("JAVA_HOME", java("chosen", "17.0.15").toString());
        assertTaken("chosen");

        path(java("newest", "26"));
        environment.put("JAVA_HOME", java("quick", "25.0.1").toString());
        assertTaken("quick");
    }

    /** From 25 on a start is quickest. */
    @Test
    void oneThatIsQuickIsTakenBeforeAnOlderJavaHome() throws Exception {
        environment.put("JAVA_HOME", java("old", "24").toString());
        path(java("seventeen", "17"), java("quick", "25"));
        assertTaken("quick");
    }

    @Test
    void oneThatIsQuickIsTakenFromWhereSystemsKeepThem() throws Exception {
        path(java("seventeen", "17"));
        java("jvm/twenty-one", "21");
        java("more jvm/twenty-five", "25.0.3");
        java("more jvm/nameless", "26");
        Files.delete(root.resolve("more jvm/nameless/release"));
        Files.createDirectories(root.resolve("more jvm/empty"));
        Files.createSymbolicLink(root.resolve("jvm/also"), root.resolve("seventeen"));
        environment.put("PARLEY_JAVA_HOMES", root.resolve("jvm") + "::" + root.resolve("more jvm"));
        assertTaken("more jvm/twenty-five");

        environment.put("JAVA_HOME", java("old", "17").toString());
        assertTaken("more jvm/twenty-five");

        path(java("newer", "25"));
        assertTaken("newer");
        environment.put("JAVA_HOME", java("mine", "25").toString());
        assertTaken("mine");
    }

    @Test
    void whereSystemsKeepThemThereMayBeTheOnlyOne() throws Exception {
        environment.put("JAVA_HOME", java("old", "11").toString());
        java("jvm/twenty-one", "21");
        java("jvm/seventeen", "17");
        environment.put("PARLEY_JAVA_HOMES", root.resolve("jvm").toString());
        assertTaken("jvm/twenty-one");

        environment.put("JAVA_HOME", java("good", "17").toString());
        assertTaken("good");
    }

    /** What it is started with is its own, not that of the last one that was looked at. */
    @Test
    void whatIsSaidOfTheJavaIsSaidOfTheOneThatIsTaken() throws Exception {
        path(java("newest", "24.0.2"), java("seventeen", "17"));
        List<String> called =
                launch(distribution("d"), "watch").exited(0).out().lines().toList();
        assertTrue(called.contains("--enable-native-access=ALL-UNNAMED"), called::toString);
    }

    @Test
    void aJavaHomeThatIsTooOldForParleyIsPassedOver() throws Exception {
        path(java("nineteen", "19"), java("twenty-one", "21.0.2"), java("twenty", "20.0.1"));
        environment.put("JAVA_HOME", java("old", "1.8.0_402").toString());
        assertTaken("twenty-one");
    }

    @Test
    void theNewestOnThePathIsTaken() throws Exception {
        path(java("eleven", "11.0.2"), java("seventeen", "17"), java("ga", "21"), java("nine", "9.0.4"));
        assertTaken("ga");
    }

    @Test
    void parleyJavaIsTakenWhateverElseThereIs() throws Exception {
        path(java("newer", "25"));
        environment.put("JAVA_HOME", java("home", "21").toString());
        environment.put(
                "PARLEY_JAVA", java("mine", "17.0.1").resolve("bin/java").toString());
        assertTaken("mine");
    }

    /** The only java on the path; it tells its version only if it is asked, and runs this before anything else. */
    private void javaWithoutARelease(String name, String before) throws IOException {
        Path home = java(name, "18.0.2");
        Files.delete(home.resolve("release"));
        Path java = home.resolve("bin/java");
        script(java, before + "\n" + Files.readString(java).replace("#!/bin/sh\n", ""));
        path(home);
    }

    @Test
    void aJavaWithoutAReleaseFileIsAsked() throws Exception {
        javaWithoutARelease("silent", "");
        assertTaken("silent");
    }

    /** A java that says which of these variables it was given. */
    private void javaThatTells(String... variables) throws IOException {
        Path home = java("telling", "21");
        StringBuilder text = new StringBuilder();
        for (String variable : variables) {
            text.append("echo \"")
                    .append(variable)
                    .append("=${")
                    .append(variable)
                    .append("-unset}\"\n");
        }
        script(home.resolve("bin/java"), text.toString());
        path(home);
    }

    @ParameterizedTest
    @ValueSource(strings = {"JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_LAUNCHER_DEBUG"})
    void optionsForOtherJavaProgramsAreKeptFromItsJava(String variable) throws Exception {
        javaThatTells(variable, "PARLEY_KEPT_" + variable);
        String value = "-XX:+UseG1GC '$HOME' \"*\"";
        environment.put(variable, value);

        assertEquals(
                List.of(variable + "=unset", "PARLEY_KEPT_" + variable + "=" + value),
                launch(distribution("d"), "version").exited(0).out().lines().toList());
    }

    @Test
    void aJavaWithoutAReleaseFileIsAskedWithoutThoseOptions() throws Exception {
        javaWithoutARelease(
                "silent", "[ -z \"${JAVA_TOOL_OPTIONS-}\" ] || echo 'Picked up JAVA_TOOL_OPTIONS: -Dx=\"8\"' >&2");
        environment.put("JAVA_TOOL_OPTIONS", "-Dx=\"8\"");

        assertTaken("silent");
    }

    @Test
    void aShimThatSaysSomethingBeforeTheVersionIsUnderstood() throws Exception {
        javaWithoutARelease("shim", "echo 'shim: using \"a java\" of its own' >&2");

        assertTaken("shim");
    }

    @ParameterizedTest
    @CsvSource({
        "LANG, C",
        "LC_ALL, C",
        "LC_ALL, POSIX",
        "LC_CTYPE, POSIX",
        "LANG, de_DE.ISO-8859-1",
        "LC_ALL, de_DE@euro",
        "LANG, ''"
    })
    void itsJavaReadsNamesAsUtf8WhateverTheLocale(String variable, String value) throws Exception {
        javaThatTells("LC_ALL", "PARLEY_KEPT_LC_ALL");
        environment.put(variable, value);

        assertEquals(
                List.of("LC_ALL=C.UTF-8", "PARLEY_KEPT_LC_ALL=" + (variable.equals("LC_ALL") ? value : "")),
                launch(distribution("d"), "version").exited(0).out().lines().toList());
    }

    @Test
    void thatLocaleIsLeftAsItIs() throws Exception {
        javaThatTells("LC_ALL", "PARLEY_KEPT_LC_ALL");
        environment.put("LANG", "C.UTF-8");

        assertEquals(
                List.of("LC_ALL=unset", "PARLEY_KEPT_LC_ALL=unset"),
                launch(distribution("d"), "version").exited(0).out().lines().toList());
    }

    /** An archive is code: only what is the user's own, in a directory of their own, is given to the java. */
    @Test
    void aClassArchiveOfAnotherOwnerIsNotUsed() throws Exception {
        path(java("good", "21"));
        Path launcher = distribution("d");
        Path cache = Files.createDirectory(root.resolve("cache"));
        environment.put("XDG_CACHE_HOME", cache.toString());
        String property = "-Dparley.archive=";
        Path archive = Path.of(launch(launcher, "version")
                .out()
                .lines()
                .filter(line -> line.startsWith(property))
                .findFirst()
                .orElseThrow()
                .substring(property.length()));
        Files.createDirectories(archive.getParent());
        Path stamp = archive.resolveSibling(archive.getFileName() + ".stamp");
        Files.write(archive, Files.readAllBytes(FOREIGN));
        Files.writeString(stamp, Files.size(archive) + "\n");
        String given = "-XX:SharedArchiveFile=" + archive;
        assertTrue(launch(launcher, "version").out().contains(given));

        Path own = archive.resolveSibling("own");
        for (Path each : List.of(archive, stamp)) {
            Files.move(each, own);
            Files.copy(own, each);
            makeForeign(each);
            assertFalse(launch(launcher, "version").out().contains(given), each::toString);
            Files.move(own, each, StandardCopyOption.REPLACE_EXISTING);
            assertTrue(launch(launcher, "version").out().contains(given));
        }
    }

    /** The name that the launcher has for what it keeps of the classes. */
    private Path archiveOf(Path launcher, String... arguments) throws Exception {
        String property = "-Dparley.archive=";
        return Path.of(launch(launcher, arguments)
                .exited(0)
                .out()
                .lines()
                .filter(line -> line.startsWith(property))
                .findFirst()
                .orElseThrow()
                .substring(property.length()));
    }

    private static Path stamped(Path archive, String stamp) throws IOException {
        Files.createDirectories(archive.getParent());
        Files.writeString(archive, "archive");
        return Files.writeString(archive.resolveSibling(archive.getFileName() + ".stamp"), stamp);
    }

    /** A VM does not compare the jars with a cache: its name says what is in them, and none of them may be younger. */
    @Test
    void aCacheIsGivenFromJava25OnUnlessAJarIsAnother() throws Exception {
        path(java("good", "25.0.3"));
        Path launcher = distribution("d");
        assertTrue(archiveOf(launcher, "serve").toString().endsWith(".jsa"), "what is in the jars is not known");
        Path content = Files.writeString(root.resolve("d/lib/content"), "0123456789abcdef0123456789abcdef\n");

        Path cache = archiveOf(launcher, "serve");
        assertTrue(cache.toString().endsWith("-d-bin.0123456789abcdef.aot"), cache::toString);
        assertFalse(launch(launcher, "serve").out().contains("AOTCache"));
        Path stamp = stamped(cache, "7\nand more\n");
        String given = "-XX:AOTCache=" + cache + "\n-XX:OnError=rm -f '" + stamp + "'\n-Dparley.archive.given=yes\n";
        assertTrue(launch(launcher, "serve").out().contains(given));
        assertTrue(launch(launcher, "status").out().contains(given));
        assertFalse(launch(launcher, "setup").out().contains("AOTCache"), "it makes a new one");

        Path jar = root.resolve("d/lib/parley.jar");
        FileTime made = Files.getLastModifiedTime(cache);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(made.toMillis() + 2_000));
        assertFalse(launch(launcher, "serve").out().contains("AOTCache"), "a younger jar");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(made.toMillis() - 2_000));
        assertTrue(launch(launcher, "serve").out().contains(given));

        Files.delete(cache);
        Files.createDirectory(cache);
        assertFalse(launch(launcher, "serve").out().contains("AOTCache"), "it cannot be read");
        Files.delete(cache);
        stamped(cache, "8\nand more\n");
        assertFalse(launch(launcher, "serve").out().contains("AOTCache"), "another size");
        Files.writeString(stamp, "7\nand more\n");
        Files.writeString(content, "fedcba9876543210fedcba9876543210\n");
        assertFalse(launch(launcher, "serve").out().contains("AOTCache"), "other jars");
        path(java("older", "24"));
        assertTrue(archiveOf(launcher, "serve").toString().endsWith("-d-bin.jsa"));
    }

    /** The VM runs a command when it dies, so that the next start does without; in it a name must be one. */
    @Test
    void anArchiveIsNotKeptWhereItsNameWouldBeMoreThanANameToAShell() throws Exception {
        path(java("good", "21"));
        for (String name : List.of("it's", "a;b", "100%p")) {
            Path launcher = distribution(name);
            assertFalse(launch(launcher, "serve").exited(0).out().contains("parley.archive"), name);
        }
        assertTrue(archiveOf(distribution("a $(b) \"c\""), "serve").toString().contains("$(b)"));
    }

    /** A file that root owns, whoever runs this. */
    private static final Path FOREIGN = Path.of("/etc/passwd");

    /** Root gives it away; who is not root can only link to what is another's. */
    private static void makeForeign(Path file) throws IOException {
        Path self = Path.of("/proc/self");
        if (Files.getAttribute(self, "unix:uid").equals(0)) {
            Files.setAttribute(file, "unix:uid", 65_534);
        } else {
            Files.delete(file);
            Files.createSymbolicLink(file, FOREIGN);
        }
    }

    @Test
    void withoutJavaItSaysWhatIsMissing() throws Exception {
        Shell shell = launch(distribution("d")).exited(1).says("parley: no Java found", "17 or newer", "PARLEY_JAVA");
        assertEquals("", shell.out());
    }

    @Test
    void withATooOldJavaItSaysWhich() throws Exception {
        Path old = java("old", "11.0.2");
        path(old);
        launch(distribution("d")).exited(1).says(old.toString(), "Java 11", "needs 17");
    }

    @Test
    void aParleyJavaThatIsTooOldOrNoneIsNotReplacedInSilence() throws Exception {
        path(java("good", "21"));
        Path launcher = distribution("d");
        environment.put(
                "PARLEY_JAVA", java("old", "1.8.0_402").resolve("bin/java").toString());
        launch(launcher).exited(1).says("PARLEY_JAVA", "1.8.0_402", "needs 17");
        environment.put("PARLEY_JAVA", "/no/such/java");
        launch(launcher).exited(1).says("PARLEY_JAVA=/no/such/java", "not a program");
    }

    @Test
    void withoutABuildItSaysHowToBuild() throws Exception {
        path(java("good", "21"));
        Path launcher =
                Files.createDirectories(root.resolve("checkout/assets/bin")).resolve("parley");
        Files.copy(Distribution.launcher(), launcher);
        launch(launcher)
                .exited(1)
                .says("nothing is built yet", "mvn", root.resolve("checkout").toString());
    }

    @Test
    void inACheckoutItTakesWhatWasBuilt() throws Exception {
        path(java("good", "21"));
        Path checkout = root.resolve("check out");
        Path lib = Files.createDirectories(checkout.resolve("mcp-server/target/parley-1.2.3/lib"));
        Files.writeString(lib.resolve("parley.jar"), "");
        Path launcher = Files.createDirectories(checkout.resolve("assets/bin")).resolve("parley");
        Files.copy(Distribution.launcher(), launcher);
        Shell shell = launch(launcher, "status").exited(0);
        List<String> called = shell.out().lines().toList();
        String classPath = called.get(called.indexOf("-cp") + 1);
        assertEquals(lib.resolve("parley.jar").toRealPath(), Path.of(classPath).toRealPath());
    }

    @Test
    void argumentsArriveAsTheyWere() throws Exception {
        path(java("good", "21"));
        environment.put("PARLEY_JVM_OPTS", "-Done=1 -Dtwo=2");
        Shell shell = launch(distribution("with space"), "send", "bob", "two words", "", "*", "$HOME")
                .exited(0);
        List<String> called = shell.out().lines().toList();
        int main = called.indexOf("dev.parley.cli.Main");
        assertEquals(List.of("send", "bob", "two words", "", "*", "$HOME"), called.subList(main + 1, called.size()));
        assertTrue(called.containsAll(List.of("-Done=1", "-Dtwo=2")), called::toString);
        assertTrue(
                called.containsAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr")),
                "a warning of the VM would go to standard output, which is the protocol's");
        String classPath = called.get(called.indexOf("-cp") + 1);
        assertTrue(classPath.endsWith("/lib/parley.jar") && classPath.contains("with space"), classPath);
    }

    @Test
    void withoutArgumentsAndTerminalItServes() throws Exception {
        path(java("good", "21"));
        List<String> called = launch(distribution("d")).out().lines().toList();
        assertEquals("serve", called.get(called.size() - 1));
    }

    @Test
    void itIsFoundThroughLinks() throws Exception {
        path(java("good", "21"));
        Path launcher = distribution("with space");
        Path bin = Files.createDirectories(root.resolve("home of me/bin"));
        Path absolute = Files.createSymbolicLink(bin.resolve("absolute"), launcher);
        Path relative = Files.createSymbolicLink(bin.resolve("relative"), bin.relativize(launcher));
        Path chained = Files.createSymbolicLink(bin.resolve("chained"), Path.of("relative"));
        for (Path link : List.of(absolute, relative, chained)) {
            launch(link, "version").exited(0).says("lib/parley.jar");
        }
        environment.put("PATH", bin + ":" + environment.get("PATH"));
        Shell.run(List.of("/bin/sh", "-c", "chained version"), environment, root, "")
                .exited(0)
                .says("lib/parley.jar");
    }

    @Test
    void theZipUnpacksToSomethingThatRuns() throws Exception {
        Path target = root.resolve("unpacked here");
        Path zip;
        try (Stream<Path> built = Files.list(Distribution.directory().getParent())) {
            zip = built.filter(file -> file.getFileName().toString().matches("parley-.*\\.zip"))
                    .findFirst()
                    .orElseThrow();
        }
        unpack(zip, target);
        String name = zip.getFileName().toString().replace(".zip", "");
        Path launcher = target.resolve(name).resolve("bin/parley");
        assertTrue(Files.isExecutable(launcher), "the zip keeps the mode");
        Path link = Files.createSymbolicLink(root.resolve("parley"), launcher);
        environment.put("PARLEY_JAVA", Distribution.java().toString());
        launch(link, "version").exited(0).says(name.replace('-', ' ').substring(0, 12));
    }

    private static void unpack(Path zip, Path target) throws IOException {
        try (FileSystem archive = FileSystems.newFileSystem(zip, Map.of("enablePosixFileAttributes", true));
                Stream<Path> entries = Files.walk(archive.getPath("/"))) {
            for (Path entry : entries.toList()) {
                Path file = target.resolve(entry.toString().substring(1));
                if (Files.isDirectory(entry)) {
                    Files.createDirectories(file);
                } else {
                    Files.copy(entry, file);
                    Files.setPosixFilePermissions(file, Files.getPosixFilePermissions(entry));
                }
            }
        }
    }
}
