package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.exeat.flow.LineWriter.Bounds;
import dev.exeat.testkit.Case;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class LineWriterTest {
    private static final Bounds SMALL = new Bounds(16, 1_000_000, Duration.ofMillis(100));

    @TempDir
    private Path directory;

    private static byte[] line(int i) {
        return (i + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private static LineWriter toFile(Path path) {
        return new LineWriter("test", new FileSink(path, Rotation.NONE, InstantSource.system()), Bounds.USUAL);
    }

    /** Holds the writer's thread within its first write until it is let go. */
    private static final class StuckSink implements LineSink {
        private final CountDownLatch entered = new CountDownLatch(1);
        private final CountDownLatch released = new CountDownLatch(1);

        @Override
        public void write(byte[] lines, int length) throws IOException {
            entered.countDown();
            try {
                released.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() {}
    }

    /** Counts the lines it gets, and fails while told to. */
    private static final class CountingSink implements LineSink {
        private final AtomicLong lines = new AtomicLong();
        private final AtomicLong writes = new AtomicLong();
        private volatile boolean failing;

        @Override
        public void write(byte[] batch, int length) throws IOException {
            if (failing) {
                throw new IOException("No space left on device");
            }
            writes.incrementAndGet();
            for (int i = 0; i < length; i++) {
                if (batch[i] == '\n') {
                    lines.incrementAndGet();
                }
            }
        }

        @Override
        public void close() {}
    }

    @Test
    void loses_nothing_that_was_taken_when_it_is_closed() throws Exception {
        Path file = directory.resolve("new/log");
        LineWriter writer = toFile(file);
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            assertThat(writer.offer(line(i))).isTrue();
            expected.add(Integer.toString(i));
        }
        writer.close();

        assertThat(Files.readAllLines(file)).isEqualTo(expected);
        assertThat(writer.written()).isEqualTo(20_000);
        assertThat(writer.offer(line(1))).isFalse();
        assertThat(writer.dropped()).isEqualTo(1);
    }

    @Test
    void a_line_longer_than_a_batch_is_written_whole_and_in_its_place() throws Exception {
        Path file = directory.resolve("log");
        LineWriter writer = toFile(file);
        String longLine = "x".repeat(200_000);
        writer.offer(line(1));
        writer.offer((longLine + "\n").getBytes(StandardCharsets.US_ASCII));
        writer.offer(line(3));
        writer.close();

        assertThat(Files.readAllLines(file)).containsExactly("1", longLine, "3");
    }

    @Test
    void every_line_is_written_or_counted_however_the_writer_is_closed() throws Exception {
        for (int round = 0; round < 20; round++) {
            CountingSink sink = new CountingSink();
            LineWriter writer = new LineWriter("test", sink, Bounds.USUAL);
            AtomicLong offers = new AtomicLong();
            List<Thread> threads = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    do {
                        offers.incrementAndGet();
                    } while (writer.offer(line(1)));
                }));
            }
            await().until(() -> offers.get() > 100);
            writer.close();
            for (Thread thread : threads) {
                thread.join();
            }

            assertThat(sink.lines.get()).isEqualTo(writer.written());
            assertThat(writer.written() + writer.dropped()).isEqualTo(offers.get());
        }
    }

    @Test
    void a_full_queue_drops_and_counts_and_never_blocks() throws Exception {
        StuckSink sink = new StuckSink();
        LineWriter writer = new LineWriter("slow", sink, SMALL);
        writer.offer(line(0));
        sink.entered.await();
        for (int i = 0; i < 1000; i++) {
            assertThat(writer.offer(line(i))).isEqualTo(i < 16);
        }
        assertThat(writer.dropped()).isEqualTo(984);
        sink.released.countDown();
        writer.close();

        assertThat(writer.written()).isEqualTo(17);
    }

    @Test
    void the_queue_is_bounded_in_octets_too_and_takes_lines_again_when_they_are_written() throws Exception {
        StuckSink sink = new StuckSink();
        LineWriter writer = new LineWriter("slow", sink, new Bounds(1024, 1000, Duration.ofSeconds(5)));
        byte[] line = new byte[400];
        assertThat(writer.offer(line)).isTrue();
        sink.entered.await();

        assertThat(writer.offer(line)).isTrue();
        assertThat(writer.offer(line)).isFalse();
        sink.released.countDown();
        await().until(() -> writer.written() == 2);
        assertThat(writer.offer(line)).isTrue();
        writer.close();
        assertThat(writer.written()).isEqualTo(3);
    }

    @Test
    @Timeout(20)
    void wakes_up_for_a_line_at_once() {
        CountingSink sink = new CountingSink();
        LineWriter writer = new LineWriter("test", sink, Bounds.USUAL);
        long start = System.nanoTime();
        for (int i = 1; i <= 20; i++) {
            int expected = i;
            writer.offer(line(i));
            await().pollInterval(Duration.ofMillis(1)).until(() -> writer.written() == expected);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        writer.close();

        // By its own idle time-out alone it would take a second for each.
        assertThat(took).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    @Timeout(20)
    void lines_that_follow_each_other_share_a_write() throws Exception {
        CountingSink sink = new CountingSink();
        LineWriter writer = new LineWriter("test", sink, Bounds.USUAL);
        int offered = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < Duration.ofMillis(300).toNanos()) {
            writer.offer(line(1));
            offered++;
            LockSupport.parkNanos(100_000);
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        writer.close();

        assertThat(sink.lines.get()).isEqualTo(offered);
        assertThat(sink.writes.get()).isLessThanOrEqualTo(took.toMillis() / 4 + 5);
    }

    @Test
    @Timeout(20)
    void a_sink_that_takes_nothing_does_not_hold_up_the_end() throws Exception {
        StuckSink sink = new StuckSink();
        LineWriter writer = new LineWriter("stuck", sink, SMALL);
        writer.offer(line(1));
        sink.entered.await();
        writer.offer(line(2));
        ListAppender<ILoggingEvent> heard = new ListAppender<>();
        heard.start();
        Logger log = (Logger) LoggerFactory.getLogger(WriterReport.class);
        log.addAppender(heard);
        writer.close();
        log.detachAppender(heard);

        assertThat(writer.written()).isZero();
        assertThat(heard.list)
                .extracting(event -> event.getKeyValuePairs().toString())
                .contains("[sink=\"stuck\", lines=\"2\"]");
        sink.released.countDown();
        await().until(() -> writer.written() == 2);
    }

    @Test
    @Case("L05")
    void a_full_device_costs_lines_but_never_the_writer() {
        LineWriter writer = toFile(Path.of("/dev/full"));
        for (int i = 1; i <= 3; i++) {
            int expected = i;
            assertThat(writer.offer(line(i))).isTrue();
            await().until(() -> writer.dropped() == expected);
        }
        writer.close();

        assertThat(writer.written()).isZero();
    }

    @Test
    void goes_on_when_the_sink_works_again() {
        CountingSink sink = new CountingSink();
        LineWriter writer = new LineWriter("test", sink, Bounds.USUAL);
        sink.failing = true;
        writer.offer(line(1));
        await().until(() -> writer.dropped() == 1);
        sink.failing = false;
        writer.offer(line(2));
        writer.close();

        assertThat(writer.written()).isEqualTo(1);
        assertThat(sink.lines).hasValue(1);
    }

    @Test
    void a_fault_in_the_sink_does_not_end_the_writer() {
        LineWriter writer = new LineWriter(
                "faulty",
                new LineSink() {
                    @Override
                    public void write(byte[] lines, int length) {
                        throw new IllegalStateException("a fault");
                    }

                    @Override
                    public void close() {}
                },
                Bounds.USUAL);
        writer.offer(line(1));
        await().until(() -> writer.dropped() == 1);
        writer.offer(line(2));
        await().until(() -> writer.dropped() == 2);
        writer.close();
    }

    @Test
    @Timeout(60)
    void a_pipe_whose_reader_went_costs_lines_until_there_is_another() throws Exception {
        Path fifo = directory.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        Process reader = new ProcessBuilder("head", "-n", "1", fifo.toString()).start();
        LineWriter writer = toFile(fifo);
        writer.offer(line(1));
        assertThat(reader.waitFor()).isZero();
        assertThat(reader.inputReader(StandardCharsets.US_ASCII).readLine()).isEqualTo("1");

        writer.offer(line(2));
        await().until(() -> writer.dropped() == 1);
        Path received = directory.resolve("received");
        Process next = new ProcessBuilder("cat", fifo.toString())
                .redirectOutput(received.toFile())
                .start();
        writer.offer(line(3));
        writer.close();

        assertThat(next.waitFor()).isZero();
        assertThat(Files.readString(received)).isEqualTo("3\n");
        assertThat(writer.written()).isEqualTo(2);
    }

    @Test
    @Timeout(20)
    void being_told_to_open_anew_while_the_sink_fails_is_one_try_more() {
        List<Long> tries = new CopyOnWriteArrayList<>();
        AtomicReference<LineWriter> told = new AtomicReference<>();
        Bounds keeps = new Bounds(16, 1_000_000, Duration.ofSeconds(5), LineWriter.Pace.USUAL, true);
        LineWriter writer = new LineWriter(
                "down",
                new LineSink() {
                    @Override
                    public void write(byte[] lines, int length) throws IOException {
                        tries.add(System.nanoTime());
                        if (tries.size() == 1) {
                            told.get().reopen();
                        }
                        if (tries.size() < 3) {
                            throw new IOException("Connection refused");
                        }
                    }

                    @Override
                    public void close() {}
                },
                keeps);
        told.set(writer);
        writer.offer(line(1));
        await().until(() -> writer.written() == 1);
        writer.close();

        assertThat(tries).hasSize(3);
        assertThat(Duration.ofNanos(tries.get(2) - tries.get(1))).isGreaterThan(Duration.ofMillis(300));
    }

    @Test
    void opens_a_file_anew_when_told() throws Exception {
        Path file = directory.resolve("log");
        LineWriter writer = toFile(file);
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
        assertThat(writer.dropped()).isZero();
    }
}
