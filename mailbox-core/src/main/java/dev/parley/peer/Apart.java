package dev.parley.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.address.HostName;
import dev.parley.address.SessionId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The address of a session on a second machine: where a home directory is shared by two machines, or was copied, both have a session
 * that its client calls the same.
 */
public final class Apart {

    private static final String PREFIX = "apart-";
    private static final int BYTES = 8;

    private Apart() {}

    /**
     * Where a session lives on a machine on which it does not have its own id. Always the same, so that its mail and its name are there
     * after a restart.
     */
    public static SessionId address(HostName host, SessionId id) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest((host + "\n" + id + "\n").getBytes(UTF_8));
            return new SessionId(PREFIX + HexFormat.of().formatHex(digest, 0, BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
