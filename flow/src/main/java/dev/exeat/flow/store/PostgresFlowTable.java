package dev.exeat.flow.store;

import dev.exeat.flow.store.PostgresSession.Steps;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes to {@link PostgresFlows}. A writer says every now and then that it is there; one that has not said so for a minute
 * is gone, on whatever machine it was.
 */
final class PostgresFlowTable implements FlowTable {
    private static final long LEASE_MICROS = Duration.ofMinutes(1).toNanos() / 1_000;

    private final PostgresSession session;
    private final PostgresSchema schema;
    private final Set<String> open = new HashSet<>();
    private final Set<String> givenUp = new HashSet<>();
    private @Nullable Unsure unsure;

    /** A batch of which the server has not said whether it was committed. */
    private record Unsure(List<Entry> batch, long first) {}

    /** A part of what is to be forgotten. */
    @FunctionalInterface
    private interface Part {
        boolean forget(PostgresRetention retention) throws SQLException;
    }

    PostgresFlowTable(PostgresSession.Connector connector, PostgresSchema schema) {
        this.session = new PostgresSession(connector, schema);
        this.schema = schema;
    }

    @Override
    public void append(List<Entry> batch) {
        transaction("written", connection -> {
            if (!isCommitted(connection, batch)) {
                write(connection, batch);
            }
        });
        unsure = null;
        for (Entry entry : batch) {
            if (entry.open()) {
                open.add(entry.id());
            } else {
                open.remove(entry.id());
            }
        }
    }

    /** Whether an earlier try, whose answer was lost, wrote it. */
    private boolean isCommitted(Connection connection, List<Entry> batch) throws SQLException {
        if (unsure == null || !unsure.batch().equals(batch)) {
            return false;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT FROM flow WHERE sequence = ? AND writer = ?")) {
            statement.setLong(1, unsure.first());
            statement.setLong(2, session.writer());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    private void write(Connection connection, List<Entry> batch) throws SQLException {
        schema.lock(connection);
        List<Long> writers = batch.stream().map(_ -> session.writer()).toList();
        long first = put(connection, batch, writers);
        unsure = new Unsure(batch, first);
        List<String> ended =
                batch.stream().map(Entry::id).filter(open::contains).toList();
        if (!ended.isEmpty()) {
            // Also of one that others took for lost while this writer could not reach the server.
            try (PreparedStatement statement = connection.prepareStatement(
                    "DELETE FROM flow WHERE id = ANY (?) AND writer = ? AND sequence < ?")) {
                statement.setArray(1, connection.createArrayOf("text", ended.toArray()));
                statement.setLong(2, session.writer());
                statement.setLong(3, first);
                statement.executeUpdate();
            }
        }
    }

    /** Writes rows and their sums in a transaction that holds the lock, and tells the first sequence. */
    private long put(Connection connection, List<Entry> entries, List<Long> writers) throws SQLException {
        long now;
        long sequence;
        try (PreparedStatement statement = connection.prepareStatement(
                "SELECT " + PostgresSession.NOW + ", setval('flow_number', nextval('flow_number') + ? - 1)")) {
            statement.setLong(1, entries.size());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                now = row.getLong(1);
                sequence = row.getLong(2) - entries.size() + 1;
            }
        }
        session.requireDay(now);
        CopyRows rows = new CopyRows(connection);
        long next = sequence;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            rows.add(next++, writers.get(i), now, entry);
            if (!entry.open()) {
                session.sums().add(entry);
            }
        }
        rows.end();
        session.sums().write();
        return sequence;
    }

    @Override
    public void giveUp(Collection<String> ids) {
        ids.stream().filter(open::contains).forEach(givenUp::add);
    }

    /** Says, too, that this writer is there, and has the next day ready. */
    @Override
    public int closeLost() {
        int[] count = new int[1];
        transaction("written", connection -> {
            schema.lock(connection);
            session.register();
            LostFlows lost = new LostFlows(connection);
            lost.add(session.writer(), givenUp);
            try (PreparedStatement statement = connection.prepareStatement(
                    "DELETE FROM writer WHERE seen < " + PostgresSession.NOW + " - ? RETURNING writer")) {
                statement.setLong(1, LEASE_MICROS);
                closeLost(connection, lost, statement);
            }
            count[0] = lost.entries().size();
        });
        open.removeAll(givenUp);
        givenUp.clear();
        SQLException refused = session.prepareDays();
        if (refused != null) {
            throw new FlowStoreException(
                    "the flow store cannot be prepared for the next day (" + refused.getMessage() + ")", refused);
        }
        return count[0];
    }

    /** Ends what is lost, and what the writers left open that the statement deletes. */
    private void closeLost(Connection connection, LostFlows lost, PreparedStatement gone) throws SQLException {
        try (ResultSet dead = gone.executeQuery()) {
            while (dead.next()) {
                lost.addAll(dead.getLong(1));
            }
        }
        if (!lost.entries().isEmpty()) {
            put(connection, lost.entries(), lost.writers());
        }
        lost.replace();
    }

    @Override
    public boolean prune(Retention retention, Instant now) {
        boolean more = part(retention, PostgresRetention::forgetOldDay);
        more |= part(retention, PostgresRetention::forgetOldSums);
        more |= part(retention, PostgresRetention::forgetTooMany);
        return more;
    }

    private boolean part(Retention retention, Part part) {
        boolean[] more = new boolean[1];
        transaction(
                "pruned", connection -> more[0] = part.forget(new PostgresRetention(connection, schema, retention)));
        return more[0];
    }

    private void transaction(String verb, Steps steps) {
        session.run(verb, steps);
    }

    /** What this writer left open has ended with it. */
    @Override
    public void close() {
        try (session) {
            if (session.isConnected()) {
                transaction("closed", connection -> {
                    schema.lock(connection);
                    try (PreparedStatement statement =
                            connection.prepareStatement("DELETE FROM writer WHERE writer = ? RETURNING writer")) {
                        statement.setLong(1, session.writer());
                        closeLost(connection, new LostFlows(connection), statement);
                    }
                });
            }
        }
    }
}
