/** Tests of the hook script in {@code assets/hooks}: real processes, real store, no client. */
@org.jspecify.annotations.NullMarked
package dev.parley.hooks;
