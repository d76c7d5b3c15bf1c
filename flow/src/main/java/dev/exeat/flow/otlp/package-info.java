/** Metrics for a collector of OpenTelemetry. Its classes are loaded only where such an export is asked for. */
@NullMarked
package dev.exeat.flow.otlp;

import org.jspecify.annotations.NullMarked;
