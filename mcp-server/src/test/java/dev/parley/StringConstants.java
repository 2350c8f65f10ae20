package dev.parley;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The string constants that a class file holds. A {@code static final String} of another class is copied into whoever reads
 * it, and so is the label of a {@code case}: no field access tells of them, but the constant pool does.
 */
final class StringConstants {

    private StringConstants() {}

    /** All of one class. */
    static Set<String> of(JavaClass type) {
        try (InputStream in = type.getSource().orElseThrow().getUri().toURL().openStream()) {
            return of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(type.getName(), e);
        }
    }

    /** As the Java Virtual Machine Specification has it, chapter 4.4. */
    private static Set<String> of(byte[] classFile) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        in.skipNBytes(8);
        int count = in.readUnsignedShort();
        Map<Integer, String> texts = new TreeMap<>();
        Set<Integer> strings = new TreeSet<>();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> texts.put(i, new String(in.readNBytes(in.readUnsignedShort()), UTF_8));
                case 8 -> strings.add(in.readUnsignedShort());
                case 7, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                case 5, 6 -> {
                    in.skipNBytes(8);
                    i++;
                }
                default -> throw new IOException("a constant of the unknown kind " + tag);
            }
        }
        Set<String> constants = new TreeSet<>();
        strings.forEach(index -> constants.add(String.valueOf(texts.get(index))));
        return constants;
    }
}
