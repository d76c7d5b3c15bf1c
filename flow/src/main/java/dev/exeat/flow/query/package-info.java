/** Recorded connections, and what may be asked about them: the same questions for a store, a file and the live stream. */
@NullMarked
package dev.exeat.flow.query;

import org.jspecify.annotations.NullMarked;
