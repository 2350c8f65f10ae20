package dev.parley.hub.nats;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** Whose certificate is accepted as the hub's: one that a trusted authority signed, and that names the host of the address. */
final class HubCertificate extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager authorities;

    private HubCertificate(X509ExtendedTrustManager authorities) {
        this.authorities = authorities;
    }

    /**
     * What TLS connections to the hub are made with.
     *
     * @param authority a file of certificates in PEM; empty for those that Java knows
     * @throws RoadException if that file is none
     */
    static SSLContext context(Optional<Path> authority) throws RoadException {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(authority.isPresent() ? store(authority.get()) : null);
            X509ExtendedTrustManager authorities = Stream.of(factory.getTrustManagers())
                    .filter(X509ExtendedTrustManager.class::isInstance)
                    .map(X509ExtendedTrustManager.class::cast)
                    .findFirst()
                    .orElseThrow(() -> new GeneralSecurityException("this Java checks no certificates"));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new HubCertificate(authorities)}, null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new RoadException(
                    Kind.UNREACHABLE,
                    authority
                            .map(file -> "the certificates in " + file + " cannot be used: " + e
                                    + "; --ca takes a file of certificates in PEM")
                            .orElse("this Java cannot make a TLS connection: " + e),
                    e);
        }
    }

    private static @Nullable KeyStore store(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                number++;
                store.setCertificateEntry("authority-" + number, certificate);
            }
            if (number == 0) {
                throw new CertificateException("it holds none");
            }
        }
        return store;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        if (!(socket instanceof SSLSocket hub)) {
            throw new CertificateException("whose certificate it is cannot be told");
        }
        // The client library makes its sockets without this: any certificate of a trusted authority would do.
        SSLParameters parameters = hub.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        hub.setSSLParameters(parameters);
        authorities.checkServerTrusted(chain, kind, hub);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        throw new CertificateException("whose certificate it is cannot be told");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        throw new CertificateException("whose certificate it is cannot be told");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
        throw new CertificateException("this is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return authorities.getAcceptedIssuers();
    }
}
