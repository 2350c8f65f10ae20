/** Tests of going on with sessions. */
@org.jspecify.annotations.NullMarked
package dev.parley.supervise;
