package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.exeat.testkit.Case;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@org.junit.jupiter.api.Timeout(60)
class EventLoopTest {
    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final EventLoops loops = EventLoops.start(new LoopOptions(1, "test"));
    private final EventLoop loop = loops.next();

    @AfterEach
    void stop() {
        loops.close();
    }

    private static Socket connectTo(Listener listener) throws IOException {
        return new Socket(listener.address().getAddress(), listener.address().getPort());
    }

    @Test
    void tasks_of_many_threads_all_run_in_the_order_of_each_thread() throws Exception {
        List<Integer> order = new CopyOnWriteArrayList<>();
        AtomicInteger ran = new AtomicInteger();
        for (int thread = 0; thread < 8; thread++) {
            boolean first = thread == 0;
            Thread.ofVirtual().start(() -> {
                for (int i = 0; i < 1000; i++) {
                    int number = i;
                    loop.execute(() -> {
                        ran.incrementAndGet();
                        if (first) {
                            order.add(number);
                        }
                    });
                }
            });
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> ran.get() == 8000);
        assertThat(order).isSorted().hasSize(1000);
    }

    @Test
    void a_task_or_timer_that_throws_harms_no_other() throws Exception {
        CountDownLatch ran = new CountDownLatch(3);
        loop.execute(() -> {
            loop.schedule(Duration.ofMillis(1), () -> {
                throw new IllegalStateException("a fault of a timer");
            });
            loop.schedule(Duration.ofMillis(1), ran::countDown);
            loop.schedule(Duration.ofMillis(1), ran::countDown);
        });
        loop.execute(() -> {
            throw new AssertionError("a fault of a task");
        });
        loop.execute(ran::countDown);

        // The wheel's next round would come eight seconds later.
        assertThat(ran.await(2, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_timer_runs_when_its_time_has_come_and_not_when_it_is_cancelled() throws Exception {
        CompletableFuture<Long> late = new CompletableFuture<>();
        CompletableFuture<String> cancelled = new CompletableFuture<>();
        long start = System.nanoTime();
        loop.execute(() -> {
            loop.schedule(Duration.ofMillis(50), () -> late.complete(System.nanoTime() - start));
            loop.schedule(Duration.ofMillis(20), () -> cancelled.complete("ran"))
                    .cancel();
        });

        assertThat(late.get(5, TimeUnit.SECONDS)).isGreaterThanOrEqualTo(50_000_000);
        assertThat(cancelled).isNotDone();
    }

    @Test
    void what_belongs_to_the_loop_is_refused_to_other_threads() {
        assertThat(loop.inLoop()).isFalse();
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(loop::scratch);
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> loop.schedule(Duration.ZERO, () -> {}));
    }

    @Test
    void a_closed_loop_has_run_what_it_took_and_takes_no_more() throws Exception {
        CompletableFuture<String> taken = new CompletableFuture<>();
        CountDownLatch blocked = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                blocked.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        loop.execute(() -> taken.complete("ran"));
        Thread closer = Thread.ofPlatform().start(loops::close);
        blocked.countDown();
        closer.join();

        assertThat(taken).isCompletedWithValue("ran");
        assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> loop.execute(() -> {}));
    }

    @Test
    void closing_a_loop_tells_the_owners_of_its_streams() throws Exception {
        CompletableFuture<StreamException.Kind> told = new CompletableFuture<>();
        CountDownLatch accepted = new CountDownLatch(1);
        Listener listener = loops.listen(ANY, stream -> {
            stream.handler(new Reading(s -> {
                try {
                    s.read(s.loop().scratch());
                } catch (StreamException e) {
                    told.complete(e.kind());
                }
            }));
            accepted.countDown();
        });
        try (Socket client = connectTo(listener)) {
            assertThat(accepted.await(5, TimeUnit.SECONDS)).isTrue();
            loops.close();

            assertThat(told.get(5, TimeUnit.SECONDS)).isEqualTo(StreamException.Kind.CLOSED);
            assertThatExceptionOfType(IOException.class)
                    .isThrownBy(() -> client.getInputStream().read());
        }
    }

    @Test
    void a_callback_that_throws_resets_its_stream_alone_and_tells_its_owner() throws Exception {
        CompletableFuture<String> told = new CompletableFuture<>();
        AtomicInteger connections = new AtomicInteger();
        try (Listener listener = loops.listen(ANY, stream -> {
            if (connections.getAndIncrement() > 0) {
                stream.write(java.nio.ByteBuffer.wrap(new byte[] {7}));
                return;
            }
            stream.handler(new Reading(s -> {
                if (s.isClosed()) {
                    told.complete("closed");
                } else {
                    throw new IllegalStateException("a fault of a callback");
                }
            }));
        })) {
            try (Socket first = connectTo(listener)) {
                first.getOutputStream().write(1);
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(() -> first.getInputStream().read());
            }
            assertThat(told.get(5, TimeUnit.SECONDS)).isEqualTo("closed");
            try (Socket second = connectTo(listener)) {
                assertThat(second.getInputStream().read()).isEqualTo(7);
            }
        }
    }

    /** Calls the same for both kinds of readiness. */
    private record Reading(java.util.function.Consumer<ByteStream> then) implements ByteStream.Handler {
        @Override
        public void readable(ByteStream stream) {
            then.accept(stream);
        }

        @Override
        public void writable(ByteStream stream) {
            then.accept(stream);
        }
    }

    @Test
    void a_closed_listener_serves_who_was_let_in_and_refuses_who_comes_later() throws Exception {
        CountDownLatch blocked = new CountDownLatch(1);
        Listener listener = loops.listen(ANY, stream -> {
            stream.write(java.nio.ByteBuffer.wrap(new byte[] {9}));
            stream.end();
        });
        loop.execute(() -> {
            try {
                blocked.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        try (Socket waiting = connectTo(listener)) {
            Thread closer = Thread.ofPlatform().start(listener::close);
            blocked.countDown();
            closer.join();

            assertThat(waiting.getInputStream().read()).isEqualTo(9);
        }
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> connectTo(listener));
    }

    @Test
    @Case("K09")
    void accepting_pauses_without_spinning_while_descriptors_are_short_and_goes_on_after() throws Exception {
        try (Listener listener = loops.listen(
                ANY,
                stream -> stream.handler(new Reading(s -> {
                    if (s.read(s.loop().scratch()) < 0) {
                        s.end();
                    }
                })))) {
            // The connections are another process's, so that only the accepting side is short of descriptors.
            Process crowd = new ProcessBuilder(
                            "bash",
                            "-c",
                            "read go; for i in $(seq 10 60); do eval \"exec $i<>/dev/tcp/127.0.0.1/"
                                    + listener.address().getPort() + "\"; done; echo all; read end")
                    .start();
            long limit = softLimit();
            try {
                setSoftLimit(descriptors() + 12);
                crowd.getOutputStream().write('\n');
                crowd.getOutputStream().flush();
                assertThat(crowd.inputReader().readLine()).isEqualTo("all");

                long before = cpuNanosOfLoop();
                long start = System.nanoTime();
                await().atMost(Duration.ofSeconds(5)).until(() -> System.nanoTime() - start > 400_000_000);
                assertThat(cpuNanosOfLoop() - before).isLessThan(100_000_000);
            } finally {
                setSoftLimit(limit);
                crowd.getOutputStream().write('\n');
                crowd.getOutputStream().flush();
                crowd.destroy();
            }
            await().atMost(Duration.ofSeconds(5)).until(() -> loop.watched() == 1);
            try (Socket after = connectTo(listener)) {
                await().atMost(Duration.ofSeconds(5)).until(() -> loop.watched() == 2);
                assertThat(after.isConnected()).isTrue();
            }
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    private static long softLimit() throws IOException {
        try (Stream<String> limits = Files.lines(Path.of("/proc/self/limits"))) {
            String line = limits.filter(l -> l.startsWith("Max open files"))
                    .findFirst()
                    .orElseThrow();
            return Long.parseLong(line.split("\\s+")[3]);
        }
    }

    private static void setSoftLimit(long limit) throws Exception {
        // prlimit(1) sets it from outside; a shortage must not keep this process from raising it again.
        java.lang.foreign.Linker linker = java.lang.foreign.Linker.nativeLinker();
        var prlimit = linker.downcallHandle(
                linker.defaultLookup().findOrThrow("prlimit"),
                java.lang.foreign.FunctionDescriptor.of(
                        java.lang.foreign.ValueLayout.JAVA_INT,
                        java.lang.foreign.ValueLayout.JAVA_INT,
                        java.lang.foreign.ValueLayout.JAVA_INT,
                        java.lang.foreign.ValueLayout.ADDRESS,
                        java.lang.foreign.ValueLayout.ADDRESS));
        try (var arena = java.lang.foreign.Arena.ofConfined()) {
            var value = arena.allocate(16, 8);
            int got = (int) prlimit.invokeExact(0, 7, java.lang.foreign.MemorySegment.NULL, value);
            value.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, limit);
            int set = (int) prlimit.invokeExact(0, 7, value, java.lang.foreign.MemorySegment.NULL);
            assertThat(got + set).isZero();
        } catch (Throwable t) {
            throw new IllegalStateException(t);
        }
    }

    private long cpuNanosOfLoop() {
        var threads = ManagementFactory.getThreadMXBean();
        for (long id : threads.getAllThreadIds()) {
            var info = threads.getThreadInfo(id);
            if (info != null && info.getThreadName().equals("test-0")) {
                return threads.getThreadCpuTime(id);
            }
        }
        throw new IllegalStateException("the loop's thread is gone");
    }
}
