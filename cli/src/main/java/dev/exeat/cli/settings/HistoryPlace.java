package dev.exeat.cli.settings;

import dev.exeat.flow.store.PostgresAddress;

/** Where the history of connections is kept. */
public sealed interface HistoryPlace {
    /** Nowhere. */
    record Off() implements HistoryPlace {}

    /** In the data directory. */
    record Local() implements HistoryPlace {}

    /** In a database, which several gateways may share. */
    record Shared(PostgresAddress address) implements HistoryPlace {}
}
