package dev.parley.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Command lines within this process: help for everything, and exit codes. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class CommandLineToolTest {

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        return run(Map.of(), arguments);
    }

    private int run(Map<String, String> environment, String... arguments) {
        System.setOut(new PrintStream(out, true, UTF_8));
        System.setErr(new PrintStream(err, true, UTF_8));
        try {
            return CommandLineTool.run(environment, arguments);
        } finally {
            System.setOut(realOut);
            System.setErr(realErr);
        }
    }

    @AfterEach
    void realStreams() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private static List<String> commands() {
        CommandLineToolTest once = new CommandLineToolTest();
        assertEquals(ExitCode.OK, once.run("--help"));
        List<String> commands = new ArrayList<>();
        Matcher line = Pattern.compile("(?m)^  ([a-z]+) {2,}\\S").matcher(once.out.toString(UTF_8));
        while (line.find()) {
            commands.add(line.group(1));
        }
        return commands;
    }

    /** Nothing that is read and ignored: a word that means nothing changes nothing. */
    @Test
    void whereToResumeIsOneOfThreePlacesOrRefused(@TempDir Path home) throws Exception {
        Map<String, String> environment = Map.of(
                "HOME", home.toString(), "PARLEY_HOME", home.resolve("store").toString());
        assertEquals(ExitCode.USAGE, run(environment, "setup", "--resume=remote"));
        String told = err.toString(UTF_8);
        assertTrue(told.contains("'--resume': expected one of [MACHINE, PROJECT, OFF]"), told);
        assertTrue(told.contains("but was 'remote'"), told);
        try (Stream<Path> files = Files.list(home)) {
            assertEquals(List.of(), files.toList());
        }
    }

    @Test
    void helpNamesTheCommands() {
        assertTrue(
                commands().containsAll(List.of("serve", "demo", "status", "send", "check", "version")),
                () -> commands().toString());
    }

    @Test
    void whatBecameOfSessionsIsCountedFromATrace(@TempDir Path directory) throws Exception {
        Path trace = Files.writeString(directory.resolve("trace"), """
                {"event":"wake","status":"fired","via":"resume"}
                {"event":"resume","session":"s","what":"done","came":"its client did its turn"}
                {"event":"resume","session":"s","what":"parked: crash_loop","came":"parked"}
                {"event":"resume","session":"t","what":"done","came":"its client did its turn"}
                {"event":"resume-failed","session":"t","reason":"no space"}
                {"event":"supervision","session":"s","what":"resumed"}
                """);
        assertEquals(ExitCode.OK, run("diagnose", trace.toString()));
        String said = out.toString(UTF_8);
        assertTrue(said.contains("wakes:\n  1 fired via resume\n"), said);
        assertTrue(said.contains("resumed for requests:\n  2 done\n  1 parked: crash_loop\n"), said);
        assertTrue(said.contains("supervised sessions:\n  1 resumed\n"), said);
        assertTrue(said.contains("to look at:\n  1 resume-failed\n"), said);
        out.reset();
        assertEquals(ExitCode.OK, run("diagnose", "--json", trace.toString()));
        assertTrue(
                out.toString(UTF_8).contains("\"resumed\":{\"done\":2,\"parked: crash_loop\":1}"), out.toString(UTF_8));
    }

    @Test
    void everyCommandExplainsItselfAndKnowsItsVersion() {
        for (String command : commands()) {
            out.reset();
            assertEquals(ExitCode.OK, run(command, "--help"), command);
            String help = out.toString(UTF_8);
            assertTrue(help.contains("Usage: parley " + command), help);
            out.reset();
            if (!command.equals("help")) {
                assertEquals(ExitCode.OK, run(command, "--version"), command);
                assertTrue(out.toString(UTF_8).startsWith("parley "), command + ": " + out.toString(UTF_8));
            }
        }
        assertEquals("", err.toString(UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "frobnicate",
                "--frobnicate",
                "status --frobnicate",
                "status surplus",
                "send",
                "send alice",
                "send alice hello there",
                "gc --keep-days many",
                "gc --keep-days -1",
                "version surplus",
                "help frobnicate"
            })
    void aWrongCommandLineIsUsage(String line) {
        assertEquals(ExitCode.USAGE, run(line.split(" ")), line);
        assertEquals("", out.toString(UTF_8));
        assertTrue(err.toString(UTF_8).matches("(?s).*(Usage: parley|Did you mean).*"), err.toString(UTF_8));
    }

    @Test
    void whatFailsIsOneLineAndAnExitCode(@TempDir Path home) throws Exception {
        Files.writeString(home.resolve("something"), "else");
        assertEquals(ExitCode.FAILED, run(Map.of("PARLEY_HOME", home.toString()), "status"));
        assertEquals(1, err.toString(UTF_8).lines().count(), err.toString(UTF_8));
        assertTrue(err.toString(UTF_8).startsWith("parley: "), err.toString(UTF_8));
    }

    @Test
    void damageHasItsOwnExitCode(@TempDir Path home) throws Exception {
        Map<String, String> environment = Map.of("PARLEY_HOME", home.toString());
        assertEquals(ExitCode.OK, run(environment, "check"));
        Path session = Files.createDirectories(home.resolve("sessions/alice"));
        Files.writeString(session.resolve("session.json"), "{");
        assertEquals(ExitCode.CORRUPT, run(environment, "check"));
    }
}
