/** Reads the transcripts that the clients write of their own sessions. */
@NullMarked
package dev.parley.transcript;

import org.jspecify.annotations.NullMarked;
