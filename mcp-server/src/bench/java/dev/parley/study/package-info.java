/** Benchmarks of the core and the scaling study; compiled and run with the profile {@code bench} only. */
package dev.parley.study;
