/** Charts as SVG, drawn from a result file. */
@NullMarked
package dev.exeat.bench.chart;

import org.jspecify.annotations.NullMarked;
