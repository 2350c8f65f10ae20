package dev.parley.cockpit.web;

/** A request that is not done; nothing was changed. */
final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;

    /**
     * Says why.
     *
     * @param status of HTTP
     * @param code one word for programs
     * @param message what is wrong, and what to do
     */
    RefusedException(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    int status() {
        return status;
    }

    String code() {
        return code;
    }
}
