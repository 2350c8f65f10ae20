package dev.parley.store;

import dev.parley.trace.UnavailableException;
import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;

/** Decides whether a directory may be used as the store: the user's own, and writable by nobody else. */
final class HomeCheck {

    private static final Path SELF = Path.of("/proc/self");
    private static final Set<PosixFilePermission> OWNER_ALL = PosixFilePermissions.fromString("rwx------");

    private HomeCheck() {}

    /** The real path of the home, made with mode 0700 (its missing parents too) if it is absent. */
    static Path openedHome(Path home, Disk disk) throws IOException {
        Path real;
        try {
            real = home.toRealPath();
        } catch (NoSuchFileException e) {
            real = make(home, disk);
        } catch (IOException e) {
            throw new UnavailableException(
                    "the store " + home + " cannot be reached: " + Why.of(e) + "; check its permissions", e);
        }
        check(home, real);
        return real;
    }

    /** The real path of a home that exists, checked. */
    static Path existingHome(Path home) throws IOException {
        Path real = home.toRealPath();
        check(home, real);
        return real;
    }

    private static Path make(Path home, Disk disk) throws IOException {
        if (Files.isSymbolicLink(home)) {
            throw new UnavailableException(home + " is a symbolic link to nothing; remove it or make its target");
        }
        try {
            Path absolute = home.toAbsolutePath();
            makeWithParents(absolute, disk);
            return absolute.toRealPath();
        } catch (IOException e) {
            throw new UnavailableException(
                    "the store " + home + " cannot be made: " + reason(e) + "; set PARLEY_HOME to a directory you own",
                    e);
        }
    }

    /** Each new name is forced, or the whole store could be gone after a power cut. */
    private static void makeWithParents(Path directory, Disk disk) throws IOException {
        Path parent = directory.getParent();
        if (parent == null) {
            return;
        }
        if (Files.notExists(parent)) {
            makeWithParents(parent, disk);
        }
        try {
            disk.makeDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            // Another session of this user started at the same moment; the directory is checked like any other.
        }
        disk.forceDirectory(parent.toRealPath());
    }

    private static void check(Path home, Path real) throws IOException {
        PosixFileAttributes attributes = Files.readAttributes(real, PosixFileAttributes.class);
        if (!attributes.isDirectory()) {
            throw new UnavailableException(home + " is not a directory; set PARLEY_HOME to a directory of its own");
        }
        UserPrincipal us = us();
        if (!attributes.owner().equals(us)) {
            throw new UnavailableException(home + (real.equals(home) ? "" : " (really " + real + ")") + " belongs to "
                    + attributes.owner().getName() + ", not to " + us.getName()
                    + "; set PARLEY_HOME to a directory of your own");
        }
        Set<PosixFilePermission> permissions = attributes.permissions();
        if (permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new UnavailableException(real + " can be written by others; run: chmod go-w '" + real + "'");
        }
        if (!permissions.containsAll(OWNER_ALL)) {
            throw new UnavailableException(
                    real + " cannot be read and written by this user; run: chmod u+rwx '" + real + "'");
        }
        if (!Files.isWritable(real)) {
            throw new UnavailableException(
                    real + " is on a file system that is mounted read-only; set PARLEY_HOME to another place");
        }
    }

    /**
     * The user that runs this. The JDK tells no user id; the owner of this process's entry in /proc is it, where there is one.
     */
    private static UserPrincipal us() throws IOException {
        if (Files.exists(SELF)) {
            return Files.getOwner(SELF);
        }
        return FileSystems.getDefault()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(System.getProperty("user.name"));
    }

    private static String reason(IOException e) {
        return e instanceof AccessDeniedException denied ? "permission denied: " + denied.getFile() : e.toString();
    }
}
