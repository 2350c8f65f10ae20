/** Tests of supervision: with simulated processes and clocks, and in real terminals. */
@org.jspecify.annotations.NullMarked
package dev.parley.supervise;
