/** Who am I: the settings, the store and the identity of the session that this server belongs to. */
@NullMarked
package dev.parley.session;

import org.jspecify.annotations.NullMarked;
