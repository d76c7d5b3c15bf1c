package dev.exeat.flow.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.postgresql.ssl.DefaultJavaSSLFactory;

/**
 * A flow store in PostgreSQL, which several gateways write and anybody may read whom the database lets. To another machine
 * it goes by TLS with the server's name verified, unless the address says otherwise.
 */
public final class PostgresFlows implements FlowStore {
    private static final String CONNECT_SECONDS = "5";

    /** A server that is gone without a word is given up after so long. */
    private static final String ANSWER_SECONDS = "30";

    /** The first that was written after the last one of before then, by the server's clock, which may be another's. */
    private static final String SEQUENCE_SINCE = "SELECT coalesce(max(sequence), 0) + 1 FROM (SELECT sequence FROM flow"
            + " WHERE written < ? - 300000000 ORDER BY written DESC LIMIT 1) AS earlier";

    private static final String BY_ID = "SELECT line FROM flow WHERE id = ? ORDER BY sequence DESC LIMIT 1";

    /** What it would say beside its exceptions, which tell all. */
    private static final Logger DRIVER = Logger.getLogger("org.postgresql");

    static {
        DRIVER.setLevel(Level.OFF);
    }

    private final PostgresAddress address;
    private final Supplier<@Nullable String> password;

    /** @param password asked at each connect; null where the server wants none, or a file of pgjdbc's own has it */
    public PostgresFlows(PostgresAddress address, Supplier<@Nullable String> password) {
        this.address = address;
        this.password = password;
    }

    /** Connects only when it is first written to, and again whenever it must: a gateway begins without its history. */
    @Override
    public FlowTable table() {
        return new PostgresFlowTable(this::connect, new PostgresSchema(address.schema()));
    }

    @Override
    public FlowHistory history() {
        try {
            Connection connection = connect();
            try {
                connection.setReadOnly(true);
                connection.setAutoCommit(false);
                requireVersion(connection);
                return new SqlFlowHistory(connection, SEQUENCE_SINCE, BY_ID);
            } catch (SQLException | FlowStoreException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new FlowStoreException(
                    "the flow store " + address + " cannot be opened (" + e.getMessage() + ")", e, true);
        }
    }

    private void requireVersion(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT to_regclass('store')")) {
            if (!row.next() || row.getString(1) == null) {
                throw new FlowStoreException(
                        "there is no flow store in the schema " + address.schema() + " of " + address,
                        new SQLException("no table store"));
            }
        }
        PostgresSchema.requireVersion(connection);
        connection.rollback();
    }

    /**
     * A new connection.
     *
     * @throws FlowStoreException if the password cannot be read
     */
    private Connection connect() throws SQLException {
        Properties properties = new Properties();
        PGProperty.USER.set(properties, address.user());
        PGProperty.PASSWORD.set(properties, password.get());
        PGProperty.CURRENT_SCHEMA.set(properties, address.schema());
        PGProperty.APPLICATION_NAME.set(properties, "exeat");
        PGProperty.CONNECT_TIMEOUT.set(properties, CONNECT_SECONDS);
        PGProperty.SOCKET_TIMEOUT.set(properties, ANSWER_SECONDS);
        PGProperty.TCP_KEEP_ALIVE.set(properties, true);
        PGProperty.GSS_ENC_MODE.set(properties, "disable");
        address.tls().forEach(properties::setProperty);
        PGProperty.SSL_MODE.set(properties, address.mode());
        if (address.isVerifiedByMachine()) {
            // The authorities of the machine, as for other servers.
            PGProperty.SSL_FACTORY.set(properties, DefaultJavaSSLFactory.class.getName());
        }
        Connection connection = new Driver().connect(address.url(), properties);
        if (connection == null) {
            throw new SQLException("no driver takes " + address.url());
        }
        return connection;
    }
}
