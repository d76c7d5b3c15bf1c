package dev.exeat.bench.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.hello.HelloProgress;
import dev.exeat.hello.HelloReader;
import dev.exeat.hello.HelloWatcher;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** What is played must be TLS to the parsers of those that are measured. */
class AppTlsTest {
    @Test
    void the_hello_is_one_record_with_the_name() {
        byte[] hello = AppTls.clientHello(AppTls.HOST);

        assertThat(hello).hasSize(517);
        assertThat(new HelloReader(4096).feed(ByteBuffer.wrap(hello)))
                .isInstanceOfSatisfying(
                        HelloProgress.Complete.class,
                        complete -> assertThat(complete.facts().serverName().value())
                                .isEqualTo(AppTls.HOST));
    }

    @Test
    void the_answer_is_a_server_hello_after_which_nothing_is_watched() {
        HelloReader reader = new HelloReader(4096);
        var complete = (HelloProgress.Complete) reader.feed(ByteBuffer.wrap(AppTls.clientHello(AppTls.HOST)));
        HelloWatcher watcher = new HelloWatcher(complete.facts(), 4096);

        assertThat(watcher.server(ByteBuffer.wrap(AppTls.answer()))).isEqualTo(AppTls.ANSWER);
        assertThat(watcher.done()).isTrue();
    }

    @Test
    void requests_say_what_they_ask_for() {
        assertThat(AppTls.ping()).hasSize(300);
        assertThat(AppTls.records(ByteBuffer.wrap(AppTls.ping()))).isZero();
        assertThat(AppTls.records(ByteBuffer.wrap(AppTls.bulk(7)))).isEqualTo(7);
        assertThat(AppTls.fullRecords(3)).hasSize((int) AppTls.bulkOctets(3));
        assertThat(AppTls.response()).hasSize(AppTls.RESPONSE);
    }
}
