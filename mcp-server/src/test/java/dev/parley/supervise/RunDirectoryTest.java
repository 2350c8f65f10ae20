package dev.parley.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files between the shell and its supervisor. */
class RunDirectoryTest {

    private Path path;
    private RunDirectory directory;

    @BeforeEach
    void make(@TempDir Path root) throws IOException {
        path = Files.createDirectory(root.resolve("run"));
        directory = new RunDirectory(path);
    }

    @Test
    void whatIsNotThereIsToldFromWhatCannotBeRead() throws IOException {
        assertEquals(OptionalLong.empty(), directory.client(1));
        assertEquals(OptionalLong.empty(), directory.ended(1));
        Files.writeString(path.resolve("client.1"), "4711\n");
        Files.writeString(path.resolve("ended.1"), "137\n");
        assertEquals(OptionalLong.of(4711), directory.client(1));
        assertEquals(OptionalLong.of(137), directory.ended(1));
        assertEquals(OptionalLong.empty(), directory.client(2));
        Files.writeString(path.resolve("client.2"), "no number");
        assertThrows(IOException.class, () -> directory.client(2));
        Files.createDirectory(path.resolve("ended.2"));
        assertThrows(IOException.class, () -> directory.ended(2));
    }

    @Test
    void anAnswerHasItsNameOnlyWhenItIsComplete() throws IOException {
        directory.answer(3, new Answer.End("", 0));
        directory.next(3, new Answer.Park("x"));
        directory.start(new Answer.Start(List.of("claude")));

        assertEquals("word=end\ntext=''\ncode=0\n", Files.readString(path.resolve("answer.3")));
        assertEquals("word=park\ntext='x'\n", Files.readString(path.resolve("next.3")));
        assertEquals("word=start\ntext=\nset -- 'claude'\n", Files.readString(path.resolve("start")));
        try (var files = Files.list(path)) {
            assertEquals(3, files.count());
        }
    }

    @Test
    void isRemovedOnceOnly() throws IOException {
        directory.start(new Answer.Start(List.of("claude")));
        assertTrue(directory.exists());

        directory.remove();
        directory.remove();

        assertFalse(directory.exists());
        assertFalse(Files.exists(path));
    }
}
