package dev.parley.hooks;

import dev.parley.testing.Needs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** What the hook does at its events once more, with BusyBox's tools in the place of those of this system, and no others. */
@Tag("slow")
class HookBusyBoxTest {

    private static final List<String> TOOLS = List.of(
            "awk",
            "cat",
            "cksum",
            "cut",
            "date",
            "find",
            "fold",
            "head",
            "ln",
            "ls",
            "mkdir",
            "mv",
            "readlink",
            "rm",
            "rmdir",
            "sed",
            "sh",
            "sleep",
            "sort",
            "stat",
            "tail",
            "touch",
            "tr",
            "wc",
            "xargs");

    @BeforeAll
    static void useBusyBox(@TempDir Path directory) throws Exception {
        Path busybox = Path.of("/bin/busybox");
        if (Files.notExists(busybox)) {
            busybox = Path.of("/usr/bin/busybox");
        }
        Needs.that(Files.isExecutable(busybox), "BusyBox: apt-get install busybox");
        for (String tool : TOOLS) {
            Files.createSymbolicLink(directory.resolve(tool), busybox);
        }
        Files.createSymbolicLink(directory.resolve("bash"), Path.of("/bin/bash"));
        HookFixture.tools = Optional.of(directory);
    }

    @AfterAll
    static void useThisSystems() {
        HookFixture.tools = Optional.empty();
    }

    @Nested
    class HandOver extends HookHandOverTest {}

    @Nested
    class Session extends HookSessionTest {}

    @Nested
    class Input extends HookInputTest {}

    @Nested
    class Codex extends HookCodexTest {}

    @Nested
    class Index extends HookIndexTest {}

    @Nested
    class OpenWork extends HookOpenWorkTest {}
}
