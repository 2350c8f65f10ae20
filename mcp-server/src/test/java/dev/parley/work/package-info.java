/** Tests of what the office tells. */
@org.jspecify.annotations.NullMarked
package dev.parley.work;
