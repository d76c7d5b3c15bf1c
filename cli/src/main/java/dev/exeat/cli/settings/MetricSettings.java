package dev.exeat.cli.settings;

import dev.exeat.flow.SeriesOptions;
import dev.exeat.flow.otlp.OtlpOptions;
import org.jspecify.annotations.Nullable;

/**
 * Which metrics a gateway has, and who gets them without asking.
 *
 * @param otlp null for nobody
 */
public record MetricSettings(SeriesOptions series, @Nullable OtlpOptions otlp) {}
