package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Distribution;
import dev.parley.fixture.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The script of {@code parley run} alone, in each shell that there is here: its supervisor is a script, too. */
class RunScriptStdioIT {

    private Path root;
    private Path bin;
    private final Map<String, String> environment = new TreeMap<>();

    @BeforeEach
    void place(@TempDir Path directory) throws IOException {
        root = directory.toRealPath();
        bin = Files.createDirectories(root.resolve("bin"));
        Files.copy(
                Distribution.launcher().resolveSibling("parley-run"),
                bin.resolve("parley-run"),
                StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(root.resolve("tmp"));
        environment.put("PATH", root.resolve("programs") + ":" + System.getenv("PATH"));
        environment.put("TMPDIR", root.resolve("tmp").toString());
        environment.put("HOME", root.toString());
        script(
                root.resolve("programs/claude"),
                "echo \"client in $PWD: $*\"\ntest ! -e \"$1\" || exit \"$(cat \"$1\")\"\nexit 0");
        Files.writeString(root.resolve("seven"), "7");
        Files.writeString(root.resolve("nothing"), "0");
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** The supervisor: {@code $run} is the directory in which it talks. */
    private void supervisor(String... lines) throws IOException {
        script(
                bin.resolve("parley"),
                "run=${2#--beside=}\nsay() { printf '%s\\n' \"$2\" >\"$run/$1.new\"; mv \"$run/$1.new\" \"$run/$1\"; }\n"
                        + "until_there() { while [ -d \"$run\" ] && [ ! -e \"$run/$1\" ]; do sleep 0.05; done; }\n"
                        + String.join("\n", lines));
    }

    static Stream<List<String>> shells() {
        return Stream.of(List.of("sh"), List.of("bash"), List.of("bash", "--posix"), List.of("busybox", "sh"))
                .filter(shell -> Stream.of(System.getenv("PATH").split(":"))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, shell.get(0)))));
    }

    private Shell run(List<String> shell, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(shell);
        command.add(bin.resolve("parley-run").toString());
        command.add("run");
        command.addAll(List.of(arguments));
        Shell done = Shell.run(command, environment, root, "");
        try (Stream<Path> left = Files.list(root.resolve("tmp"))) {
            assertEquals(List.of(), left.toList());
        }
        return done;
    }

    @ParameterizedTest
    @MethodSource("shells")
    void theClientsWordsAreThoseOfTheAnswer(List<String> shell) throws Exception {
        supervisor(
                "echo \"$*\" >'" + root.resolve("given") + "'",
                "say start \"word=start",
                "text=",
                "set -- claude 'two words' '*'\"",
                "until_there ended.1",
                "say answer.1 \"word=end",
                "text='a last word'",
                "code=$(cat \"$run/ended.1\")\"");

        Shell done = run(shell, "--", "claude", "x").exited(0);

        assertEquals("client in " + root + ": two words *\n", done.out());
        assertEquals("parley: a last word\n", done.err());
        assertTrue(Files.readString(root.resolve("given")).matches("run --beside=\\S+ -- claude x\n"));
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aResumeIsStartedWhereItsSessionWorksAndOnlyInTime(List<String> shell) throws Exception {
        Path elsewhere = Files.createDirectories(root.resolve("else where"));
        supervisor(
                "say start \"word=start; text=; set -- claude seven\"",
                "until_there ended.1",
                "say answer.1 \"word=resume; text='it is back'; directory='" + elsewhere
                        + "'; good_until=99999999999; set -- claude --resume x\"",
                "until_there ended.2",
                "say answer.2 \"word=resume; text='too late'; directory=; good_until=1000000000; set -- claude again\"",
                "until_there never");

        Shell done = run(shell, "--", "claude").exited(0);

        assertEquals("client in " + root + ": seven\nclient in " + elsewhere + ": --resume x\n", done.out());
        assertEquals("parley: it is back\n", done.err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void anAnswerThatIsTooLateIsSaidOfAClientThatCrashed(List<String> shell) throws Exception {
        supervisor(
                "say start \"word=start; text=; set -- claude seven\"",
                "until_there ended.1",
                "say answer.1 \"word=resume; text=no; directory=; good_until=1000000000; set -- claude again\"",
                "until_there never");

        Shell done = run(shell, "--", "claude").exited(7);

        assertEquals("client in " + root + ": seven\n", done.out());
        assertTrue(done.err().contains("exit code 7 and is not resumed: its supervisor answered too late"), done.err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aWaitEndsWithTheNextAnswer(List<String> shell) throws Exception {
        supervisor(
                "say start \"word=start; text=; set -- claude seven\"",
                "until_there ended.1",
                "say answer.1 \"word=park; text='it waits'\"",
                "sleep 0.3",
                "say next.1 \"word=resume; text='it goes on'; directory=; good_until=99999999999; set -- claude nothing\"",
                "until_there ended.2",
                "say answer.2 \"word=end; text=; code=0\"");

        Shell done = run(shell, "--", "claude").exited(0);

        assertEquals("client in " + root + ": seven\nclient in " + root + ": nothing\n", done.out());
        assertEquals("parley: it waits\nparley: it goes on\n", done.err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whatCannotBeSupervisedRunsAllTheSame(List<String> shell) throws Exception {
        supervisor("echo 'a warning'", "echo 'parley: the store is /x, which is not yours' >&2", "exit 4");

        Shell done = run(shell, "--option", "--", "claude", "seven").exited(7);

        assertEquals("client in " + root + ": seven\n", done.out());
        assertEquals("parley: claude runs without supervision: the store is /x, which is not yours\n", done.err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void withoutAPlaceForFilesItRunsAllTheSame(List<String> shell) throws Exception {
        Files.delete(root.resolve("tmp"));
        List<String> command = new ArrayList<>(shell);
        command.addAll(List.of(bin.resolve("parley-run").toString(), "run", "--", "claude", "seven"));

        Shell done = Shell.run(command, environment, root, "").exited(7);

        assertEquals("client in " + root + ": seven\n", done.out());
        assertTrue(done.err().contains("claude runs without supervision: no directory can be made below"), done.err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aWrongCommandLineStartsNothing(List<String> shell) throws Exception {
        supervisor("echo 'no such option' >&2", "exit 2");

        Shell done = run(shell, "--nonsense", "--", "claude").exited(2);

        assertEquals("", done.out());
        assertEquals("no such option\n", done.err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void withoutAClientTheCommandItselfSaysHowItIsUsed(List<String> shell) throws Exception {
        supervisor("echo \"$*\"");

        for (List<String> words :
                List.<List<String>>of(List.of(), List.of("claude"), List.of("--"), List.of("--help", "--", "claude"))) {
            assertEquals(
                    ("run --beside= " + String.join(" ", words)).strip() + "\n",
                    run(shell, words.toArray(String[]::new)).exited(0).out());
        }
    }

    @ParameterizedTest
    @MethodSource("shells")
    void aSupervisorThatIsGoneIsMissedOnlyByWhoCrashed(List<String> shell) throws Exception {
        supervisor("say start \"word=start; text=; set -- claude seven\"", "exit 0");
        assertTrue(run(shell, "--", "claude")
                .exited(7)
                .err()
                .contains("the client has ended with exit code 7 and is not resumed: its supervisor had been ended"));

        supervisor("say start \"word=start; text=; set -- claude nothing\"", "exit 0");
        assertEquals("", run(shell, "--", "claude").exited(0).err());
    }

    @ParameterizedTest
    @MethodSource("shells")
    void whoeverIsRefusedIsToldAndNothingIsStarted(List<String> shell) throws Exception {
        supervisor("say start \"word=end; text='it is elsewhere'; code=3\"", "until_there never");

        Shell done = run(shell, "--", "claude").exited(3);

        assertEquals("", done.out());
        assertEquals("parley: it is elsewhere\n", done.err());
    }
}
