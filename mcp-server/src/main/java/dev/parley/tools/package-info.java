/** The messaging tools, one class each, as a plug-in of the server library. */
@NullMarked
package dev.parley.tools;

import org.jspecify.annotations.NullMarked;
