package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.RecordSplitter;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** Work and memory are bounded by what arrived; counted, not timed. */
class HelloWorkTest {
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void moves_fewer_octets_than_arrive_however_they_are_cut() {
        byte[] hello = ClientHelloBuilder.to("allowed.test").padTo(60_000).records();
        HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);

        HelloProgress progress = octetByOctet(reader, hello);

        assertThat(progress).isInstanceOf(HelloProgress.Complete.class);
        assertThat(reader.wire().moved()).isLessThan(2L * hello.length);
    }

    @Test
    void never_looks_at_an_octet_twice() {
        byte[] hello = new RecordSplitter()
                .size(7)
                .split(ClientHelloBuilder.to("allowed.test").message());
        HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);

        for (int i = 0; i < hello.length; i++) {
            reader.feed(ByteBuffer.wrap(hello, i, 1));
            assertThat(reader.scanned()).isEqualTo(i + 1);
        }
    }

    @Test
    void allocates_in_proportion_to_5000_records_of_one_octet() {
        byte[] hello = new RecordSplitter()
                .size(1)
                .split(ClientHelloBuilder.to("allowed.test").padTo(5_000).message());
        octetByOctet(new HelloReader(HelloReader.DEFAULT_LIMIT), hello);

        long before = THREADS.getCurrentThreadAllocatedBytes();
        HelloReader reader = new HelloReader(HelloReader.DEFAULT_LIMIT);
        HelloProgress progress = reader.feed(ByteBuffer.wrap(hello));
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(progress).isInstanceOf(HelloProgress.Complete.class);
        assertThat(allocated).isLessThan(2L * hello.length + 8_192);
    }

    @Test
    void allocates_nothing_by_a_length_that_is_only_claimed() {
        byte[] start = java.util.Arrays.copyOf(
                ClientHelloBuilder.to("allowed.test").padTo(60_000).records(), 200);
        new HelloReader(HelloReader.DEFAULT_LIMIT).feed(ByteBuffer.wrap(start));

        long before = THREADS.getCurrentThreadAllocatedBytes();
        HelloProgress progress = new HelloReader(HelloReader.DEFAULT_LIMIT).feed(ByteBuffer.wrap(start));
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(progress).isEqualTo(HelloProgress.NeedMore.INSTANCE);
        assertThat(allocated).isLessThan(2_048);
    }

    @Test
    void stops_at_the_thousandth_extension() {
        byte[] hello = HelloCases.of("H31").octets();
        new HelloReader(HelloReader.DEFAULT_LIMIT).feed(ByteBuffer.wrap(hello));

        long before = THREADS.getCurrentThreadAllocatedBytes();
        HelloProgress progress = new HelloReader(HelloReader.DEFAULT_LIMIT).feed(ByteBuffer.wrap(hello));
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;

        assertThat(progress).isInstanceOf(HelloProgress.Refused.class);
        assertThat(allocated).isLessThan(3L * hello.length + 200_000);
    }

    private static HelloProgress octetByOctet(HelloReader reader, byte[] hello) {
        HelloProgress progress = HelloProgress.NeedMore.INSTANCE;
        for (int i = 0; i < hello.length; i++) {
            progress = reader.feed(ByteBuffer.wrap(hello, i, 1));
        }
        return progress;
    }
}
