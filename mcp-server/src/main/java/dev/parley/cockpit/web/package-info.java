/**
 * The project on a web page: {@code parley web}. The only part of Parley that listens on the network, and only on 127.0.0.1, for
 * as long as its command runs.
 *
 * <p>Every request for data carries the token that the command prints; {@link dev.parley.cockpit.web.Gate} says what else is
 * refused. The page is three files of this package's resources, under a policy that lets it load nothing else. Built on the read
 * model; only {@link dev.parley.cockpit.web.WritingApi} writes, and it exists only where that was asked for.
 */
@NullMarked
package dev.parley.cockpit.web;

import org.jspecify.annotations.NullMarked;
