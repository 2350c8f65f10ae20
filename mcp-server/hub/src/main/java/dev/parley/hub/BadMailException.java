package dev.parley.hub;

/** Something that came from another machine is no mail. The message says what is wrong; it can be shown to anybody. */
final class BadMailException extends Exception {

    private static final long serialVersionUID = 1L;

    BadMailException(String message) {
        super(message);
    }
}
