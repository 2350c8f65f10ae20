package dev.parley.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.setup.VmOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An archive is made by a VM like the one that will use it. */
class ClassArchiveTest {

    @Test
    void theVmThatMakesItHasTheOptionsOfAServerAndRoom() {
        List<String> command = ClassArchive.command(Path.of("/a"), Path.of("/w"), ClassArchive.Haste.NOW);

        List<String> expected = new ArrayList<>(VmOptions.ofServer());
        expected.addAll(List.of("-Xmx128m", "-XX:ThreadPriorityPolicy=0", "-XX:ArchiveClassesAtExit=/a"));
        assertEquals(expected, command.subList(1, command.indexOf("-cp")));
    }
}
