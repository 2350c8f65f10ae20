package dev.parley.mcp;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * The input of a call that nobody makes, checked once: what it takes to check a record for the first time is loaded then, while
 * the client is still busy with the handshake and the SDK is loading on the other core.
 */
final class Rehearsal {
    /** One of each of the constraints that tools mostly have. */
    private record Part(
            @NotBlank @Size(max = 1) @Utf8Size(max = 1) @Pattern(regexp = "[a-z]")
            String text) {}

    private Rehearsal() {}

    /** Plays it. Nothing comes of it but what is loaded. */
    static void run() {
        var unused = Constraints.problems(new Part("12"));
    }
}
