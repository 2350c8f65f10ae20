package dev.parley.hub.nats;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.Optional;

/** How NATS writes Ed25519 keys: base 32, with what the key is for before it and a checksum behind it. */
final class Nkeys {

    static final int KEY_BYTES = 32;

    /** What is before a seed: two bytes. What is before a public key: one. Behind both: two. */
    private static final int SEED_PREFIX = 2;

    private static final int CHECKSUM = 2;
    private static final String BASE_32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Nkeys() {}

    /**
     * The 32 bytes of a seed; empty if its checksum is wrong.
     *
     * @param text 58 characters of base 32
     */
    static Optional<byte[]> seed(String text) {
        byte[] bytes = decoded(text);
        int end = SEED_PREFIX + KEY_BYTES;
        int checksum = (bytes[end] & 0xff) | (bytes[end + 1] & 0xff) << 8;
        return crc(bytes, end) == checksum
                ? Optional.of(Arrays.copyOfRange(bytes, SEED_PREFIX, end))
                : Optional.empty();
    }

    /**
     * A public key.
     *
     * @param kind what it is for: the first five bits are that letter
     */
    static String publicKey(char kind, byte[] key) {
        byte[] bytes = new byte[1 + KEY_BYTES + CHECKSUM];
        bytes[0] = (byte) (BASE_32.indexOf(kind) << 3);
        System.arraycopy(key, 0, bytes, 1, KEY_BYTES);
        int checksum = crc(bytes, 1 + KEY_BYTES);
        bytes[1 + KEY_BYTES] = (byte) checksum;
        bytes[2 + KEY_BYTES] = (byte) (checksum >> 8);
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
            if (bits >= 8) {
                bits -= 8;
                out[at] = (byte) (buffer >> bits);
                at++;
            }
        }
        return out;
    }

    /** Of a multiple of five bytes, so that no bits are left over. */
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
        return out.toString();
    }

    /** CRC-16 with the polynomial 0x1021, begun with 0. */
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
}
