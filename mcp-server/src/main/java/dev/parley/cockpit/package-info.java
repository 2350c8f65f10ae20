/**
 * How a project's correspondence looks to a person: as text in a terminal, as Markdown, as one page of HTML, and as JSON lines for
 * programs. Whatever a peer wrote is made safe for where it is shown.
 *
 * <p>Shows what {@code overview} tells, and knows neither tools nor the protocol; writes only where it is told to.
 */
@NullMarked
package dev.parley.cockpit;

import org.jspecify.annotations.NullMarked;
