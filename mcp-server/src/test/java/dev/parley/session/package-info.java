/** Tests of who a session is, and of how it is set up. */
@org.jspecify.annotations.NullMarked
package dev.parley.session;
