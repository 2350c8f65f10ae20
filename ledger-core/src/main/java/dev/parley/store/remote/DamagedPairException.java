package dev.parley.store.remote;

import dev.parley.trace.DamagedException;
import java.nio.file.Path;

/**
 * A file of a pair cannot be read. It is as it was found, and is not set aside: its number would stay open for ever.
 */
final class DamagedPairException extends DamagedException {

    private static final long serialVersionUID = 1L;

    DamagedPairException(Path file, String what) {
        super(
                file + " is damaged: " + what
                        + "; mail of the same two sessions waits behind it, all other mail goes on; 'parley check' says what to"
                        + " do",
                what);
    }
}
