/** What was measured: the result file, its statistics, tables and goals. */
@NullMarked
package dev.exeat.bench.result;

import org.jspecify.annotations.NullMarked;
