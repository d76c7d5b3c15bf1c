package dev.exeat.flow.store;

import dev.exeat.testkit.PostgresServer;
import dev.exeat.testkit.TestPki;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** A test with a real server, one for all of them, and a schema of its own. */
@ExtendWith(PostgresTest.OneServer.class)
abstract class PostgresTest {
    static final Duration SOON = Duration.ofSeconds(20);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Installed installed;
    private String schema;
    private PostgresFlows flows;
    FlowTable table;

    /** What the tests share. */
    record Installed(PostgresServer server, TestPki pki, AtomicInteger schemas) implements AutoCloseable {
        static Installed start(Path programs) {
            TestPki pki = TestPki.create("postgres");
            return new Installed(PostgresServer.start(programs, pki), pki, new AtomicInteger());
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** Starts the server for the first test and ends it after the last. */
    static final class OneServer implements ParameterResolver {
        private static final Namespace NAMESPACE = Namespace.create(OneServer.class);

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == Installed.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(NAMESPACE)
                    .computeIfAbsent(
                            Installed.class,
                            _ -> Installed.start(PostgresServer.programs().orElseThrow()));
        }
    }

    @BeforeAll
    static void require_the_programs() {
        Assumptions.assumeTrue(PostgresServer.programs().isPresent(), "PostgreSQL is not installed");
    }

    @BeforeEach
    void a_schema_of_its_own(Installed postgres) {
        installed = postgres;
        schema = "exeat" + postgres.schemas().incrementAndGet();
        flows = flows("localhost", "");
        table = table();
    }

    @AfterEach
    void close_all() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
    }

    PostgresServer server() {
        return installed.server();
    }

    TestPki pki() {
        return installed.pki();
    }

    String schema() {
        return schema;
    }

    PostgresFlows flows() {
        return flows;
    }

    PostgresFlows flows(String host, String parameters) {
        return new PostgresFlows(
                PostgresAddress.parse("postgresql://" + PostgresServer.USER + "@" + host + ":" + server().port()
                        + "/postgres?currentSchema=" + schema + parameters),
                () -> PostgresServer.PASSWORD);
    }

    FlowTable table() {
        FlowTable made = flows.table();
        opened.add(made);
        return made;
    }

    FlowHistory history() {
        FlowHistory made = flows.history();
        opened.add(made);
        return made;
    }

    long sql(String sql) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return statement.getUpdateCount();
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    Connection connection() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://localhost:" + server().port() + "/postgres?currentSchema=" + schema,
                PostgresServer.USER,
                PostgresServer.PASSWORD);
    }

    /** A transaction that lasts until it is closed. */
    Connection transaction(String sql) throws SQLException {
        Connection connection = connection();
        opened.add(connection);
        connection.setAutoCommit(false);
        PostgresSchema.execute(connection, sql);
        return connection;
    }

    static PostgresSchema.Day today() {
        return PostgresSchema.Day.of(System.currentTimeMillis() * 1_000);
    }
}
