/**
 * What a post office is: the domain's front door. All code above this module knows an office by this package alone.
 *
 * <p>Domain: imports the other domain packages, and never an engine ({@code dev.parley.store..}).
 */
@NullMarked
package dev.parley.office;

import org.jspecify.annotations.NullMarked;
