/**
 * What an onlooker sees of a project: who is there, what they do, how much mail they have, how they can be reached, and who
 * waits for whom. Tools, commands and views show it, each in its own order and within its own limits.
 *
 * <p>Looking changes nothing in a post office and takes none of its locks. Knows the domain and, of {@code wake}, what tells how a
 * session can be reached; never imports tools, commands or the protocol.
 */
@NullMarked
package dev.parley.overview;

import org.jspecify.annotations.NullMarked;
