/** Mixer's expression language CEXL: a Go expression over typed attributes, parsed, type-checked and compiled. */
@NullMarked
package dev.exeat.policy.cexl;

import org.jspecify.annotations.NullMarked;
