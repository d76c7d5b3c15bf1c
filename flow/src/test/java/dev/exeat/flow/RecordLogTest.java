package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RecordLogTest {
    @TempDir
    private Path directory;

    @Test
    void appends_one_line_for_each_record() throws Exception {
        Path file = directory.resolve("records");
        for (int run = 0; run < 2; run++) {
            RecordLog log = RecordLog.open(file.toString(), Rotation.NONE, InstantSource.system());
            for (int i = 0; i < 500; i++) {
                log.write(Records.hostile("n\r\n" + i));
            }
            log.close();
            assertThat(log.writer().dropped()).isZero();
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
        RecordLog log = RecordLog.open("/dev/full", Rotation.NONE, InstantSource.system());
        for (int i = 0; i < 100; i++) {
            log.write(Records.full());
        }
        log.close();

        assertThat(log.writer().dropped()).isEqualTo(100);
        assertThat(log.writer().written()).isZero();
    }

    @Test
    void sets_a_full_file_aside_and_keeps_so_many() throws Exception {
        Path file = directory.resolve("records");
        try (RecordLog log =
                RecordLog.open(file.toString(), new Rotation(2_000, Duration.ZERO, 2), InstantSource.system())) {
            for (int i = 0; i < 50; i++) {
                log.write(Records.full());
                int written = i + 1;
                await().until(() -> log.writer().written() == written);
            }
        }

        try (var files = Files.list(directory)) {
            assertThat(files)
                    .hasSize(3)
                    .allSatisfy(each -> assertThat(Files.size(each)).isBetween(1L, 2_000L));
        }
    }
}
