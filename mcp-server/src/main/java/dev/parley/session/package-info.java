/**
 * Who this session is, the settings, and the post office that the environment names.
 *
 * <p>Never imports {@code mcp}, {@code tools}, {@code wake} or {@code cli}. One class, {@link dev.parley.session.PostOffices},
 * knows how an engine is found.
 */
@NullMarked
package dev.parley.session;

import org.jspecify.annotations.NullMarked;
