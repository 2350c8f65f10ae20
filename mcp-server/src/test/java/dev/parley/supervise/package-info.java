/** Tests of when sessions may be started. */
package dev.parley.supervise;
