/** A plug-in with one tool, to start your own from. */
@NullMarked
package example.wordcount;

import org.jspecify.annotations.NullMarked;
