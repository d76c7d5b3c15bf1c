/** Processes on their cores: starting them, and what they cost. */
@NullMarked
package dev.exeat.bench.machine;

import org.jspecify.annotations.NullMarked;
