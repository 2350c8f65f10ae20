package dev.parley.wake.tmux;

import dev.parley.peer.Peer;
import java.util.Optional;

/**
 * What one client's screen looks like when a line may be typed into it.
 *
 * <p>A positive list: a screen is {@link Empty} or {@link Holding} only if every part of it that surrounds the composer is
 * one that is known, and {@link Unsafe} otherwise. The one thing that a screen's content cannot forge is where the cursor is, so
 * that it stands in the composer is a part of every recognition.
 */
sealed interface Composer permits ClaudeComposer, CodexComposer, GeminiComposer, OpenCodeComposer {

    /** What a screen was recognised as. */
    sealed interface Reading {}

    /** A composer that waits for input and has none. */
    record Empty() implements Reading {}

    /**
     * A composer that waits for input and has some.
     *
     * @param draft what stands in it, see {@link Composer#squeezed}
     */
    record Holding(String draft) implements Reading {}

    /**
     * The client is at work: a line submitted now would only be queued.
     *
     * @param draft what stands in its composer, see {@link Composer#squeezed}
     */
    record Working(String draft) implements Reading {}

    /**
     * An empty composer beside something that goes by itself within seconds, and hides what else might stand there.
     *
     * @param why what is there
     */
    record Settling(String why) implements Reading {}

    /**
     * Anything else.
     *
     * @param why what is missing, or what is there that should not
     */
    record Unsafe(String why) implements Reading {}

    /** The composer of a client of this type, see {@link Peer#client}; empty if its screen is not known. */
    static Optional<Composer> of(String client) {
        return switch (client) {
            case Peer.CLAUDE_CODE -> Optional.of(new ClaudeComposer());
            case Peer.CODEX -> Optional.of(new CodexComposer());
            case Peer.GEMINI_CLI -> Optional.of(new GeminiComposer());
            case Peer.OPENCODE -> Optional.of(new OpenCodeComposer());
            default -> Optional.empty();
        };
    }

    /** Recognises a screen. Never fails. */
    Reading read(Snapshot snapshot);

    /** Whether the part of the screen that shows what was said shows this text as something the user said. */
    boolean showsSubmitted(Snapshot snapshot, String text);

    /** A text without any white space: where a composer breaks a line, some of it is not shown. */
    static String squeezed(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().filter(c -> !Character.isWhitespace(c) && !Row.isSpace(c)).forEach(c -> out.append((char) c));
        return out.toString();
    }
}
