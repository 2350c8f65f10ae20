package dev.parley.testing;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The errors of {@code errno(3)} that the simulated kernel knows, and what {@code java.nio} makes of each. */
public enum Errno {
    ENOENT("No such file or directory"),
    EEXIST("File exists"),
    ENOTDIR("Not a directory"),
    EISDIR("Is a directory"),
    ENOTEMPTY("Directory not empty"),
    EINVAL("Invalid argument"),
    EBUSY("Device or resource busy"),
    ELOOP("Too many levels of symbolic links"),
    EACCES("Permission denied"),
    EPERM("Operation not permitted"),
    EIO("Input/output error"),
    EMFILE("Too many open files"),
    ENOSPC("No space left on device");

    private final String text;

    Errno(String text) {
        this.text = text;
    }

    FileSystemException exception(String path) {
        return switch (this) {
            case ENOENT -> new NoSuchFileException(path);
            case EEXIST -> new FileAlreadyExistsException(path);
            case EACCES -> new AccessDeniedException(path);
            default -> new FileSystemException(path, null, text);
        };
    }
}
