/**
 * Waking: whether to wake a receiver, how, and what came of it.
 *
 * <p>Never imports {@code mcp}, {@code tools}, {@code cli} or an engine ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.wake;

import org.jspecify.annotations.NullMarked;
