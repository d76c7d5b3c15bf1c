package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a socket of the kernel's own. */
class UnixDatagramsTest {
    private static final Architecture A = Kernel.ARCHITECTURE;

    @TempDir
    private Path directory;

    /** A bound socket that takes datagrams. */
    private static final class Receiver implements AutoCloseable {
        private final Arena arena = Arena.ofConfined();
        private final Kernel kernel = new Kernel(arena);
        private final MemorySegment memory = arena.allocate(UnixDatagrams.LONGEST, 8);
        private final int fd;

        Receiver(Path path) {
            fd = (int) kernel.call(A.socket(), 1, 2 | 0x80000, 0);
            byte[] name = path.toString().getBytes(StandardCharsets.UTF_8);
            memory.set(ValueLayout.JAVA_SHORT, 0, (short) 1);
            MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, 2, name.length);
            assertThat(kernel.call(A.bind(), fd, memory.address(), 2 + name.length + 1L))
                    .isZero();
        }

        byte[] receive() {
            long length = kernel.block(A.recvfrom(), fd, memory.address(), UnixDatagrams.LONGEST, 0, 0, 0);
            return memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
        }

        @Override
        public void close() {
            kernel.close(fd);
            arena.close();
        }
    }

    @Test
    void each_call_sends_one_datagram() throws Exception {
        Path path = directory.resolve("log");
        byte[] long60k = new byte[60_000];
        try (Receiver receiver = new Receiver(path);
                UnixDatagrams socket = UnixDatagrams.connect(path)) {
            socket.send("-one-two".getBytes(StandardCharsets.UTF_8), 1, 3);
            socket.send("-one-two".getBytes(StandardCharsets.UTF_8), 5, 3);
            socket.send(long60k, 0, long60k.length);

            assertThat(receiver.receive()).asString().isEqualTo("one");
            assertThat(receiver.receive()).asString().isEqualTo("two");
            assertThat(receiver.receive()).hasSize(60_000);
        }
    }

    @Test
    void says_that_nobody_takes_them() throws Exception {
        Path path = directory.resolve("log");
        assertThatThrownBy(() -> UnixDatagrams.connect(path)).isInstanceOf(IOException.class);

        Receiver receiver = new Receiver(path);
        try (UnixDatagrams socket = UnixDatagrams.connect(path)) {
            receiver.close();

            assertThatThrownBy(() -> socket.send(new byte[1], 0, 1)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void says_that_a_path_is_too_long() {
        assertThatThrownBy(() -> UnixDatagrams.connect(Path.of("/" + "a".repeat(107))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("too long");
    }
}
