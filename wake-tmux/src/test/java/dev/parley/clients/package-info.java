/**
 * The real clients in real terminals, offline: private tmux servers, stand-ins for the two model APIs, and homes in which a
 * client starts without a single question. For the integration tests of every module.
 */
@NullMarked
package dev.parley.clients;

import org.jspecify.annotations.NullMarked;
