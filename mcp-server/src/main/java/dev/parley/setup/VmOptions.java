package dev.parley.setup;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** The options that make a small, quick server of a VM, as the resource {@code vm.options} lists and explains them. */
public final class VmOptions {

    private static final String RESOURCE = "/META-INF/parley/vm.options";

    private VmOptions() {}

    /** All of them, in order. A server that starts does not read them: whoever starts another VM does. */
    public static List<String> ofServer() {
        try (InputStream in = VmOptions.class.getResourceAsStream(RESOURCE)) {
            return new String(Objects.requireNonNull(in, RESOURCE).readAllBytes(), UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("-"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
