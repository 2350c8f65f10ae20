/**
 * The hub as NATS JetStream: the only package that knows its client library.
 *
 * <p>Names, configuration and permissions are those of {@code docs/HUB.md}. JetStream's interface is used by its subjects and JSON, with
 * the library's own types for both, so that one place bounds every wait and knows what a violation of permissions belongs to.
 */
@NullMarked
package dev.parley.hub.nats;

import org.jspecify.annotations.NullMarked;
