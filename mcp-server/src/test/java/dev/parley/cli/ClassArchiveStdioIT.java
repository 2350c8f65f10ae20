package dev.parley.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.fixture.Agent;
import dev.parley.fixture.Peers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive that makes a start fast: a server makes it when it has nothing else to do, and the next one has it. */
@Tag("slow")
class ClassArchiveStdioIT {

    private static Agent start(Peers peers, Path cache) throws Exception {
        return peers.agent().with("XDG_CACHE_HOME", cache.toString()).start();
    }

    private static List<String> commandLine(Agent agent) throws Exception {
        return List.of(Files.readString(Path.of("/proc/" + agent.server().pid() + "/cmdline"))
                .split("\0"));
    }

    private static boolean hasMapped(Agent agent, Path archive) throws Exception {
        return Files.readString(Path.of("/proc/" + agent.server().pid() + "/maps"))
                .contains(archive.toString());
    }

    private static List<Path> files(Path directory, String ending) throws Exception {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    @Test
    void oneServerMakesItAndTheNextHasItUnlessItIsBroken(@TempDir Path root) throws Exception {
        Path cache = Files.createDirectory(root.toRealPath().resolve("cache"));
        Path ours = cache.resolve("parley");
        Path litter = Files.createDirectories(ours.resolve(".making-before/home"));
        Files.setLastModifiedTime(
                litter.getParent(), FileTime.from(Instant.now().minus(Duration.ofHours(1))));
        try (Peers peers = new Peers(root)) {
            Agent first = peers.keep(start(peers, cache));
            assertFalse(commandLine(first).toString().contains("SharedArchiveFile"));
            Awaitility.await()
                    .atMost(Duration.ofSeconds(90))
                    .until(() -> !files(ours, ".jsa.stamp").isEmpty());
            Path archive = files(ours, ".jsa").get(0);
            assertEquals(List.of(), files(ours, "making-before"), "what was left behind is gone");

            Agent second = peers.keep(start(peers, cache));
            assertTrue(commandLine(second).contains("-XX:SharedArchiveFile=" + archive));
            assertTrue(hasMapped(second, archive));
            second.call("get_my_session").ok();

            Path broken = root.resolve("broken");
            byte[] half = Files.readAllBytes(archive);
            Files.write(broken, java.util.Arrays.copyOf(half, half.length / 2));
            Files.move(broken, archive, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Agent third = peers.keep(start(peers, cache));
            assertFalse(commandLine(third).toString().contains("SharedArchiveFile"));
            third.call("get_my_session").ok();
            assertEquals("", third.server().errors());
        }
    }
}
