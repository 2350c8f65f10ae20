@NullMarked
package dev.parley.store.remote;

import org.jspecify.annotations.NullMarked;
