package dev.parley.store.upkeep;

import dev.parley.office.Finding;
import dev.parley.office.Finding.Severity;
import java.nio.file.Path;

/**
 * A {@link Finding} about a file.
 *
 * @param severity how bad it is
 * @param file where
 * @param what is wrong
 * @param remedy what to do about it
 */
public record FileFinding(Severity severity, Path file, String what, String remedy) {

    /** For a person; a left-over of a dead process's lock is told apart. */
    Finding told(Path locks) {
        return new Finding(severity, file.toString(), what, remedy, file.startsWith(locks));
    }
}
