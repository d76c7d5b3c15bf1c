package dev.exeat.flow.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.flow.LineWriter;
import dev.exeat.flow.Records;
import dev.exeat.flow.Rotation;
import dev.exeat.flow.profile.LogOrigin;
import dev.exeat.flow.profile.LogProfile;
import dev.exeat.testkit.Case;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ConnectionLogsTest {
    private static final LogOrigin ORIGIN = new LogOrigin("1.0", "gw-1", "unknown", "exeat-gateway");

    @TempDir
    private Path directory;

    static ConnectionLogs open(LogOptions options) {
        return ConnectionLogs.open(
                options,
                ORIGIN,
                new ConnectionLogs.World(
                        InstantSource.system(),
                        path -> () -> {
                            throw new AssertionError("no socket is asked for at " + path);
                        },
                        () -> {
                            throw new GeneralSecurityException("no SVID yet");
                        }));
    }

    static LogOptions one(LogProfile profile, LogTarget target, OnLogFull onFull) {
        return new LogOptions(
                List.of(new LogChoice("records", profile, target)), Rotation.NONE, LogOptions.QUEUE, onFull);
    }

    private static ConnectionLogs records(Path file, Rotation rotation) {
        return open(new LogOptions(
                List.of(new LogChoice("records", LogProfile.NATIVE, new LogTarget.File(file))),
                rotation,
                LogOptions.QUEUE,
                OnLogFull.DROP));
    }

    private static LineWriter writer(ConnectionLogs logs) {
        return logs.writers().getFirst();
    }

    @Test
    void a_sealed_log_is_written_also_before_there_is_a_key() {
        Path sealed = directory.resolve("sealed");
        try (ConnectionLogs logs = open(one(LogProfile.NATIVE, new LogTarget.Sealed(sealed), OnLogFull.DROP))) {
            logs.write(Records.closed());
        }
        assertThat(sealed.resolve("records-0000000001.jsonl")).content().startsWith("{\"version\":1,");
    }

    @Test
    void appends_one_line_for_each_record() throws Exception {
        Path file = directory.resolve("records");
        for (int run = 0; run < 2; run++) {
            ConnectionLogs logs = records(file, Rotation.NONE);
            for (int i = 0; i < 500; i++) {
                logs.write(Records.opened());
                logs.write(Records.hostile("n\r\n" + i));
            }
            logs.close();
            assertThat(writer(logs).dropped()).isZero();
        }

        JsonMapper mapper = new JsonMapper();
        assertThat(Files.readAllLines(file))
                .hasSize(1000)
                .allSatisfy(
                        line -> assertThat(mapper.readTree(line).get("event").asString())
                                .isEqualTo("final"));
    }

    @Test
    @Case("L05")
    void a_full_device_loses_records_and_counts_them() {
        ConnectionLogs logs = records(Path.of("/dev/full"), Rotation.NONE);
        for (int i = 0; i < 100; i++) {
            logs.write(Records.full());
        }
        logs.close();

        assertThat(writer(logs).dropped()).isEqualTo(100);
        assertThat(writer(logs).written()).isZero();
    }

    @Test
    void sets_a_full_file_aside_and_keeps_so_many() throws Exception {
        Path file = directory.resolve("records");
        try (ConnectionLogs logs = records(file, new Rotation(2_000, Duration.ZERO, 2))) {
            for (int i = 0; i < 50; i++) {
                logs.write(Records.full());
                int written = i + 1;
                await().until(() -> writer(logs).written() == written);
            }
        }

        try (var files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(each -> assertThat(Files.size(each)).isBetween(1L, 2_000L));
        }
    }

    @Test
    void each_log_has_a_form_and_a_place_of_its_own() throws Exception {
        LogOptions options = new LogOptions(
                List.of(
                        new LogChoice("a", LogProfile.ISTIO, new LogTarget.File(directory.resolve("istio"))),
                        new LogChoice("b", LogProfile.OTEL, new LogTarget.File(directory.resolve("otel")))),
                Rotation.NONE,
                LogOptions.QUEUE,
                OnLogFull.DROP);
        try (ConnectionLogs logs = open(options)) {
            logs.write(Records.opened());
            logs.write(Records.closed());
        }

        assertThat(Files.readAllLines(directory.resolve("istio"))).hasSize(1);
        assertThat(Files.readAllLines(directory.resolve("otel"))).hasSize(2);
    }

    @Test
    void a_log_that_blocks_says_that_there_is_no_room_and_takes_all_that_is_carried_yet() {
        LogOptions small = new LogOptions(
                List.of(new LogChoice("records", LogProfile.NATIVE, new LogTarget.File(Path.of("/dev/full")))),
                Rotation.NONE,
                64 << 10,
                OnLogFull.BLOCK);
        ConnectionLogs logs = open(small);
        assertThat(logs.hasRoom()).isTrue();

        for (int i = 0; i < 1000; i++) {
            logs.write(Records.closed());
        }

        assertThat(logs.hasRoom()).isFalse();
        assertThat(writer(logs).dropped()).isZero();
        logs.write(Records.denied());
        assertThat(writer(logs).dropped())
                .as("what is refused keeps to the bound")
                .isOne();

        logs.close();
        assertThat(writer(logs).dropped()).as("at the end all is accounted for").isEqualTo(1001);
    }

    @Test
    void a_log_that_drops_has_room_for_connections_always() {
        try (ConnectionLogs logs =
                open(one(LogProfile.NATIVE, new LogTarget.File(Path.of("/dev/full")), OnLogFull.DROP))) {
            for (int i = 0; i < 20_000; i++) {
                logs.write(Records.closed());
            }

            assertThat(logs.hasRoom()).isTrue();
        }
    }

    @Test
    void lines_that_waited_for_a_file_are_written_when_it_can_be() throws Exception {
        Path file = directory.resolve("records");
        try (ConnectionLogs logs = open(one(LogProfile.NATIVE, new LogTarget.File(file), OnLogFull.BLOCK))) {
            Files.delete(file);
            Files.createDirectory(file);
            logs.reopen();
            logs.write(Records.closed());
            await().during(Duration.ofMillis(100)).until(() -> writer(logs).written() == 0);
            Files.delete(file);

            await().until(() -> writer(logs).written() == 1);
        }
        assertThat(Files.readAllLines(file)).hasSize(1);
    }
}
