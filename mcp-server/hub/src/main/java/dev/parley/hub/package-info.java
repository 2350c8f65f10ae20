/**
 * Mail between the machines of a team: what a machine sees of the hub between them.
 *
 * <p>Names no type of the hub's client library: only {@code dev.parley.hub.nats} does. What the hub is trusted with, and what is
 * promised when it fails, is in {@code docs/HUB.md}.
 */
@NullMarked
package dev.parley.hub;

import org.jspecify.annotations.NullMarked;
