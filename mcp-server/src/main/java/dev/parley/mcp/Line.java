package dev.parley.mcp;

import java.util.Optional;

/** What {@link LineReader} found next. */
sealed interface Line {
    /**
     * A line, without its end.
     *
     * @param start how many bytes came before its first one
     */
    record Text(String text, long start) implements Line {}

    /**
     * A line over the limit; it was skipped up to its end.
     *
     * @param id that of the request it was, if it was one: a {@code String} or a {@code Long}
     */
    record TooLong(int limit, Optional<Object> id) implements Line {}

    /** A line whose bytes are not UTF-8. */
    record NotUtf8() implements Line {}

    /** Nothing more will come. */
    record End() implements Line {}
}
