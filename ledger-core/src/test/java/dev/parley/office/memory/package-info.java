/**
 * A post office in the memory of one process, held to the contracts of every office: the proof that one can be made of something
 * else than files. It keeps nothing over its process's end, and there is nothing in it to be kept in order.
 */
@NullMarked
package dev.parley.office.memory;

import org.jspecify.annotations.NullMarked;
