package dev.exeat.cli.settings;

import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.Retention;
import dev.exeat.flow.store.SqliteFlows;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The history of connections.
 *
 * @param retention how much of it is kept
 * @param shared the database that has it; null for a file in the data directory
 */
public record HistorySettings(Retention retention, @Nullable SharedHistory shared) {
    public FlowStore store(Path dataDirectory) {
        return shared != null ? shared.store() : new SqliteFlows(dataDirectory.resolve(SqliteFlows.FILE));
    }
}
