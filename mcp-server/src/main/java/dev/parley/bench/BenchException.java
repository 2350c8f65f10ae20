package dev.parley.bench;

/** A server could not be measured; the message says which, what it did not do, and what it said. */
public final class BenchException extends Exception {

    private static final long serialVersionUID = 1;

    BenchException(String message) {
        super(message);
    }
}
