package dev.parley.ledger;

import java.nio.file.Path;

/**
 * One thing in a store that is not as it should be.
 *
 * @param severity how bad it is
 * @param file where
 * @param what is wrong
 * @param remedy what to do about it
 */
public record Finding(Severity severity, Path file, String what, String remedy) {

    /** How bad a finding is. */
    public enum Severity {
        /** Something cannot be read, delivered or looked up as it is. */
        ERROR,
        /** Nothing is lost, but it is not as it should be, or waits for something to happen. */
        WARNING,
        /** A left-over that {@code parley gc} removes when it is old enough. */
        LITTER
    }
}
