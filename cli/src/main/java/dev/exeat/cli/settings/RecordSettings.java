package dev.exeat.cli.settings;

import org.jspecify.annotations.Nullable;

/**
 * What is written down of connections.
 *
 * @param log null for no log of records
 * @param history null for none
 */
public record RecordSettings(
        @Nullable RecordLog log, @Nullable HistorySettings history) {}
