package dev.parley.session;

/** An address is not this session's to pin. Nothing changed. */
public final class ClaimRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String code;

    ClaimRefusedException(String code, String message) {
        super(message);
        this.code = code;
    }

    /** The stable code for programs. */
    public String code() {
        return code;
    }
}
