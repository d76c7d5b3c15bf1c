package dev.exeat.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the tables of both processors to the kernel's own headers, and the layouts to the kernel itself. */
class ArchitectureTest {
    /** What aarch64 and every younger processor use. */
    private static final Path GENERIC = Path.of("/usr/include/asm-generic/unistd.h");

    private static final Path X86_64 = Path.of("/usr/include/x86_64-linux-gnu/asm/unistd_64.h");

    @Test
    void x86_64_numbers_are_those_of_the_kernel_headers() throws Exception {
        assertNumbers(Architecture.X86_64, X86_64);
    }

    @Test
    void aarch64_numbers_are_those_of_the_kernel_headers() throws Exception {
        assertNumbers(Architecture.AARCH64, GENERIC);
    }

    private static void assertNumbers(Architecture architecture, Path header) throws Exception {
        assumeTrue(Files.exists(header), () -> header + " comes with the C library's headers");
        Map<String, Integer> numbers = numbers(header);
        int compared = 0;
        for (RecordComponent call : Architecture.class.getRecordComponents()) {
            String name = snakeCase(call.getName());
            if (!name.startsWith("event_")) {
                assertThat(call.getAccessor().invoke(architecture)).as(name).isEqualTo(numbers.get(name));
                compared++;
            }
        }
        assertThat(compared).isEqualTo(30);
    }

    /** As in {@code #define __NR_splice 76}, and {@code #define __NR3264_fcntl 25} where old processors differ. */
    private static Map<String, Integer> numbers(Path header) throws IOException {
        Matcher defined =
                Pattern.compile("(?m)^#define __NR(?:3264)?_(\\w+)\\s+(\\d+)").matcher(Files.readString(header));
        Map<String, Integer> numbers = new HashMap<>();
        while (defined.find()) {
            numbers.put(defined.group(1), Integer.parseInt(defined.group(2)));
        }
        return numbers;
    }

    private static String snakeCase(String name) {
        return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                .toLowerCase(Locale.ROOT)
                .replaceAll("(?<=inotify_init|epoll_create)_", "");
    }

    /** The kernel's {@code struct epoll_event} has __attribute__((packed)) on x86_64 alone. */
    @ParameterizedTest
    @CsvSource({"12,4,true", "16,8,false"})
    void an_epoll_event_is_packed_on_x86_64_alone(int size, int data, boolean packed) {
        Architecture architecture = packed ? Architecture.X86_64 : Architecture.AARCH64;

        assertThat(architecture.eventSize()).isEqualTo(size);
        assertThat(architecture.eventData()).isEqualTo(data);
    }

    @Test
    void the_kernel_hands_out_an_array_of_events_in_this_layout() {
        Architecture here = Architecture.current();
        try (Arena arena = Arena.ofConfined()) {
            Kernel kernel = new Kernel(arena);
            MemorySegment event = arena.allocate(16, 8);
            MemorySegment events = arena.allocate(8L * here.eventSize(), 8);
            MemorySegment one = arena.allocate(8, 8);
            one.set(ValueLayout.JAVA_LONG, 0, 1);
            int epoll = (int) kernel.call(here.epollCreate1(), 0, 0, 0);
            int[] descriptors = new int[3];
            for (int i = 0; i < descriptors.length; i++) {
                descriptors[i] = (int) kernel.call(here.eventfd2(), 0, 0x800, 0);
                event.set(ValueLayout.JAVA_INT, 0, EventLoop.EPOLL_IN);
                event.set(ValueLayout.JAVA_LONG_UNALIGNED, here.eventData(), 0x1122334455667700L + i);
                kernel.call(here.epollCtl(), epoll, 1, descriptors[i], event.address(), 0, 0);
                kernel.call(here.write(), descriptors[i], one.address(), 8);
            }

            long ready = kernel.block(here.epollPwait(), epoll, events.address(), 8, 0, 0, 8);

            assertThat(ready).isEqualTo(descriptors.length);
            for (int i = 0; i < descriptors.length; i++) {
                long at = (long) i * here.eventSize();
                assertThat(events.get(ValueLayout.JAVA_INT_UNALIGNED, at)).isEqualTo(EventLoop.EPOLL_IN);
                assertThat(events.get(ValueLayout.JAVA_LONG_UNALIGNED, at + here.eventData()))
                        .isEqualTo(0x1122334455667700L + i);
                kernel.close(descriptors[i]);
            }
            kernel.close(epoll);
        }
    }

    @Test
    void a_failed_call_answers_the_negative_error_number() {
        try (Arena arena = Arena.ofConfined()) {
            assertThat(new Kernel(arena).call(Architecture.current().read(), -1, 0, 0))
                    .isEqualTo(-9);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "203.0.113.255", "::1", "2001:db8::ff00:42:8329"})
    void socket_addresses_survive_the_way_through_native_memory(String host) throws Exception {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), 50443);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(NativeScratch.ADDRESS, 8);
            int length = SocketAddresses.write(address, memory);

            assertThat(SocketAddresses.read(memory)).isEqualTo(address);
            assertThat(length).isEqualTo(host.contains(":") ? 28 : 16);
            // The port stands in network order in both structures.
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 2) & 0xff).isEqualTo(50443 >> 8);
            assertThat(memory.get(ValueLayout.JAVA_BYTE, 3) & 0xff).isEqualTo(50443 & 0xff);
        }
    }
}
