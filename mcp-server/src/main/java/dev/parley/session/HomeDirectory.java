package dev.parley.session;

import dev.parley.trace.Why;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Where the environment says that the user, and the store, are at home. Both are absolute: a relative one would be another
 * place in every working directory. The hook has the same rules.
 */
public final class HomeDirectory {

    private HomeDirectory() {}

    /**
     * The user's: {@code HOME}, or what the password file says if that is not set or empty.
     *
     * @throws IOException if it is none; the message says what to set
     */
    public static Path ofUser(Map<String, String> environment) throws IOException {
        String set = environment.getOrDefault("HOME", "");
        if (set.isEmpty()) {
            // "?" is what the JDK says of a user without an entry in the password file.
            String known = System.getProperty("user.home", "?");
            if (!known.startsWith("/")) {
                throw new IOException(
                        "HOME is not set, and this user has no home directory; set HOME to an absolute path");
            }
            return path("HOME", known);
        }
        if (!set.startsWith("/")) {
            throw new IOException("HOME is '" + set + "', which is no absolute path; set HOME to one");
        }
        return path("HOME", set);
    }

    /**
     * The store's: {@code PARLEY_HOME}, in which {@code ~} stands for the user's, or {@code ~/.parley} if that is not set or
     * empty.
     *
     * @throws IOException if it is none; the message says what to set
     */
    public static Path ofStore(Map<String, String> environment) throws IOException {
        String variable = Setting.HOME.variable();
        String set = environment.getOrDefault(variable, "");
        String text = set.isEmpty() ? Setting.HOME.fallback() : set;
        if (text.equals("~") || text.startsWith("~/")) {
            Path user;
            try {
                user = ofUser(environment);
            } catch (IOException e) {
                throw new IOException(Why.of(e) + ", or " + variable + " to the store's directory", e);
            }
            return text.length() <= 2
                    ? user
                    : user.resolve(path(variable, text.substring(2).replaceFirst("^/+", "")));
        }
        if (!text.startsWith("/")) {
            throw new IOException(variable + " is '" + text
                    + "', which is no absolute path; set it to one, or unset it for a store in ~/.parley");
        }
        return path(variable, text);
    }

    private static Path path(String variable, String text) throws IOException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new IOException(variable + " is no path: " + Why.of(e), e);
        }
    }
}
