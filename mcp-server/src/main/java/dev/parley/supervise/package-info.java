/**
 * Goes on with sessions whose client has ended: how, when, and how often. What depends on which client it is, is in {@code
 * dev.parley.client}.
 *
 * <p>{@code parley run} is an interactive client under supervision, see {@code docs/SUPERVISION.md}. A shell script starts the client in
 * the terminal; what is here stands beside it, in a process of its own. It knows the client's session, says what is to follow a
 * client that has ended, and ends a client whose shell has gone. It holds the name of its session meanwhile, so that nobody else
 * resumes it.
 *
 * <p>Known to the command alone: a server never loads it.
 */
@NullMarked
package dev.parley.supervise;

import org.jspecify.annotations.NullMarked;
