package dev.exeat.flow.store;

import static dev.exeat.flow.store.Entries.ended;
import static dev.exeat.flow.store.Entries.ids;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.PostgresServer;
import dev.exeat.testkit.TestPki;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a server is reached, and waited for. */
class PostgresConnectionTest extends PostgresTest {
    @TempDir
    private static Path directory;

    @Test
    void a_server_that_takes_connections_but_no_records_is_tried_ever_less_often() throws SQLException {
        table.append(List.of(ended("a-1", "a.test")));
        sql("ALTER TABLE flow ADD CONSTRAINT full_up CHECK (id = 'a-1')");
        int[] connects = new int[1];
        PostgresSession session = new PostgresSession(
                () -> {
                    connects[0]++;
                    return connection();
                },
                new PostgresSchema(schema()));
        long began = System.nanoTime();

        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(SOON)
                .until(() -> {
                    assertThatThrownBy(() -> session.run("written", connection -> {
                                session.requireDay(System.currentTimeMillis() * 1_000);
                                PostgresSchema.execute(
                                        connection,
                                        "INSERT INTO flow VALUES (9, 0, 'a-2', 9, 0, '', "
                                                + System.currentTimeMillis() * 1_000 + ")");
                            }))
                            .isInstanceOf(FlowStoreException.class);
                    return connects[0] == 4;
                });

        // After 200, 400 and 800 ms.
        assertThat(System.nanoTime() - began).isGreaterThan(1_300_000_000L);
    }

    @Test
    void records_wait_for_a_server_that_is_gone_and_come_in_order_when_it_is_back() throws SQLException {
        long before = System.nanoTime();
        try (FlowWriter writer = new FlowWriter(flows().table(), Retention.USUAL, Instant::now)) {
            writer.write(Entries.record("a-1"));
            await().atMost(SOON).until(() -> writer.written() == 1);
            server().kill();
            for (int i = 2; i < 1_000; i++) {
                writer.write(Entries.record("a-" + i));
            }
            server().restart();
            await().atMost(SOON).until(() -> writer.written() == 999);
            assertThat(writer.dropped()).isZero();
        }

        List<String> ids = ids(history());
        assertThat(ids)
                .hasSize(999)
                .doesNotHaveDuplicates()
                .startsWith("a-1", "a-2")
                .endsWith("a-998", "a-999");
        assertThat(System.nanoTime() - before).isLessThan(SOON.toNanos());
    }

    @Test
    void a_gateway_begins_and_ends_without_its_server() {
        PostgresFlows nowhere = new PostgresFlows(
                PostgresAddress.parse("postgresql://" + PostgresServer.USER + "@127.0.0.1:1/postgres"), () -> null);

        FlowWriter writer = new FlowWriter(nowhere.table(), Retention.USUAL, Instant::now);
        writer.write(Entries.record("a-1"));
        writer.close();

        assertThat(writer.dropped()).isOne();
        assertThatThrownBy(nowhere::history)
                .isInstanceOf(FlowStoreException.class)
                .hasMessageContaining("postgresql://127.0.0.1:1/postgres cannot be opened");
    }

    @Test
    void the_server_must_show_a_certificate_for_its_name_unless_it_is_on_this_machine() {
        Path root = pki().writeRoot(directory.resolve("root.pem"));
        Path another = TestPki.create("another").writeRoot(directory.resolve("another.pem"));
        table.append(List.of(ended("a-1", "a.test")));

        flows("localhost", "&sslmode=verify-full&sslrootcert=" + root).history().close();
        flows("0.0.0.0", "&sslmode=require").history().close();
        assertRefused(flows("127.0.0.1", "&sslmode=verify-full&sslrootcert=" + root), "could not be verified");
        assertRefused(flows("localhost", "&sslmode=verify-full&sslrootcert=" + another), "SSL error");
        assertRefused(flows("localhost", "&sslmode=require&sslrootcert=" + another), "SSL error");
        // An address of this machine, but none of the loopback interface as it is written.
        assertRefused(flows("0.0.0.0", "&sslrootcert=" + root), "could not be verified");
        assertRefused(flows("0.0.0.0", ""), "SSL error");
    }

    private static void assertRefused(PostgresFlows refused, String why) {
        assertThatThrownBy(refused::history)
                .isInstanceOf(FlowStoreException.class)
                .hasMessageContaining(why);
    }
}
