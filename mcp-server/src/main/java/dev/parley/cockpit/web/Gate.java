package dev.parley.cockpit.web;

import com.sun.net.httpserver.Headers;
import java.util.List;
import java.util.Optional;

/**
 * Who is let in. A web page of somebody else must get nothing from this server, whatever it makes the browser do: a name of its
 * own that points to 127.0.0.1 stands in {@code Host}, its own address in {@code Origin}, and it does not know the token. Another
 * user of this machine does not know the token, either.
 */
final class Gate {

    private static final String BEARER = "Bearer ";

    private final Token token;
    private final String authority;

    /** For the server at this port of 127.0.0.1. */
    Gate(Token token, int port) {
        this.token = token;
        this.authority = "127.0.0.1:" + port;
    }

    /**
     * Checks what every request has to have: it was meant for this server, and no page of another has sent it.
     *
     * @throws RefusedException if it may not come in
     */
    void checkPlace(Headers headers) throws RefusedException {
        if (!only(headers, "Host").filter(authority::equals).isPresent()) {
            throw new RefusedException(
                    403,
                    "wrong-host",
                    "this server is asked for under one name only: open http://" + authority
                            + "/ with the address that 'parley web' printed");
        }
        if (headers.containsKey("Origin")
                && !only(headers, "Origin")
                        .filter(("http://" + authority)::equals)
                        .isPresent()) {
            throw new RefusedException(
                    403,
                    "foreign-origin",
                    "a page of another site may ask for nothing here; open the page of 'parley web'");
        }
    }

    /**
     * Checks what a request for data has to have besides.
     *
     * @throws RefusedException if it may not have them
     */
    void checkToken(Headers headers) throws RefusedException {
        if (headers.containsKey("Sec-Fetch-Site")
                && !only(headers, "Sec-Fetch-Site")
                        .filter("same-origin"::equals)
                        .isPresent()) {
            throw new RefusedException(
                    403,
                    "foreign-origin",
                    "a page of another site may ask for nothing here; open the page of 'parley web'");
        }
        Optional<String> authorization = only(headers, "Authorization");
        if (authorization.isEmpty()) {
            throw new RefusedException(
                    401,
                    "no-token",
                    "this needs the token: open the whole address that 'parley web' printed, with what follows the #");
        }
        if (!authorization.get().startsWith(BEARER)
                || !token.is(authorization.get().substring(BEARER.length()))) {
            throw new RefusedException(
                    401,
                    "wrong-token",
                    "this token is not that of the running 'parley web': each start has its own; open the address that it"
                            + " printed");
        }
    }

    /** The header's value, if it is there exactly once. */
    private static Optional<String> only(Headers headers, String name) {
        List<String> values = headers.getOrDefault(name, List.of());
        return values.size() == 1 ? Optional.of(values.get(0)) : Optional.empty();
    }
}
