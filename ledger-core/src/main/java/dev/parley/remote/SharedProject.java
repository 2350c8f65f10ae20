package dev.parley.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which project it is, as several machines know it: {@code <host>/<path>} of the repository it was cloned from, or the name
 * that its users gave it. Holds no user and no password.
 *
 * @param identity what all clones have in common
 */
public record SharedProject(String identity) {

    /** What a repository's settings tell. */
    public sealed interface Told permits Known, Unknown {}

    /** It is known. */
    public record Known(SharedProject project) implements Told {}

    /**
     * It stays on its machine.
     *
     * @param reason why, and what to do; quotes nothing of the settings, which may hold a password
     */
    public record Unknown(String reason) implements Told {}

    /** The setting that goes before the origin, as {@code git config} knows it. */
    public static final String SETTING = "parley.project";

    private static final String ADVICE = "; give it a name with 'git config " + SETTING + " NAME'";

    private static final int MAX_CHARACTERS = 500;
    private static final int DIGEST_BYTES = 10;

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,199}");
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*)://(.*)");
    private static final Pattern REMOTE_SCHEME = Pattern.compile("(?i)https?|ssh|git|git\\+ssh|ssh\\+git|ftps?");

    /** Without the user: host, and port if any. */
    private static final Pattern AUTHORITY = Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(:\\d*)?");

    /** As ssh's scp writes it. One letter before the colon is a drive of Windows. */
    private static final Pattern SCP =
            Pattern.compile("(?:[^/@:]+@)?(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]{2,}):([^:].*)");

    /** Printable, without space, backslash, and what could begin a query or end a user's part. */
    private static final Pattern PATH = Pattern.compile("[!-~&&[^\\\\@?#]]+");

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if it is empty, or too long
     */
    public SharedProject {
        if (identity.isEmpty() || identity.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException("a project's identity has 1 to " + MAX_CHARACTERS + " characters");
        }
    }

    /**
     * The project of a repository.
     *
     * @param name the setting {@value #SETTING}; it may hold an address, too
     * @param origin the address of the remote {@code origin}
     */
    public static Told of(Optional<String> name, Optional<String> origin) {
        if (name.isPresent()) {
            return ofName(name.get().strip());
        }
        return origin.map(address -> ofAddress(address.strip(), "its origin"))
                .orElse(new Unknown("it has no remote 'origin'" + ADVICE));
    }

    private static Told ofName(String name) {
        if (NAME.matcher(name).matches()) {
            return new Known(new SharedProject(trimmed(name)));
        }
        return ofAddress(name, "what 'git config " + SETTING + "' tells");
    }

    private static Told ofAddress(String address, String what) {
        if (address.length() > MAX_CHARACTERS) {
            return new Unknown(what + " is longer than " + MAX_CHARACTERS + " characters" + ADVICE);
        }
        Matcher url = SCHEME.matcher(address);
        if (url.matches()) {
            if (url.group(1).equalsIgnoreCase("file")) {
                return local(what);
            }
            return REMOTE_SCHEME.matcher(url.group(1)).matches() ? ofUrl(url.group(2), what) : odd(what);
        }
        if (address.contains("::")) {
            // A transport of git's own, such as ext::, says nothing of where it leads. An address in brackets does.
            if (!address.contains("[")) {
                return odd(what);
            }
        }
        Matcher scp = SCP.matcher(address);
        return scp.matches() ? joined(scp.group(1), scp.group(2), what) : local(what);
    }

    private static Told ofUrl(String rest, String what) {
        // What is behind these is no part of the path, and may be a token.
        String address = rest.split("[?#]", 2)[0];
        int slash = address.indexOf('/');
        if (slash < 0) {
            return odd(what);
        }
        String authority = address.substring(0, slash);
        Matcher matcher = AUTHORITY.matcher(authority.substring(authority.lastIndexOf('@') + 1));
        // A password that holds a slash ends up in the path, together with the '@': such a path is refused.
        return matcher.matches() ? joined(matcher.group(1), address.substring(slash), what) : odd(what);
    }

    private static Told joined(String host, String path, String what) {
        String name = host.toLowerCase(Locale.ROOT);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String clean = trimmed(path);
        if (name.isEmpty() || clean.isEmpty() || !PATH.matcher(clean).matches()) {
            return odd(what);
        }
        return new Known(new SharedProject(name + "/" + clean));
    }

    /** Without slashes at the ends, empty steps, and {@code .git}. */
    private static String trimmed(String path) {
        String clean = path.replaceAll("/{2,}", "/").replaceAll("^/|/$", "");
        clean = clean.endsWith(".git") ? clean.substring(0, clean.length() - ".git".length()) : clean;
        return clean.replaceAll("/$", "");
    }

    private static Told local(String what) {
        return new Unknown(what + " is a place on this machine, which says nothing to another" + ADVICE);
    }

    private static Told odd(String what) {
        return new Unknown(what + " is no address whose host and path can be told" + ADVICE);
    }

    /** What stands for it in a subject: 20 hexadecimal digits. */
    public String token() {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
