/** The programs that are measured, each configured for the same work. */
@NullMarked
package dev.exeat.bench.subject;

import org.jspecify.annotations.NullMarked;
