/**
 * Reads the transcripts that the clients write of their own sessions.
 *
 * <p>Never imports {@code mcp}, {@code tools}, {@code wake}, {@code cli} or an engine ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.transcript;

import org.jspecify.annotations.NullMarked;
