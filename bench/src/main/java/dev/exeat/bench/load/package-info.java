/** The load process: takes jobs from the driver, plays clients, and tells what it saw. */
@NullMarked
package dev.exeat.bench.load;

import org.jspecify.annotations.NullMarked;
