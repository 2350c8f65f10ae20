/** Tests of the page's server. */
@NullMarked
package dev.parley.cockpit.web;

import org.jspecify.annotations.NullMarked;
