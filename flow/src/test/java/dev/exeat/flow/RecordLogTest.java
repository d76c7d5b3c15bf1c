package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Case;
import java.nio.file.Files;
import java.nio.file.Path;
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
            RecordLog log = RecordLog.open(file.toString(), InstantSource.system());
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
        RecordLog log = RecordLog.open("/dev/full", InstantSource.system());
        for (int i = 0; i < 100; i++) {
            log.write(Records.full());
        }
        log.close();

        assertThat(log.writer().dropped()).isEqualTo(100);
        assertThat(log.writer().written()).isZero();
    }
}
