package dev.parley.mcp;

/** What {@link LineReader} found next. */
sealed interface Line {
    /**
     * A line, without its end.
     *
     * @param start how many bytes came before its first one
     */
    record Text(String text, long start) implements Line {}

    /** A line over the limit; it was skipped up to its end. */
    record TooLong(int limit) implements Line {}

    /** A line whose bytes are not UTF-8. */
    record NotUtf8() implements Line {}

    /** Nothing more will come. */
    record End() implements Line {}
}
