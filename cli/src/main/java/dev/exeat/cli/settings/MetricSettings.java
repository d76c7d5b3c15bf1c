package dev.exeat.cli.settings;

import dev.exeat.flow.SeriesOptions;

/** Which metrics a gateway has. */
public record MetricSettings(SeriesOptions series) {}
