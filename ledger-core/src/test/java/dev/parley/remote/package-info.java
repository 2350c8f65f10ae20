@NullMarked
package dev.parley.remote;

import org.jspecify.annotations.NullMarked;
