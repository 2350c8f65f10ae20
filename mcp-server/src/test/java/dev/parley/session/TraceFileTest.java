package dev.parley.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.testing.Pipes;
import dev.parley.trace.Event;
import dev.parley.trace.Trace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The trace: private, and never in the way. */
@Timeout(60)
class TraceFileTest {

    @TempDir
    Path root;

    private final List<String> complaints = new ArrayList<>();

    private void traceTo(Path file) {
        Trace trace = TraceFile.of(Map.of("PARLEY_TRACE", file.toString()), complaints::add);
        trace.event(Event.SWEPT, Map.of("number", 1));
        trace.event(Event.NOT_TOLD, Map.of("text", "t"));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    @Test
    void aTraceIsItsUsersAlone() throws IOException {
        Path file = root.resolve("trace");
        traceTo(file);

        assertEquals("rw-------", mode(file));
        assertEquals(2, Files.readAllLines(file).size());
        assertEquals(List.of(), complaints);
    }

    @Test
    void theModeOfAFileThatIsThereStays() throws IOException {
        Path file = Files.createFile(
                root.resolve("trace"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        traceTo(file);

        assertEquals("rw-r-----", mode(file));
        assertEquals(2, Files.readAllLines(file).size());
    }

    @Test
    void aPipeThatNobodyReadsHoldsUpNobody() throws Exception {
        Path pipe = root.resolve("pipe");
        Pipes.make(pipe);
        Path link = Files.createSymbolicLink(root.resolve("link"), pipe);
        for (Path each : List.of(pipe, link)) {
            complaints.clear();
            traceTo(each);
            assertComplaint("it is no file");
        }
    }

    @Test
    void aDirectoryAndALinkToNothingAreNotWrittenTo() throws IOException {
        traceTo(Files.createDirectory(root.resolve("directory")));
        assertComplaint("it is no file");
        complaints.clear();
        Path target = root.resolve("target");
        traceTo(Files.createSymbolicLink(root.resolve("link"), target));
        assertComplaint("it is a link to nothing");
        assertTrue(Files.notExists(target));
    }

    @Test
    void aLinkToAFileIsFollowed() throws IOException {
        Path file = Files.createFile(root.resolve("file"));
        traceTo(Files.createSymbolicLink(root.resolve("link"), file));

        assertEquals(2, Files.readAllLines(file).size());
    }

    /** Once, however many events follow. */
    private void assertComplaint(String why) {
        assertEquals(1, complaints.size(), complaints::toString);
        assertTrue(
                complaints.get(0).contains("PARLEY_TRACE") && complaints.get(0).contains(why), complaints::toString);
    }
}
