package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.hello.HelloProgress.Complete;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.Reason;
import dev.exeat.model.TlsAlert;
import dev.exeat.testkit.Behaviour;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.RecordSplitter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelloWatcherTest {
    private static final byte[] RETRY = Behaviour.helloRetryRequest(new byte[32]);
    private static final byte[] SERVER_HELLO = Behaviour.serverHello(new byte[32], new byte[32], new byte[0]);
    private static final byte[] CIPHER_SPEC = hex("140303000101");
    private static final byte[] ALERT = hex("15030300020100");
    private static final byte[] EARLY_DATA = hex("1703030005aabbccddee");
    private static final byte[] SAME = hello("allowed.test");
    private static final byte[] OTHER = hello("denied.test");

    private final HelloWatcher watcher = watcher(ClientHelloBuilder.to("allowed.test"));

    @Test
    void is_done_at_a_server_hello() {
        assertThat(watcher.done()).isFalse();

        assertThat(server(SERVER_HELLO)).isEqualTo(SERVER_HELLO.length);

        assertThat(watcher.done()).isTrue();
        assertThat(client(OTHER)).isEqualTo(OTHER.length);
        assertThat(watcher.violation()).isNull();
    }

    @Test
    void passes_a_second_hello_with_the_same_name() {
        server(RETRY);
        assertThat(watcher.done()).isFalse();

        assertThat(client(join(CIPHER_SPEC, SAME))).isEqualTo(CIPHER_SPEC.length + SAME.length);

        assertThat(watcher.done()).isTrue();
    }

    @Test
    void withholds_a_second_hello_until_all_of_it_is_checked() {
        server(RETRY);

        for (int length = 1; length < SAME.length; length++) {
            assertThat(watcher.client(ByteBuffer.wrap(SAME, 0, length))).isZero();
        }
        assertThat(watcher.client(ByteBuffer.wrap(SAME))).isEqualTo(SAME.length);
    }

    @Test
    void refuses_a_second_hello_with_another_name() {
        server(RETRY);

        assertThat(client(OTHER)).isEqualTo(-1);

        assertViolation(Reason.SNI_CHANGED, TlsAlert.ILLEGAL_PARAMETER, "denied.test");
        assertThat(client(SAME)).isEqualTo(-1);
        assertThat(server(SERVER_HELLO)).isEqualTo(-1);
        assertThat(watcher.done()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ALLOWED.test", "localhost", ""})
    void refuses_a_second_hello_whose_name_differs_at_all(String name) {
        server(RETRY);
        ClientHelloBuilder second = name.isEmpty() ? ClientHelloBuilder.withoutSni() : ClientHelloBuilder.to(name);

        assertThat(client(second.records())).isEqualTo(-1);

        assertViolation(Reason.SNI_CHANGED, TlsAlert.ILLEGAL_PARAMETER, "second ClientHello");
    }

    @Test
    void refuses_a_malformed_second_hello_as_a_first_one() {
        server(RETRY);

        assertThat(client(
                        ClientHelloBuilder.to("allowed.test").trailing((byte) 0).records()))
                .isEqualTo(-1);

        assertViolation(Reason.HELLO_MALFORMED, TlsAlert.DECODE_ERROR, "second ClientHello");
    }

    @Test
    void refuses_ech_that_the_first_hello_had_not() {
        server(RETRY);

        assertThat(client(ClientHelloBuilder.to("allowed.test").ech(144).records()))
                .isEqualTo(-1);

        assertViolation(Reason.HELLO_MALFORMED, TlsAlert.ILLEGAL_PARAMETER, "encrypted_client_hello");
    }

    @Test
    void takes_ech_that_the_first_hello_had() {
        HelloWatcher other = watcher(ClientHelloBuilder.to("allowed.test").ech(144));
        byte[] second = ClientHelloBuilder.to("allowed.test").ech(144).records();
        other.server(ByteBuffer.wrap(RETRY));

        assertThat(other.client(ByteBuffer.wrap(second))).isEqualTo(second.length);
    }

    @Test
    void bounds_the_second_hello() {
        server(RETRY);
        byte[] large = ClientHelloBuilder.to("allowed.test").padTo(10_000).records();

        assertThat(watcher.client(ByteBuffer.wrap(large, 0, 9))).isEqualTo(-1);

        assertViolation(Reason.HELLO_TOO_LARGE, TlsAlert.DECODE_ERROR, "second ClientHello");
    }

    @Test
    void refuses_a_second_hello_before_the_servers_answer() {
        assertThat(client(SAME)).isEqualTo(-1);

        assertViolation(Reason.HELLO_MALFORMED, TlsAlert.UNEXPECTED_MESSAGE, "second handshake message");
    }

    @Test
    void passes_early_data_one_cipher_spec_and_alerts_before_the_answer() {
        byte[] early = join(CIPHER_SPEC, EARLY_DATA, EARLY_DATA, ALERT);

        assertThat(client(early)).isEqualTo(early.length);
        assertThat(watcher.done()).isFalse();
        assertThat(client(CIPHER_SPEC)).isEqualTo(-1);
        assertViolation(Reason.HELLO_MALFORMED, TlsAlert.UNEXPECTED_MESSAGE, "change_cipher_spec");
    }

    @Test
    void passes_early_data_that_is_still_under_way_after_a_retry() {
        client(CIPHER_SPEC);
        server(RETRY);
        byte[] rest = join(EARLY_DATA, CIPHER_SPEC, SAME);

        assertThat(client(rest)).isEqualTo(rest.length);
        assertThat(watcher.done()).isTrue();
    }

    @Test
    void passes_a_long_record_as_it_arrives() {
        byte[] start = hex("1703034800" + "00".repeat(10));

        assertThat(client(start)).isEqualTo(start.length);
        assertThat(client(new byte[18_422])).isEqualTo(18_422);
        assertThat(client(SAME)).isEqualTo(-1);
    }

    @ParameterizedTest
    @CsvSource({
        "1403030002, UNEXPECTED_MESSAGE, a cipher spec of two octets",
        "1703034801, RECORD_OVERFLOW, too long a record",
        "1702030001, PROTOCOL_VERSION, another protocol",
        "18, UNEXPECTED_MESSAGE, a heartbeat",
        "47, UNEXPECTED_MESSAGE, plain HTTP",
        "16, UNEXPECTED_MESSAGE, a handshake",
    })
    void refuses_other_records_of_the_client(String octets, TlsAlert alert, String what) {
        byte[] record = hex(octets);
        for (int length = 1; length < record.length; length++) {
            assertThat(watcher.client(ByteBuffer.wrap(record, 0, length))).isZero();
        }

        assertThat(client(record)).as(what).isEqualTo(-1);
        assertViolation(Reason.HELLO_MALFORMED, alert, "");
    }

    @Test
    void takes_a_warning_before_the_answer_and_looks_on() {
        assertThat(server(join(ALERT, RETRY))).isEqualTo(ALERT.length + RETRY.length);

        assertThat(watcher.done()).isFalse();
        assertThat(client(OTHER)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request", "\u0016\u0002\u0003", "\u0017\u0003\u0003"})
    void is_done_when_the_server_speaks_no_tls(String answer) {
        byte[] octets = answer.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

        assertThat(server(octets)).isEqualTo(octets.length);

        assertThat(watcher.done()).isTrue();
    }

    @Test
    void refuses_a_server_that_starts_with_another_message() {
        assertThat(server(hex("160303000401000000"))).isEqualTo(-1);

        assertViolation(Reason.HELLO_MALFORMED, TlsAlert.UNEXPECTED_MESSAGE, "server's first handshake message");
    }

    @Test
    void refuses_a_server_hello_that_another_record_interrupts() {
        assertThat(server(join(new RecordSplitter().fragments("10,d").split(message(RETRY)))))
                .isEqualTo(-1);

        assertViolation(Reason.HELLO_MALFORMED, TlsAlert.UNEXPECTED_MESSAGE, "interrupted");
    }

    @Test
    void sees_a_retry_over_any_split() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            byte[] records = new RecordSplitter().size(1 + random.nextInt(60)).split(message(RETRY));
            byte[] clientSide = join(
                    EARLY_DATA,
                    CIPHER_SPEC,
                    new RecordSplitter().size(1 + random.nextInt(200)).split(message(seed % 2 == 0 ? SAME : OTHER)));
            HelloWatcher one = watcher(ClientHelloBuilder.to("allowed.test"));

            assertThat(relay(one, records, true, random)).isEqualTo(records.length);
            int passed = relay(one, clientSide, false, random);

            assertThat(passed).as("seed " + seed).isEqualTo(seed % 2 == 0 ? clientSide.length : -1);
            assertThat(one.done()).isEqualTo(seed % 2 == 0);
        }
    }

    @Test
    void lets_go_of_what_is_held_once_the_server_has_answered() {
        byte[] half = hex("170303");
        assertThat(client(half)).isZero();

        server(SERVER_HELLO);

        assertThat(client(half)).isEqualTo(half.length);
    }

    /** Feeds octets in random parts and forwards as told; how many were forwarded in all, or -1. */
    private static int relay(HelloWatcher watcher, byte[] octets, boolean fromServer, Random random) {
        int forwarded = 0;
        int arrived = 0;
        while (arrived < octets.length) {
            arrived = Math.min(octets.length, arrived + 1 + random.nextInt(30));
            ByteBuffer held = ByteBuffer.wrap(octets, forwarded, arrived - forwarded);
            int may = fromServer ? watcher.server(held) : watcher.client(held);
            assertThat(held.remaining()).isEqualTo(arrived - forwarded);
            if (may < 0) {
                return -1;
            }
            forwarded += may;
        }
        return forwarded;
    }

    private int client(byte[] held) {
        return watcher.client(ByteBuffer.wrap(held));
    }

    private int server(byte[] held) {
        return watcher.server(ByteBuffer.wrap(held));
    }

    private void assertViolation(Reason reason, TlsAlert alert, String detail) {
        assertThat(watcher.violation()).isNotNull().satisfies(refused -> {
            assertThat(refused.reason()).isEqualTo(reason);
            assertThat(refused.alert()).isEqualTo(alert);
            assertThat(refused.detail()).contains(detail);
        });
    }

    private static HelloWatcher watcher(ClientHelloBuilder first) {
        HelloFacts facts = ((Complete) new HelloReader(8_192).feed(ByteBuffer.wrap(first.records()))).facts();
        return new HelloWatcher(facts, 8_192);
    }

    private static byte[] hello(String name) {
        return ClientHelloBuilder.to(name).records();
    }

    /** The payload of a single record. */
    private static byte[] message(byte[] record) {
        return java.util.Arrays.copyOfRange(record, 5, record.length);
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        List.of(parts).forEach(joined::writeBytes);
        return joined.toByteArray();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
