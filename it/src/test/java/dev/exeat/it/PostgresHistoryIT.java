package dev.exeat.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.exeat.testkit.CommandRun;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.HostileClient;
import dev.exeat.testkit.Outcome;
import dev.exeat.testkit.PostgresServer;
import dev.exeat.testkit.TestPki;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A history that gateways keep in a real PostgreSQL server, through the commands that read it. */
class PostgresHistoryIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private PostgresServer server;
    private List<String> options;
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        var programs = PostgresServer.programs();
        Assumptions.assumeTrue(programs.isPresent(), "PostgreSQL is not installed");
        TestPki pki = TestPki.create("postgres");
        server = PostgresServer.start(programs.get(), pki);
        Path password = Files.writeString(directory.resolve("password"), PostgresServer.PASSWORD + "\n");
        options = List.of(
                "--history",
                "postgresql://" + PostgresServer.USER + "@localhost:" + server.port()
                        + "/postgres?sslmode=verify-full&sslrootcert=" + pki.writeRoot(directory.resolve("root.pem")),
                "--history-password-file",
                password.toString());
        rig = Rig.start(directory, options.toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        if (rig != null) {
            rig.close();
        }
        if (server != null) {
            server.close();
        }
    }

    private CommandRun exeat(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(options);
        return Program.exeat(all.toArray(String[]::new)).run();
    }

    private long sql(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://localhost:" + server.port() + "/postgres?currentSchema=exeat",
                        PostgresServer.USER,
                        PostgresServer.PASSWORD);
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return statement.getUpdateCount();
            }
            try (ResultSet row = statement.getResultSet()) {
                return row.next() ? row.getLong(1) : 0;
            }
        }
    }

    private void await(String condition, int flows) {
        // The gateway makes the tables when it has begun.
        Awaitility.await()
                .atMost(LIMIT)
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> sql("SELECT count(*) FROM flow WHERE " + condition) == flows);
    }

    @Test
    void it_outlives_its_server_and_a_gateway_and_tells_of_both_to_who_asks() throws Exception {
        try (HostileClient client = rig.tunnelTo("allowed.test")) {
            assertThat(client.send(HelloCases.of("N01").octets()).outcome(LIMIT))
                    .isEqualTo(new Outcome.Forwarded());
            await("open = 1", 1);

            server.kill();
            try (HostileClient denied = rig.as("a", "http/1.1")) {
                assertThat(denied.connect("denied.test:443")).startsWith("HTTP/1.1 403");
            }
            server.restart();
            await("open = 0", 1);

            rig.gateway.process().kill();
        }
        // It is taken for gone when it was not heard of for a minute.
        sql("UPDATE writer SET seen = seen - 61000000");
        try (Program.Running _ = rig.another()) {
            await("open = 0", 2);
        }

        CommandRun observed = exeat("observe", "-o", "jsonl", "--since", "1h");
        assertThat(observed.exitCode()).as(observed.toString()).isZero();
        List<JsonNode> flows =
                observed.stdout().lines().map(JsonMapper.shared()::readTree).toList();
        assertThat(flows)
                .extracting(
                        flow -> flow.path("verdict").asString(""),
                        flow -> flow.path("flag").asString(""))
                .containsExactly(tuple("denied", ""), tuple("allowed", "lost"));
        String id = flows.getLast().path("id").asString("");
        CommandRun explained = exeat("explain", id, "-f", rig.manifests.toString());
        assertThat(explained.exitCode()).as(explained.toString()).isZero();
        assertThat(explained.stdout()).contains("allowed.test");
    }
}
