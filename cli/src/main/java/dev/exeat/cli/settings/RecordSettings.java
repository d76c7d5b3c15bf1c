package dev.exeat.cli.settings;

import dev.exeat.flow.store.Retention;
import org.jspecify.annotations.Nullable;

/**
 * What is written down of connections.
 *
 * @param log null for no log of records
 * @param history how much of it is kept in the data directory, null for none
 */
public record RecordSettings(
        @Nullable RecordLog log, @Nullable Retention history) {}
