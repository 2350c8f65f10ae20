/**
 * What differs from client to client: one final class per client behind {@link dev.parley.client.Client}, and the list
 * {@link dev.parley.client.Clients}. Nothing outside this package asks which client it is; it asks the client.
 *
 * <p>Start with {@code Client}, then read {@code ClaudeCode} or {@code Codex}. A further client is one more class here and
 * one more entry in {@code Clients}; what setup writes into its files is registered in {@code dev.parley.setup}.
 *
 * <p>This package lies at the bottom of the module: it knows the post office below, and no other package beside it.
 */
@NullMarked
package dev.parley.client;

import org.jspecify.annotations.NullMarked;
