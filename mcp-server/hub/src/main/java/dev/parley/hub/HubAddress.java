package dev.parley.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where the hub is.
 *
 * @param url {@code nats://host:port} or {@code tls://host:port}; holds no user and no password
 */
public record HubAddress(String url) {

    private static final int DEFAULT_PORT = 4222;
    private static final int MAX_CHARACTERS = 300;
    private static final Set<String> SCHEMES = Set.of("nats", "tls");
    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|\\[::1]");
    private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+]");

    /**
     * Checks it.
     *
     * @throws IllegalArgumentException if it is none; the message quotes nothing of it, since it may hold a password
     */
    public HubAddress {
        if (!url.equals(of(url))) {
            throw new IllegalArgumentException("the address of a hub is nats://HOST:PORT or tls://HOST:PORT");
        }
    }

    /**
     * What a person wrote: the scheme and the port may be missing, and the host be in capitals.
     *
     * @throws IllegalArgumentException if it is none; the message quotes nothing of it, since it may hold a password
     */
    public static HubAddress parse(String text) {
        return new HubAddress(of(text));
    }

    private static String of(String text) {
        require(text.length() <= MAX_CHARACTERS, "it is longer than " + MAX_CHARACTERS + " characters");
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "nats://" + text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("the address of a hub is nats://HOST:PORT or tls://HOST:PORT", e);
        }
        require(
                uri.getRawUserInfo() == null && !text.contains("@"),
                "it holds a user or a password: name the user with --user, and where the password is with"
                        + " --password-file or --password-env");
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        require(SCHEMES.contains(scheme), "its scheme is neither nats nor tls");
        String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
        require(HOST.matcher(host).matches(), "its host cannot be told");
        require(uri.getPort() != 0 && uri.getPort() <= 65_535, "its port is none");
        require(
                uri.getRawQuery() == null
                        && uri.getRawFragment() == null
                        && (uri.getRawPath() == null
                                || uri.getRawPath().isEmpty()
                                || uri.getRawPath().equals("/")),
                "there is something behind the port");
        return scheme + "://" + host + ":" + (uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort());
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "the address of a hub is nats://HOST:PORT or tls://HOST:PORT, and of what was given " + otherwise);
        }
    }

    /** Whether it is on this machine, so that nobody else can listen to what is sent there. */
    public boolean isLoopback() {
        return LOOPBACK.matcher(URI.create(url).getHost()).matches();
    }

    /** Whether it demands TLS by itself. */
    public boolean isTls() {
        return url.startsWith("tls:");
    }

    @Override
    public String toString() {
        return url;
    }
}
