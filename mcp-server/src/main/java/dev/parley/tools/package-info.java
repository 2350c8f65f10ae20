/**
 * The messaging tools, one class each, as a plug-in of the server library.
 *
 * <p>Never imports {@code cli}, {@code setup} or an engine ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.tools;

import org.jspecify.annotations.NullMarked;
