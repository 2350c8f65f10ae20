package dev.parley.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.serve.ClassArchive.Haste;
import dev.parley.setup.VmOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** An archive is made by a VM like the one that will use it, and is remade if it is not what was made. */
class ClassArchiveTest {

    private static List<String> ofServer(String... more) {
        List<String> options = new ArrayList<>(VmOptions.ofServer());
        options.addAll(List.of("-Xmx128m", "-XX:ThreadPriorityPolicy=0"));
        options.addAll(List.of(more));
        return options;
    }

    private static List<String> options(List<String> command) {
        return command.subList(1, command.indexOf("-cp"));
    }

    @Test
    void theVmThatMakesItHasTheOptionsOfAServerAndRoom() {
        List<List<String>> commands = ArchiveMaker.commands(false, Path.of("/a"), Path.of("/w"), Haste.NOW);

        assertEquals(1, commands.size());
        assertEquals(ofServer("-XX:ArchiveClassesAtExit=/a"), options(commands.get(0)));
        assertEquals("/w/home", commands.get(0).get(commands.get(0).size() - 1));
    }

    @Test
    void aCacheIsMadeByTwoSuchVmsOfWhichTheFirstDoesWhatAServerDoes() {
        List<List<String>> commands = ArchiveMaker.commands(true, Path.of("/a"), Path.of("/w"), Haste.WHEN_IDLE);

        assertEquals(2, commands.size());
        commands.forEach(command -> assertEquals(List.of("nice", "-n", "19"), command.subList(0, 3)));
        String learned = "-XX:AOTConfiguration=/w/learned";
        List<String> first = commands.get(0).subList(3, commands.get(0).size());
        List<String> second = commands.get(1).subList(3, commands.get(1).size());
        assertEquals(ofServer("-XX:AOTMode=record", learned), options(first));
        assertEquals(ofServer("-XX:AOTMode=create", learned, "-XX:AOTCache=/a"), options(second));
        assertTrue(first.contains(TrainingRun.class.getName()));
        assertFalse(second.contains(TrainingRun.class.getName()));
    }

    private static ClassArchive made(Path archive) throws IOException {
        byte[] content = new byte[200_000];
        Arrays.fill(content, (byte) 42);
        Path work = Files.createDirectory(archive.resolveSibling("work"));
        Path jar = Files.createFile(archive.resolveSibling("a.jar"));
        ClassArchive made = new ClassArchive(archive, List.of(jar.toString()));
        made.install(Files.write(work.resolve("archive"), content), made.ingredients());
        return made;
    }

    @Test
    void oneBitThatFlippedIsNoticed(@TempDir Path directory) throws IOException {
        Path archive = directory.resolve("a.jsa");
        ClassArchive made = made(archive);
        assertFalse(made.isStale());
        FileTime time = Files.getLastModifiedTime(archive);
        byte[] content = Files.readAllBytes(archive);

        for (int position : new int[] {0, 65_535, 65_536, 199_999}) {
            content[position] ^= 4;
            Files.write(archive, content);
            Files.setLastModifiedTime(archive, time);
            assertTrue(made.isStale(), () -> "bit of byte " + position);
            content[position] ^= 4;
        }
        Files.write(archive, content);
        assertFalse(made.isStale());
    }

    @Test
    void whatIsCutOffOrOfAnotherVmOrAnotherJarIsNoticed(@TempDir Path directory) throws IOException {
        Path archive = directory.resolve("a.jsa");
        ClassArchive made = made(archive);
        Path stamp = archive.resolveSibling("a.jsa.stamp");
        String whole = Files.readString(stamp);

        Files.writeString(stamp, whole.replace(System.getProperty("java.vm.version"), "25.0.99"));
        assertTrue(made.isStale());
        Files.writeString(stamp, whole);
        assertFalse(made.isStale());

        Path jar = directory.resolve("a.jar");
        FileTime time = Files.getLastModifiedTime(jar);
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1));
        assertTrue(made.isStale());
        Files.setLastModifiedTime(jar, time);
        Files.writeString(jar, "other");
        Files.setLastModifiedTime(jar, time);
        assertTrue(made.isStale());
        Files.writeString(jar, "");
        Files.setLastModifiedTime(jar, time);
        assertFalse(made.isStale());

        byte[] content = Files.readAllBytes(archive);
        Files.write(archive, Arrays.copyOf(content, content.length - 1));
        assertTrue(made.isStale());
    }

    @Test
    void whatWasMadeOfOtherJarsAtThisPlaceIsSwept(@TempDir Path directory) throws IOException {
        String mine = "jdk-25-opt-parley.0123456789abcdef.aot";
        List<String> kept = List.of(
                mine,
                mine + ".lock",
                mine + ".stamp",
                "jdk-25-opt-parley-hub.0000000000000000.aot",
                "jdk-17-opt-parley.jsa",
                "other-jdk-25-opt-parley.0000000000000000.aot");
        List<String> gone = List.of(
                "jdk-25-opt-parley.0000000000000000.aot",
                "jdk-25-opt-parley.0000000000000000.aot.lock",
                "jdk-25-opt-parley.0000000000000000.aot.stamp",
                "jdk-25-opt-parley.jsa",
                "jdk-25-opt-parley.jsa.stamp");
        for (String name : Stream.concat(kept.stream(), gone.stream()).toList()) {
            Files.createFile(directory.resolve(name));
        }

        new ClassArchive(directory.resolve(mine), List.of()).sweepOthers(directory);

        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(
                    new TreeSet<>(kept),
                    new TreeSet<>(
                            left.map(path -> path.getFileName().toString()).toList()));
        }
    }

    @Test
    void aClassDataArchiveSweepsNothing(@TempDir Path directory) throws IOException {
        Path other = Files.createFile(directory.resolve("jdk-17.0000000000000000.aot"));

        new ClassArchive(directory.resolve("jdk-17.jsa"), List.of()).sweepOthers(directory);

        assertTrue(Files.exists(other));
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void whatThisStartWasGivenIsNotGivenToTheNextOnceItIsDistrusted(@TempDir Path directory) throws IOException {
        Path archive = directory.resolve("a.jsa");
        var unused = made(archive);
        Path stamp = archive.resolveSibling("a.jsa.stamp");
        System.setProperty(ClassArchive.PROPERTY, archive.toString());
        try {
            ClassArchive.distrust();
            assertTrue(Files.exists(stamp), "it was not given");

            System.setProperty(ClassArchive.GIVEN, "yes");
            ClassArchive.distrust();
            assertFalse(Files.exists(stamp));
            assertTrue(Files.exists(archive));
        } finally {
            System.clearProperty(ClassArchive.PROPERTY);
            System.clearProperty(ClassArchive.GIVEN);
        }
    }
}
