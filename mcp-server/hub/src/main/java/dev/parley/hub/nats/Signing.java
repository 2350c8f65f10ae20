package dev.parley.hub.nats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.parley.hub.RoadException;
import dev.parley.hub.RoadException.Kind;
import io.nats.client.AuthHandler;
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
import java.util.Arrays;
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

    /** The first five bits of a user's public key: the letter U. */
    private static final int USER = 20 << 3;

    private static final int SEED_BYTES = 32;
    private static final int ENCODED = 2 + SEED_BYTES + 2;
    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

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
            byte[] secret = seed(seed.group()).orElseThrow(() -> none(file, "its seed has a wrong checksum", null));
            this.key = KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, secret));
            this.id = id(publicKey(secret)).toCharArray();
        } catch (GeneralSecurityException e) {
            throw none(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static RoadException none(Path file, String why, @Nullable Exception cause) {
        return new RoadException(
                Kind.REFUSED_LOGIN, file + " is no credentials file: " + why + "; nsc writes one with 'nsc generate creds'", cause);
    }

    /** The 32 bytes of a seed; empty if its checksum is wrong. */
    private static Optional<byte[]> seed(String text) {
        byte[] bytes = decoded(text);
        int checksum = (bytes[ENCODED - 2] & 0xff) | (bytes[ENCODED - 1] & 0xff) << 8;
        return crc(bytes, ENCODED - 2) == checksum
                ? Optional.of(Arrays.copyOfRange(bytes, 2, 2 + SEED_BYTES))
                : Optional.empty();
    }

    /** The JDK makes a public key of a private one only where it makes both, from what it takes for random. */
    private static byte[] publicKey(byte[] secret) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
        generator.initialize(NamedParameterSpec.ED25519, new Fixed(secret));
        EdECPublicKey made = (EdECPublicKey) generator.generateKeyPair().getPublic();
        byte[] littleEndian = new byte[SEED_BYTES];
        byte[] y = made.getPoint().getY().toByteArray();
        for (int i = 0; i < y.length && i < SEED_BYTES; i++) {
            littleEndian[i] = y[y.length - 1 - i];
        }
        if (made.getPoint().isXOdd()) {
            littleEndian[SEED_BYTES - 1] |= (byte) 0x80;
        }
        return littleEndian;
    }

    /** A user's public key as NATS writes it. */
    private static String id(byte[] publicKey) {
        byte[] bytes = new byte[1 + SEED_BYTES + 2];
        bytes[0] = (byte) USER;
        System.arraycopy(publicKey, 0, bytes, 1, SEED_BYTES);
        int checksum = crc(bytes, 1 + SEED_BYTES);
        bytes[1 + SEED_BYTES] = (byte) checksum;
        bytes[2 + SEED_BYTES] = (byte) (checksum >> 8);
        return encoded(bytes);
    }

    private static byte[] decoded(String text) {
        byte[] out = new byte[text.length() * 5 / 8];
        int buffer = 0;
        int bits = 0;
        int at = 0;
        for (byte letter : text.getBytes(US_ASCII)) {
            buffer = (buffer << 5 | BASE_32.indexOf(letter)) & 0xffff;
            bits += 5;
            if (bits >= 8 && at < out.length) {
                bits -= 8;
                out[at] = (byte) (buffer >> bits);
                at++;
            }
        }
        return out;
    }

    private static String encoded(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        int buffer = 0;
        int bits = 0;
        for (byte each : bytes) {
            buffer = (buffer << 8 | (each & 0xff)) & 0xffff;
            bits += 8;
            while (bits >= 5) {
                bits -= 5;
                out.append(BASE_32.charAt(buffer >> bits & 31));
            }
        }
        if (bits > 0) {
            out.append(BASE_32.charAt(buffer << (5 - bits) & 31));
        }
        return out.toString();
    }

    /** CRC-16 with the polynomial 0x1021, begun with 0, as nkeys have it. */
    private static int crc(byte[] bytes, int length) {
        int crc = 0;
        for (int i = 0; i < length; i++) {
            crc ^= (bytes[i] & 0xff) << 8;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1;
            }
            crc &= 0xffff;
        }
        return crc;
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
