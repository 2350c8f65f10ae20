/** Tests of the ladder and its gates. */
package dev.parley.wake;
