package dev.parley.wake.tmux;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;

/**
 * Whether a socket belongs to the user that runs this. A tmux client does what its server tells it, up to running a command, so it
 * must not be pointed at anybody else's.
 */
final class SocketOwnership {

    private static final Path SELF = Path.of("/proc/self");
    private static final int ROOT = 0;

    private SocketOwnership() {}

    /** Whether the socket is this user's, in a directory in which nobody but this user and root can put another in its place. */
    static boolean isOurs(Path socket) {
        Path parent = socket.getParent();
        if (!socket.isAbsolute() || parent == null) {
            return false;
        }
        try {
            UserPrincipal us = us();
            return Files.getOwner(socket, NOFOLLOW_LINKS).equals(us)
                    && !Files.isSymbolicLink(socket)
                    && (Files.getOwner(parent).equals(us) || owner(parent) == ROOT);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The directory in which tmux keeps the sockets of this user, see tmux(1), {@code -L}. */
    static Path defaultDirectory() throws IOException {
        String temporary = System.getenv("TMUX_TMPDIR");
        Path own = Files.exists(SELF) ? SELF : Path.of(System.getProperty("user.home"));
        return Path.of(temporary == null || temporary.isEmpty() ? "/tmp" : temporary)
                .toRealPath()
                .resolve("tmux-" + owner(own));
    }

    private static int owner(Path file) throws IOException {
        return (int) Files.getAttribute(file, "unix:uid");
    }

    /** The JDK tells no user id; the owner of this process's entry in /proc is it, where there is one. */
    private static UserPrincipal us() throws IOException {
        if (Files.exists(SELF)) {
            return Files.getOwner(SELF);
        }
        return FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(System.getProperty("user.name"));
    }
}
