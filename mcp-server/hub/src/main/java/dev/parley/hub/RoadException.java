package dev.parley.hub;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Something did not work between this machine and the hub. The message says what is wrong and what to do. */
public final class RoadException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What is wrong. */
    public enum Kind {
        /** Nobody answers there, or not in time. Whether what was asked for was done is not known. */
        UNREACHABLE,
        /** The hub refuses user and password, or the credentials. */
        REFUSED_LOGIN,
        /** The hub, or the account, has no JetStream. */
        NO_JETSTREAM,
        /** The hub stores no more. */
        FULL,
        /** The hub's permissions forbid it to this machine. */
        NOT_ALLOWED,
        /** A key has another revision than was expected. */
        CONFLICT,
        /** Stream, bucket or consumer are missing. */
        MISSING,
        /** What was to be sent is larger than the hub takes. */
        TOO_LARGE,
        /** Anything else. */
        ODD
    }

    private final Kind kind;

    /** An error of a kind. */
    public RoadException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    /** The same, with what led to it. */
    public RoadException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** What is wrong. */
    public Kind kind() {
        return kind;
    }
}
