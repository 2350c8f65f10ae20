package dev.parley.hub.nats;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import dev.parley.trace.Why;
import io.nats.client.AuthHandler;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.EdECPublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Logs in by signing what the hub asks to be signed, with an nkey: an Ed25519 key in the NATS project's own base-32 form. With a
 * credentials file the hub is also shown the user's token (JWT) in it. Immutable.
 */
final class Signing implements AuthHandler {

    private static final Pattern TOKEN =
            Pattern.compile("-----BEGIN NATS USER JWT-----\\s+(\\S+)\\s+-{3,}END NATS USER JWT-{3,}");
    private static final Pattern SEED = Pattern.compile("(?m)^SU[A-Z2-7]{56}$");

    private final PrivateKey key;
    private final char[] id;
    private final char @Nullable [] token;

    /**
     * Reads a credentials file, or one that holds a user's seed alone.
     *
     * @throws RoadException if it is neither
     */
    Signing(Path file) throws RoadException {
        String text = Secrets.text(file);
        Matcher token = TOKEN.matcher(text);
        Matcher seed = SEED.matcher(text);
        if (!seed.find()) {
            throw none(file, "it holds no seed of a user", null);
        }
        this.token = token.find() ? token.group(1).toCharArray() : null;
        try {
            byte[] secret =
                    Nkeys.seed(seed.group()).orElseThrow(() -> none(file, "its seed has a wrong checksum", null));
            this.key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret));
            this.id = Nkeys.publicKey('U', publicKey(secret)).toCharArray();
        } catch (GeneralSecurityException e) {
            throw none(file, Why.of(e), e);
        }
    }

    private static RoadException none(Path file, String why, @Nullable Exception cause) {
        return new RoadException(
                Kind.REFUSED_LOGIN,
                file + " is no credentials file: " + why + "; nsc writes one with 'nsc generate creds'",
                cause);
    }

    /** The JDK makes a public key of a private one only where it makes both, from what it takes for random. */
    private static byte[] publicKey(byte[] secret) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Fixed(secret));
        return bytes((EdECPublicKey) generator.generateKeyPair().getPublic());
    }

    /** A public key as RFC 8032 writes it. */
    static byte[] bytes(EdECPublicKey key) {
        byte[] littleEndian = new byte[Nkeys.KEY_BYTES];
        byte[] y = key.getPoint().getY().toByteArray();
        for (int i = 0; i < y.length && i < Nkeys.KEY_BYTES; i++) {
            littleEndian[i] = y[y.length - 1 - i];
        }
        if (key.getPoint().isXOdd()) {
            littleEndian[Nkeys.KEY_BYTES - 1] |= (byte) 0x80;
        }
        return littleEndian;
    }

    /** When the token ends, as it says itself; empty if it says nothing, or there is none. */
    Optional<Instant> expires() {
        if (token == null) {
            return Optional.empty();
        }
        String[] parts = new String(token).split("\\.", -1);
        try {
            JsonValue claims = JsonParser.parse(Base64.getUrlDecoder().decode(parts.length > 1 ? parts[1] : ""));
            JsonValue end = claims.map == null ? null : claims.map.get("exp");
            return end == null || end.number == null
                    ? Optional.empty()
                    : Optional.of(Instant.ofEpochSecond(end.number.longValue()));
        } catch (JsonParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public byte[] sign(byte[] nonce) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(nonce);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot sign with Ed25519", e);
        }
    }

    @Override
    public char[] getID() {
        return id.clone();
    }

    @Override
    public char @Nullable [] getJWT() {
        return token == null ? null : token.clone();
    }

    /** Gives out these bytes, once. */
    private static final class Fixed extends SecureRandom {

        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial") // never written
        private final byte[] bytes;

        Fixed(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] out) {
            System.arraycopy(bytes, 0, out, 0, out.length);
        }
    }
}
