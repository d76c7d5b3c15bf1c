package dev.exeat.cli.settings;

import dev.exeat.flow.log.LogOptions;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of connections.
 *
 * @param logs of connections
 * @param history null for none
 */
public record RecordSettings(LogOptions logs, @Nullable HistorySettings history) {}
