package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineWriterTest {
    @TempDir
    private Path directory;

    private static byte[] line(int i) {
        return (i + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private LineWriter toFile(Path path, FileSink.Rotation rotation) {
        return new LineWriter("test", new FileSink(path, rotation, InstantSource.system()), 64 * 1024);
    }

    @Test
    void loses_nothing_that_was_taken_when_it_is_closed() throws Exception {
        Path file = directory.resolve("new/log");
        LineWriter writer = toFile(file, FileSink.Rotation.NONE);
        for (int i = 0; i < 20_000; i++) {
            assertThat(writer.offer(line(i))).isTrue();
        }
        writer.close();

        assertThat(Files.readAllLines(file)).hasSize(20_000).last().isEqualTo("19999");
        assertThat(writer.written()).isEqualTo(20_000);
        assertThat(writer.offer(line(1))).isFalse();
        assertThat(writer.dropped()).isEqualTo(1);
    }

    @Test
    void a_full_queue_drops_and_counts_and_never_blocks() throws Exception {
        CountDownLatch stuck = new CountDownLatch(1);
        LineSink slow = new LineSink() {
            @Override
            public void write(byte[] lines, int length) throws IOException {
                try {
                    stuck.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }

            @Override
            public void close() {}
        };
        LineWriter writer = new LineWriter("slow", slow, 16);
        for (int i = 0; i < 1000; i++) {
            writer.offer(line(i));
        }
        assertThat(writer.dropped()).isGreaterThan(900);
        stuck.countDown();
        writer.close();

        assertThat(writer.written() + writer.dropped()).isEqualTo(1000);
    }

    @Test
    void a_full_device_costs_lines_but_never_the_writer() throws Exception {
        LineWriter writer = toFile(Path.of("/dev/full"), FileSink.Rotation.NONE);
        writer.offer(line(1));
        await().atMost(Duration.ofSeconds(5)).until(() -> writer.dropped() == 1);
        writer.offer(line(2));
        await().atMost(Duration.ofSeconds(5)).until(() -> writer.dropped() == 2);
        writer.close();
    }

    @Test
    void a_file_that_was_moved_away_is_opened_anew() throws Exception {
        Path file = directory.resolve("log");
        LineWriter writer = toFile(file, FileSink.Rotation.NONE);
        writer.offer(line(1));
        await().until(() -> writer.written() == 1);
        Files.move(file, directory.resolve("log.1"));
        writer.reopen();
        await().until(() -> {
            writer.offer(line(2));
            return Files.exists(file);
        });
        writer.close();

        assertThat(Files.readString(directory.resolve("log.1"))).startsWith("1\n");
        assertThat(Files.readString(file)).contains("2\n");
    }

    @Test
    void a_file_is_set_aside_by_size_and_only_so_many_are_kept() throws Exception {
        Path file = directory.resolve("rotated");
        LineWriter writer = toFile(file, new FileSink.Rotation(100, Duration.ofDays(1), 2));
        for (int i = 0; i < 50; i++) {
            int written = i;
            writer.offer("x".repeat(60).concat("\n").getBytes(StandardCharsets.US_ASCII));
            await().until(() -> writer.written() > written);
        }
        writer.close();

        try (var files = Files.list(directory)) {
            assertThat(files.filter(f -> f.getFileName().toString().startsWith("rotated")))
                    .hasSizeLessThanOrEqualTo(3);
        }
        assertThat(Files.size(file)).isLessThanOrEqualTo(100);
    }
}
