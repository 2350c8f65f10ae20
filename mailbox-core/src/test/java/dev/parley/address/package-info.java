@NullMarked
package dev.parley.address;

import org.jspecify.annotations.NullMarked;
