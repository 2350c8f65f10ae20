package dev.parley.hub;

/** Something that came from another machine is no mail. The message says what is wrong, and quotes nothing of it. */
final class BadMailException extends Exception {

    private static final long serialVersionUID = 1L;

    BadMailException(String message) {
        super(message);
    }
}
