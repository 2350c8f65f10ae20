package dev.parley.hub;

import dev.parley.trace.DamagedException;
import java.nio.file.Path;

/** The file {@code hub} is not as it has to be. Mail on this machine is not affected. */
public final class DamagedHubFileException extends DamagedException {

    private static final long serialVersionUID = 1L;

    DamagedHubFileException(Path file, String what) {
        super(
                file + " cannot be used: " + what
                        + ". Correct it, or remove it and run 'parley hub join' again; mail on this"
                        + " machine is not affected",
                what);
    }
}
