/** A fuzzing engine: seeds, mutations, verdicts as guidance, bounds on time and memory, reproducers. */
@NullMarked
package dev.exeat.testkit.fuzz;

import org.jspecify.annotations.NullMarked;
