package dev.parley.hub.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Map;
import java.util.Set;

/** Reads secrets from where the hub file says that they are. */
final class Secrets {

    private static final int MAX_BYTES = 16 * 1024;
    private static final Set<PosixFilePermission> OTHERS = Set.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private Secrets() {}

    /** The first line of a file. */
    static char[] password(Path file) throws RoadException {
        String line = text(file).split("\r?\n", 2)[0];
        if (line.isEmpty()) {
            throw new RoadException(
                    Kind.REFUSED_LOGIN, "the password file " + file + " has no first line; write the password there");
        }
        return line.toCharArray();
    }

    /** What a variable holds. */
    static char[] password(String variable, Map<String, String> environment) throws RoadException {
        String value = environment.getOrDefault(variable, "");
        if (value.isEmpty()) {
            throw new RoadException(
                    Kind.REFUSED_LOGIN,
                    "the hub's password is to be in the environment variable " + variable
                            + ", which is not set here; set it for the client that starts Parley, or join with"
                            + " --password-file");
        }
        return value.toCharArray();
    }

    /** A file that nobody else may read. */
    static String text(Path file) throws RoadException {
        try (InputStream in = Files.newInputStream(file)) {
            if (!Files.isRegularFile(file)) {
                throw new RoadException(Kind.REFUSED_LOGIN, file + " is no file; name the one with the hub's secret");
            }
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new RoadException(
                        Kind.REFUSED_LOGIN,
                        "others may read " + file + ", which holds a secret; run: chmod 600 '" + file + "'");
            }
            byte[] content = in.readNBytes(MAX_BYTES + 1);
            if (content.length > MAX_BYTES) {
                throw new RoadException(Kind.REFUSED_LOGIN, file + " is too long to be a secret of the hub's");
            }
            return new String(content, UTF_8);
        } catch (RoadException e) {
            throw e;
        } catch (IOException e) {
            throw new RoadException(
                    Kind.REFUSED_LOGIN, "the file " + file + " with the hub's secret cannot be read: " + e, e);
        }
    }
}
