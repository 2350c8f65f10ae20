package dev.parley.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.ThreadPerTask;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several files are changed, or none; and nobody else's write is lost in between without a word. */
class SetupAllOrNothingTest {

    private SetupHome home;

    @BeforeEach
    void home(@TempDir Path root) throws IOException {
        home = new SetupHome(root);
        home.write(".claude.json", "{\n  \"n\": 1\n}\n");
        home.write(".claude/settings.json", "{\n  \"model\": \"a\"\n}\n");
        home.write(".codex/config.toml", "model = \"a\"\n");
    }

    private String refused() throws IOException {
        Map<String, String> before = home.everything();
        IOException refused = assertThrows(IOException.class, home::install);
        assertEquals(before, home.everything());
        assertFalse(Files.exists(home.store.resolve("setup")), "nothing is left of the attempt");
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.endsWith("nothing was changed"), message);
        return message;
    }

    /** Does something once, when a step is done. */
    private void at(String step, IoAction action) {
        at(step, 1, round -> action.run());
    }

    /** Does something the first times that a step is done. */
    private void at(String step, int times, RoundAction action) {
        AtomicInteger done = new AtomicInteger();
        home.steps = at -> {
            if (at.equals(step) && done.get() < times) {
                try {
                    action.run(done.incrementAndGet());
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    private interface IoAction {
        void run() throws IOException;
    }

    private interface RoundAction {
        void run(int round) throws IOException;
    }

    @Test
    void aLinkThatLeadsNowhereIsNamed() throws Exception {
        Files.createSymbolicLink(home.user.resolve(".codex/hooks.json"), home.user.resolve("dotfiles/hooks.json"));
        String message = refused();
        assertTrue(
                message.contains(".codex/hooks.json is a link to " + home.user.resolve("dotfiles/hooks.json")),
                message);
        assertTrue(message.contains("make that file, or remove the link"), message);
    }

    /** On Linux: nobody, not even root, makes files in /proc. */
    @Test
    void aTargetBehindALinkThatCannotBeReplacedIsNamed() throws Exception {
        Path link = home.user.resolve(".codex/hooks.json");
        Files.createSymbolicLink(link, Path.of("/proc/self/timers"));
        String message = refused();
        assertTrue(message.contains(link + " (a link to /proc/"), message);
        assertTrue(message.contains("--dry-run"), message);
        Files.delete(link);
    }

    /** The first files are replaced already when this one fails. */
    @Test
    void whenALaterFileFailsTheEarlierOnesAreTakenBack() throws Exception {
        at("compared config.toml", () -> {
            try (var files = Files.list(home.user.resolve(".codex"))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".new")).toList()) {
                    Files.delete(file);
                }
            }
        });
        String message = refused();
        assertTrue(message.contains(".codex/config.toml cannot be changed"), message);
    }

    @Test
    void whatIsNoFileIsNotWaitedFor() throws Exception {
        Path hooks = home.user.resolve(".codex/hooks.json");
        assertEquals(0, new ProcessBuilder("mkfifo", hooks.toString()).start().waitFor());
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            assertTrue(refused().contains(".codex/hooks.json is a pipe or a device, not a file; move it away"));
            IOException undone = assertThrows(IOException.class, home::undo);
            assertTrue(String.valueOf(undone.getMessage()).contains("is a pipe"), undone::getMessage);
        });
        Files.delete(hooks);
        Files.createSymbolicLink(hooks, Path.of("/dev/zero"));
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> assertTrue(refused().contains("is a pipe or a device")));
        Files.delete(hooks);
        Files.createDirectory(hooks);
        assertTrue(refused().contains(".codex/hooks.json is a directory"));
    }

    @Test
    void aClientThatWritesBeforeTheComparisonIsNotOverwritten() throws Exception {
        at("written down", () -> home.write(".claude.json", "{\"n\": 2}"));
        IOException refused = assertThrows(IOException.class, home::install);
        assertTrue(String.valueOf(refused.getMessage()).contains("run it again; nothing was changed"));
        assertEquals("{\"n\": 2}", home.text(".claude.json"));
        assertFalse(home.everything().toString().contains("parley"));
    }

    @Test
    void whatAClientWritesIntoTheFileAfterTheComparisonIsPutBack() throws Exception {
        at("compared .claude.json", () -> home.write(".claude.json", "{\n  \"n\": 12345\n}\n"));

        Setup setup = home.install();

        assertEquals(12345, SetupHome.json(home.text(".claude.json")).path("n").asInt());
        assertTrue(home.text(".claude.json").contains("mcpServers"));
        assertEquals(List.of(), setup.warnings());
        home.undo();
        assertEquals(12345, SetupHome.json(home.text(".claude.json")).path("n").asInt());
        assertFalse(home.text(".claude.json").contains("parley"));
    }

    @Test
    void thatAClientReplacedTheFileAfterTheComparisonIsTold() throws Exception {
        at("compared .claude.json", () -> replaceAsAClient("{\n  \"n\": 12345\n}\n"));

        Setup setup = home.install();

        assertTrue(home.text(".claude.json").contains("mcpServers"));
        assertEquals(1, setup.warnings().size());
        assertTrue(
                setup.warnings().get(0).contains(".claude.json was replaced by another program"),
                setup.warnings()::toString);
    }

    @Test
    void whatAClientWritesRightAfterwardsGetsOurEntryAgain() throws Exception {
        at("replaced .claude.json", () -> replaceAsAClient("{\n  \"n\": 12345\n}\n"));

        home.install();

        assertEquals(12345, SetupHome.json(home.text(".claude.json")).path("n").asInt());
        assertTrue(home.text(".claude.json").contains("mcpServers"));
    }

    @Test
    void aClientThatReplacesTheFileAgainAndAgainIsNoticedAgainAndAgain() throws Exception {
        at("replaced .claude.json", 2, round -> replaceAsAClient("{\n  \"n\": " + round + "2345\n}\n"));

        Setup setup = home.install();

        assertEquals(22345, SetupHome.json(home.text(".claude.json")).path("n").asInt());
        assertTrue(home.text(".claude.json").contains("mcpServers"));
        assertEquals(List.of(), setup.warnings());
    }

    @Test
    void aClientThatReplacesTheFileToTheLastIsNamed() throws Exception {
        at("replaced .claude.json", 3, round -> replaceAsAClient("{\n  \"n\": " + round + "2345\n}\n"));

        Setup setup = home.install();

        assertEquals("{\n  \"n\": 32345\n}\n", home.text(".claude.json"));
        assertEquals(1, setup.warnings().size(), setup.warnings()::toString);
        String warning = setup.warnings().get(0);
        assertTrue(warning.contains(".claude.json is replaced by another program again and again"), warning);
        home.steps = Steps.SILENT;
        assertEquals(List.of(), home.install().warnings());
        assertTrue(home.text(".claude.json").contains("mcpServers"));
    }

    @Test
    void whatIsKeptIsNamedAlsoIfAllIsTakenBack() throws Exception {
        home.steps = step -> {
            try {
                if (step.equals("compared .claude.json")) {
                    home.write(".claude.json", "not a JSON text any more");
                } else if (step.equals("replaced settings.json")) {
                    Path fresh = home.write("fresh", "neither is this");
                    Files.move(fresh, home.user.resolve(".claude/settings.json"), StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };

        String message = assertThrows(IOException.class, home::install).getMessage();

        assertTrue(message.contains(".claude/settings.json is not valid JSON"), message);
        assertTrue(message.contains("nothing was changed"), message);
        Matcher named =
                Pattern.compile("it is kept in (\\S+/lost-[0-9a-f]{64})").matcher(message);
        assertTrue(named.find(), message);
        assertEquals("not a JSON text any more", Files.readString(Path.of(named.group(1))));
        assertEquals("not a JSON text any more", home.text(".claude.json"));
    }

    /** The file that a warning names, which is the user's to remove: later ones, and undo, leave it. */
    private void assertKept(String text, Setup setup) throws Exception {
        assertEquals(1, setup.warnings().size(), setup.warnings()::toString);
        String warning = setup.warnings().get(0);
        assertTrue(warning.contains(".claude.json was written by another program"), warning);
        Matcher named =
                Pattern.compile("it is kept in (\\S+/lost-[0-9a-f]{64})").matcher(warning);
        assertTrue(named.find(), warning);
        Path kept = Path.of(named.group(1));
        home.steps = Steps.SILENT;
        home.install();
        home.undo();
        assertEquals(text, Files.readString(kept));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
    }

    @Test
    void whatCannotBePutBackIsKeptUntilTheUserRemovesIt() throws Exception {
        at("compared .claude.json", () -> home.write(".claude.json", "not a JSON text any more"));

        Setup setup = home.install();

        assertTrue(home.text(".claude.json").contains("mcpServers"));
        assertKept("not a JSON text any more", setup);
    }

    @Test
    void whatAClientWroteIsKeptIfThereIsNoRoundLeftToPutItBack() throws Exception {
        at("compared .claude.json", 3, round -> home.write(".claude.json", "{\"n\": " + "7".repeat(round) + "}\n"));

        Setup setup = home.install();

        assertEquals(77, SetupHome.json(home.text(".claude.json")).path("n").asInt());
        assertTrue(home.text(".claude.json").contains("mcpServers"));
        assertKept("{\"n\": 777}\n", setup);
    }

    @Test
    void anUndoThatKeepsSomethingLeavesTheStoreThatHoldsIt() throws Exception {
        home.install();
        try (var setup = Files.walk(home.store)) {
            for (Path each : setup.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        at("compared .claude.json", () -> home.write(".claude.json", "not a JSON text any more"));
        Setup setup = home.setup();

        setup.undo(setup.planUndo());

        assertFalse(home.text(".claude.json").contains("parley"));
        assertKept("not a JSON text any more", setup);
    }

    @Test
    void aFileThatCannotBeReadAnyMoreInTheMiddleIsNamed() throws Exception {
        at("replaced .claude.json", () -> replaceAsAClient("not a JSON text any more"));
        String overtaken = assertThrows(IOException.class, home::install).getMessage();
        assertTrue(overtaken.contains(".claude.json is not valid JSON"), overtaken);
        assertEquals("not a JSON text any more", home.text(".claude.json"));
        home.write(".claude.json", "{}\n");

        Path settings = home.user.resolve(".claude/settings.json");
        at("written down", () -> {
            Files.delete(settings);
            Files.createDirectory(settings);
        });
        String compared = assertThrows(IOException.class, home::install).getMessage();
        assertTrue(compared.contains(".claude/settings.json is a directory"), compared);
    }

    /** Its answer takes up to 20 s: not in the middle of the changes, and not for the same hooks again. */
    @Test
    void codexIsAskedOnceForTheSameHooks() throws Exception {
        Path asked = home.root.resolve("asked");
        Path codex = Files.createDirectories(home.root.resolve("bin")).resolve("codex");
        String hook = Path.of("..", "assets/hooks/parley-hook")
                .toAbsolutePath()
                .normalize()
                .toString();
        Files.writeString(codex, """
                #!/bin/sh
                [ "$1" = app-server ] || exit 0
                echo asked >> '%s'
                read -r initialize
                echo '{"id": 1, "result": {}}'
                read -r initialized; read -r list
                printf '{"id": 2, "result": {"data": [{"hooks": [{"key": "%%s", "command": "%%s", "currentHash": "%%s"}]}]}}\n' \
                    "$(pwd -P)/hooks.json:session_start:0:0" '%s codex' sha256:1234
                """.formatted(asked, hook));
        assertTrue(codex.toFile().setExecutable(true));
        home.path = codex.getParent().toString();
        at("compared config.toml", () -> home.write(".codex/config.toml", "model = \"another\"\n"));

        Setup setup = home.install();

        String config = home.text(".codex/config.toml");
        assertTrue(config.startsWith("model = \"another\"\n"), config);
        assertTrue(config.contains("trusted_hash = \"sha256:1234\""), () -> config + setup.notes());
        assertEquals(List.of("asked"), Files.readAllLines(asked));
        assertFalse(setup.notes().toString().contains("Codex"), setup.notes()::toString);
    }

    private void replaceAsAClient(String text) throws IOException {
        Path fresh = home.write(".claude.json.tmp", text);
        Files.move(fresh, home.user.resolve(".claude.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aFileThatSomebodyElseMakesInBetweenIsNotOverwritten() throws Exception {
        at("compared hooks.json", () -> home.write(".codex/hooks.json", "{\"mine\": 1}"));
        IOException refused = assertThrows(IOException.class, home::install);
        assertTrue(String.valueOf(refused.getMessage()).endsWith("nothing was changed"), refused::getMessage);
        assertEquals("{\"mine\": 1}", home.text(".codex/hooks.json"));
        assertFalse(home.everything().toString().contains("mcpServers"));
    }

    @Test
    void ownerModeAndOtherNamesOfAFileStay() throws Exception {
        Path state = home.user.resolve(".claude.json");
        Path other = Files.createLink(home.user.resolve("other name"), state);
        Path settings = home.user.resolve(".claude/settings.json");
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-r-----"));
        boolean root = Files.getAttribute(home.user, "unix:uid").equals(0);
        if (root) {
            for (Path path : List.of(home.user, home.user.resolve(".codex"), settings, settings.getParent())) {
                Files.setAttribute(path, "unix:uid", 12345, LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", 54321, LinkOption.NOFOLLOW_LINKS);
            }
        }
        Object owner = Files.getAttribute(settings, "unix:uid");
        Map<String, String> before = home.everything();

        home.install();

        assertTrue(Files.isSameFile(state, other));
        assertTrue(Files.readString(other).contains("mcpServers"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(settings)));
        for (String made : List.of(
                ".claude/settings.json", ".codex/hooks.json", ".codex/skills", ".codex/skills/parley/SKILL.md")) {
            assertEquals(owner, Files.getAttribute(home.user.resolve(made), "unix:uid"), made);
        }
        assertEquals(2, Files.getAttribute(state, "unix:nlink"));
        home.undo();
        assertEquals(before, home.everything());
        assertTrue(Files.isSameFile(state, other));
    }

    @Test
    void ofTwoAtOnceOneWaits() throws Exception {
        Setup first = home.setup();
        CompletableFuture<Void> second;
        try (Setup.Turn turn = first.begin()) {
            assertTrue(turn != null);
            second = CompletableFuture.runAsync(
                    () -> {
                        try {
                            home.install();
                        } catch (IOException | InterruptedException e) {
                            throw new IllegalStateException(e);
                        }
                    },
                    ThreadPerTask.EXECUTOR);
            first.install(first.plan());
            assertFalse(second.isDone());
        }
        second.get(20, TimeUnit.SECONDS);
        home.undo();
        assertFalse(home.everything().toString().contains("parley"));
    }

    /** What a kill leaves, without the time that real ones take: those are in SetupCrashIT. */
    @Test
    void afterAKillInTheMiddleTheNextOneFinishesAndUndoRestores() throws Exception {
        home.clients = Set.of("claude-code");
        Map<String, String> before = home.everything();
        for (String step : List.of("announced", "new bytes of settings.json", "compared settings.json")) {
            home.steps = at -> {
                if (at.equals(step)) {
                    throw new Killed();
                }
            };
            assertThrows(Killed.class, home::install);
            home.steps = Steps.SILENT;
            home.undo();
            assertEquals(before, home.everything(), step);
            assertFalse(Files.exists(home.store.resolve("setup")), step);
        }
    }

    /** Ends it without any tidying up, as a kill does. */
    static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }
}
