/** The benchmark: Exeat beside its peers, in paired rounds on one machine. */
@NullMarked
package dev.exeat.bench;

import org.jspecify.annotations.NullMarked;
