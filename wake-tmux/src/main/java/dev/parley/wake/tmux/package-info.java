/**
 * The tmux rung: wakes an idle peer by submitting one fixed line in its composer, only where that is proven safe.
 *
 * <p>The way goes from the client's process to its pane ({@link dev.parley.wake.tmux.PaneFinder}), from the pane to what
 * its screen shows ({@link dev.parley.wake.tmux.Composer}), and from there, if that is an empty composer and nothing
 * else, to the keys ({@link dev.parley.wake.tmux.Typist}). What is not recognised is not typed into.
 *
 * <p>Imports {@code address}, {@code process}, {@code lock} and {@code peer} of the domain, and {@code store.process}; never
 * anything that a peer wrote ({@code mailbox}, {@code ledger}), and nothing of MCP.
 */
@NullMarked
package dev.parley.wake.tmux;

import org.jspecify.annotations.NullMarked;
