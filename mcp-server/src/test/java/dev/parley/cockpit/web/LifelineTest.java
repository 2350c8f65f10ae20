package dev.parley.cockpit.web;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a command is to end without a signal. */
final class LifelineTest {

    @TempDir
    private Path descriptors;

    private void point(String descriptor, String target) throws Exception {
        Path link = descriptors.resolve(descriptor);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    /** As Linux tells it: the name of what has been hung up gets an addition, also if another terminal has got the number. */
    @Test
    void aTerminalThatIsClosedCutsIt() throws Exception {
        point("0", "/dev/null");
        point("1", "/dev/pts/7");
        point("2", "pipe:[123]");
        Lifeline lifeline = Lifeline.of(descriptors, Optional.empty());
        assertTrue(lifeline.isWhole());
        point("0", "/dev/zero");
        point("2", "pipe:[124]");
        assertTrue(lifeline.isWhole(), "these are no terminals");
        point("1", "/dev/pts/7 (deleted)");
        assertFalse(lifeline.isWhole());
        lifeline.await();
    }

    @Test
    void aStarterThatHasEndedCutsIt() throws Exception {
        Process starter = new ProcessBuilder("sleep", "600").start();
        Lifeline lifeline = Lifeline.of(descriptors, Optional.of(starter.toHandle()));
        assertTrue(lifeline.isWhole());
        starter.destroyForcibly().waitFor();
        assertFalse(lifeline.isWhole());
    }

    @Test
    void whereNothingCanBeSeenItIsWhole() {
        assertTrue(Lifeline.of(descriptors.resolve("none"), Optional.empty()).isWhole());
    }
}
