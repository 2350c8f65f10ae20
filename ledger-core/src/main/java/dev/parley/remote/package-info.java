/**
 * Mail between machines, as far as it needs no connection: what is on its way to another host, what has come from one, and
 * which project two machines mean.
 *
 * <p>Domain: never imports an engine ({@code dev.parley.store..}). The proof that nothing is lost or doubled is in
 * {@code docs/HUB.md}.
 */
@NullMarked
package dev.parley.remote;

import org.jspecify.annotations.NullMarked;
