/** Tests of the road over a real nats-server. */
@NullMarked
package dev.parley.hub.nats;

import org.jspecify.annotations.NullMarked;
