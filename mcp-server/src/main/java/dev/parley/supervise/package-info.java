/**
 * `parley run`: an interactive client under supervision, see {@code docs/SUPERVISION.md}.
 *
 * <p>A shell script starts the client in the terminal; what is here stands beside it, in a process of its own. It knows the
 * client's session, says what is to follow a client that has ended, and ends a client whose shell has gone. It holds the name of
 * its session meanwhile, so that nobody else resumes it. What depends on a client is in {@code dev.parley.client}.
 */
@NullMarked
package dev.parley.supervise;

import org.jspecify.annotations.NullMarked;
