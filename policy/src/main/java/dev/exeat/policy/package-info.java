/** Compiles policy objects into an immutable snapshot that decides who may reach what, and says why; no I/O. */
@NullMarked
package dev.exeat.policy;

import org.jspecify.annotations.NullMarked;
