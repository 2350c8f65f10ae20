/**
 * The server as a client starts it: put together from its plug-ins, with what it does when it has nothing else to do, and with
 * the class data archive that makes its next start fast.
 *
 * <p>Knows nothing of the command line, which takes time to load.
 */
@NullMarked
package dev.parley.serve;

import org.jspecify.annotations.NullMarked;
