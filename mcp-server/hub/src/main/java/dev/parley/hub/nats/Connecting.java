package dev.parley.hub.nats;

import dev.parley.hub.Login;
import dev.parley.hub.Membership;
import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.mailbox.PlainText;
import dev.parley.trace.Why;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Makes a connection, and says what is wrong if there is none. */
final class Connecting {

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

    /** A hub that hangs is noticed by this, where nobody asks it anything. */
    private static final Duration PING = Duration.ofSeconds(5);

    private static final int PINGS_UNANSWERED = 2;

    private Connecting() {}

    /**
     * Connects once. A connection that is lost later is tried again by itself.
     *
     * @throws RoadException if there is none
     */
    static Wire connect(Membership membership, Map<String, String> environment, Duration limit) throws RoadException {
        Wire wire = new Wire(membership.address().url(), Names.answersTo(membership.host()), limit);
        Options.Builder options = new Options.Builder()
                .server(membership.address().url())
                // The address that was given, and none that somebody else names.
                .ignoreDiscoveredServers()
                // Otherwise the library looks the name up, of IPv4 only, and the certificate is compared with a number.
                .hostnameResolveMode(Options.HostnameResolveMode.HappyEyeballs)
                .connectionName("parley " + membership.host())
                .inboxPrefix(Names.answersTo(membership.host()))
                .connectionTimeout(limit)
                .maxReconnects(-1)
                .reconnectWait(BETWEEN_TRIES)
                // What is asked while there is no connection fails at once, and is not sent behind the asker's back.
                .reconnectBufferSize(0)
                .reportNoResponders()
                .pingInterval(PING)
                .maxPingsOut(PINGS_UNANSWERED)
                .errorListener(wire.listener())
                .connectionListener(wire::changed);
        logIn(options, membership.login(), environment);
        if (membership.needsTls()) {
            options.sslContext(HubCertificate.context(membership.authority()));
        }
        try {
            Connection connection = Nats.connect(options.build());
            if (!connection.getServerInfo().isHeadersSupported()) {
                connection.close();
                throw new RoadException(
                        Kind.ODD, "the nats-server at " + wire.place() + " is too old; Parley needs 2.9 or newer");
            }
            wire.use(connection);
            return wire;
        } catch (AuthenticationException e) {
            throw new RoadException(
                    Kind.REFUSED_LOGIN,
                    Refusals.message(wire.place(), wire.lastRefusal().orElse(Why.of(e))) + expiry(membership.login()),
                    e);
        } catch (IOException e) {
            throw unreachable(wire, membership, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RoadException(Kind.ODD, "interrupted while connecting to the hub", e);
        }
    }

    private static void logIn(Options.Builder options, Login login, Map<String, String> environment)
            throws RoadException {
        if (login instanceof Login.Credentials credentials) {
            options.authHandler(new Signing(credentials.file()));
        } else if (login instanceof Login.PasswordFile named) {
            options.userInfo(named.user().toCharArray(), Secrets.password(named.file()));
        } else if (login instanceof Login.PasswordVariable named) {
            options.userInfo(named.user().toCharArray(), Secrets.password(named.variable(), environment));
        }
    }

    /** The hub does not say of credentials that they have expired. */
    private static String expiry(Login login) throws RoadException {
        return login instanceof Login.Credentials credentials
                ? new Signing(credentials.file())
                        .expires()
                        .filter(end -> end.isBefore(Instant.now()))
                        .map(end -> "; those in " + credentials.file() + " have expired (" + end
                                + "): get new ones from whoever runs the hub")
                        .orElse("")
                : "";
    }

    private static RoadException unreachable(Wire wire, Membership membership, IOException cause) {
        Optional<Exception> trouble = wire.lastTrouble();
        Throwable reason = trouble.isPresent() ? trouble.get() : cause;
        SSLException tls = first(SSLException.class, reason);
        String said = PlainText.line(Why.of(reason));
        String message = "the hub " + wire.place() + " ";
        if (tls != null) {
            message += "has a certificate that is not accepted (" + PlainText.line(Why.of(tls))
                    + "); it has to name the host of the address, and a certificate in the file of --ca has to have signed it";
        } else if (said.contains("SSL connection wanted")) {
            message += membership.address().isLoopback()
                    ? "has no TLS, which its address demands; join it as nats://"
                    : "has no TLS, without which nothing is sent to another machine; turn it on there, see 'parley hub"
                            + " config', or join with --insecure if nobody else is on that network";
        } else if (said.contains("SSL required")) {
            message += "demands TLS; join it as tls://";
        } else {
            message += "does not answer" + (isLate(reason) ? " in time" : " (" + said + ")")
                    + "; check the address, and that nats-server runs there";
        }
        return new RoadException(Kind.UNREACHABLE, message, cause);
    }

    /** The library says of what came too late nothing but that. */
    private static boolean isLate(Throwable reason) {
        return reason instanceof TimeoutException
                || reason instanceof SocketTimeoutException
                || reason instanceof CancellationException;
    }

    private static <T extends Throwable> @Nullable T first(Class<T> type, @Nullable Throwable from) {
        for (Throwable at = from; at != null; at = at.getCause()) {
            if (type.isInstance(at)) {
                return type.cast(at);
            }
        }
        return null;
    }
}
