package dev.exeat.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.hello.HelloProgress.Complete;
import dev.exeat.hello.HelloProgress.NeedMore;
import dev.exeat.hello.HelloProgress.Refused;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.Reason;
import dev.exeat.model.ServerName;
import dev.exeat.model.TlsAlert;
import dev.exeat.testkit.ClientHelloBuilder;
import dev.exeat.testkit.HelloCases;
import dev.exeat.testkit.Payload;
import dev.exeat.testkit.RecordSplitter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class HelloReaderTest {
    private static final int LIMIT = HelloReader.DEFAULT_LIMIT;

    @Test
    void tells_the_facts_of_a_browsers_hello() {
        ClientHelloBuilder hello = ClientHelloBuilder.to("En.Wikipedia.org")
                .postQuantum()
                .grease()
                .ech(144)
                .alpn("h2", "http/1.1")
                .versions(0x0303, 0x0304);

        assertThat(facts(hello))
                .isEqualTo(new HelloFacts(
                        ServerName.parse("en.wikipedia.org"),
                        "En.Wikipedia.org",
                        List.of(0x0304, 0x0303),
                        List.of("h2", "http/1.1"),
                        true,
                        true,
                        hello.message().length));
    }

    @Test
    void takes_the_legacy_version_where_no_other_is_named() {
        HelloFacts facts = facts(hello().legacyVersion(0x0301).versions().withoutKeyShare());

        assertThat(facts.versions()).containsExactly(0x0301);
        assertThat(facts.alpn()).isEmpty();
        assertThat(facts.ech()).isFalse();
        assertThat(facts.postQuantum()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x11ec, 0x11eb, 0x11ed, 0x6399})
    void sees_a_hybrid_group(int group) {
        assertThat(facts(hello().groups(0x1d, group)).postQuantum()).isTrue();
        assertThat(facts(hello().groups(0x1d, group + 0x100)).postQuantum()).isFalse();
    }

    @Test
    void takes_an_empty_key_share() {
        assertThat(facts(hello().emptyKeyShare()).serverName()).hasToString("allowed.test");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0000, 'server_name, an empty list'",
        "0, '', 'server_name, no list'",
        "0, 0005000001aa00, 'server_name, an octet behind the name'",
        "43, '', 'supported_versions, nothing'",
        "43, 00, 'supported_versions, an empty list'",
        "43, 03030403, 'supported_versions, half a version'",
        "43, 02030400, 'supported_versions, an octet behind'",
        "43, 040304, 'supported_versions, cut'",
        "16, 0000, 'alpn, an empty list'",
        "16, 000100, 'alpn, an empty protocol'",
        "16, 0003026832ff, 'alpn, an octet behind'",
        "16, 0003056832, 'alpn, a protocol past the list'",
        "10, 0000, 'supported_groups, an empty list'",
        "10, 0003001d00, 'supported_groups, half a group'",
        "10, 0002001d00, 'supported_groups, an octet behind'",
        "51, 0006001d0002aa, 'key_share, cut'",
        "51, 0004001d0000, 'key_share, an empty share'",
        "51, 0003001d00, 'key_share, half a length'",
        "51, 0005001d0001aa00, 'key_share, an octet behind'",
    })
    void refuses_lengths_that_do_not_close(int type, String data, String what) {
        ClientHelloBuilder hello = bare(type).extension(type, HexFormat.of().parseHex(data));

        assertThat(refusal(hello.records()))
                .as(what)
                .extracting(Refused::reason, Refused::alert)
                .containsExactly(Reason.HELLO_MALFORMED, TlsAlert.DECODE_ERROR);
    }

    @Test
    void refuses_a_hello_that_offers_no_version() {
        ClientHelloBuilder hello = bare(43).extension(43, new byte[] {4, 0x0a, 0x0a, (byte) 0xfa, (byte) 0xfa});

        assertThat(refusal(hello.records()).alert()).isEqualTo(TlsAlert.PROTOCOL_VERSION);
    }

    @Test
    void refuses_a_legacy_version_that_is_not_of_tls() {
        assertThat(refusal(hello().legacyVersion(0x0200).records()).alert()).isEqualTo(TlsAlert.PROTOCOL_VERSION);
    }

    @Test
    void refuses_a_name_with_its_octets_escaped_and_bounded() {
        Refused refused = refusal(
                ClientHelloBuilder.to("a\"\r\n\\\u00ff" + "x".repeat(400)).records());

        assertThat(refused.reason()).isEqualTo(Reason.SNI_INVALID);
        assertThat(refused.detail())
                .startsWith("server_name \"a\\x22\\x0d\\x0a\\x5c\\xff" + "x".repeat(20))
                .contains("\" and 151 more octets: ")
                .hasSizeLessThan(500);
    }

    @Test
    void tells_a_broken_structure_before_an_invalid_name() {
        assertThat(refusal(ClientHelloBuilder.to("localhost").trailing((byte) 1).records())
                        .reason())
                .isEqualTo(Reason.HELLO_MALFORMED);
    }

    @ParameterizedTest
    @EnumSource(
            value = Payload.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"DTLS", "RECORD_V2"})
    void refuses_other_protocols_at_the_first_octet(Payload payload) {
        assertThat(refusal(Arrays.copyOf(payload.octets(), 1)).reason()).isEqualTo(Reason.NOT_TLS);
    }

    @ParameterizedTest
    @CsvSource({
        "16fe, NOT_TLS",
        "1602, NOT_TLS",
        "16030141, HELLO_MALFORMED",
        "1603014001, HELLO_MALFORMED",
        "1603010000, HELLO_MALFORMED",
        "160301000102, HELLO_MALFORMED",
        "16030101000101, HELLO_TOO_LARGE",
        "16030101000100fffd, HELLO_TOO_LARGE",
        "160301000901000004, HELLO_MALFORMED"
    })
    void refuses_at_the_first_wrong_octet(String octets, Reason reason) {
        byte[] wrong = HexFormat.of().parseHex(octets);
        HelloReader reader = new HelloReader(LIMIT);

        assertThat(reader.feed(ByteBuffer.wrap(wrong, 0, wrong.length - 1))).isEqualTo(NeedMore.INSTANCE);
        assertThat(reader.feed(ByteBuffer.wrap(wrong, wrong.length - 1, 1)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(reason));
    }

    @Test
    void takes_a_message_of_exactly_the_limit_and_none_longer() {
        byte[] hello = hello().padTo(32_000).records();

        assertThat(new HelloReader(32_000).feed(ByteBuffer.wrap(hello))).isInstanceOf(Complete.class);
        assertThat(new HelloReader(31_999).feed(ByteBuffer.wrap(hello, 0, 9)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.HELLO_TOO_LARGE));
    }

    @Test
    void bounds_what_the_records_take() {
        byte[] hello = new RecordSplitter().size(1).split(hello().padTo(8_000).message());

        assertThat(new HelloReader(64_000).feed(ByteBuffer.wrap(hello))).isInstanceOf(Complete.class);
        assertThat(new HelloReader(8_000).feed(ByteBuffer.wrap(hello)))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.HELLO_TOO_LARGE));
    }

    @Test
    void counts_what_each_protocol_and_extension_costs() {
        assertThat(read(hello().manyExtensions(990).records())).isInstanceOf(Complete.class);
        assertThat(refusal(hello().manyExtensions(1_000).records()).reason()).isEqualTo(Reason.HELLO_TOO_LARGE);
        assertThat(facts(hello().alpn("h2 ".repeat(256).split(" "))).alpn()).hasSize(256);
        assertThat(refusal(hello().alpn("h2 ".repeat(257).split(" ")).records()).reason())
                .isEqualTo(Reason.HELLO_TOO_LARGE);
    }

    @Test
    void tells_where_the_hello_ends_and_keeps_what_follows() {
        byte[] early = HelloCases.of("S06").octets();
        HelloReader reader = new HelloReader(LIMIT);

        Complete complete = (Complete) reader.feed(ByteBuffer.wrap(early));
        assertThat(reader.feed(ByteBuffer.wrap(new byte[] {1, 2, 3}))).isSameAs(complete);

        assertThat(complete.end()).isEqualTo(early.length - 3_005);
        assertThat(reader.received()).startsWith(early).endsWith(1, 2, 3).hasSize(early.length + 3);
    }

    @Test
    void stays_refused_and_keeps_nothing_more() {
        HelloReader reader = new HelloReader(LIMIT);
        HelloProgress refused = reader.feed(ByteBuffer.wrap(Payload.HTTP.octets()));
        ByteBuffer good = ByteBuffer.wrap(hello().records());

        assertThat(reader.feed(good)).isSameAs(refused).isInstanceOf(Refused.class);
        assertThat(good.hasRemaining()).isFalse();
        assertThat(reader.received()).hasSize(Payload.HTTP.octets().length);
    }

    @Test
    void refuses_a_senseless_limit() {
        assertThatThrownBy(() -> new HelloReader(3)).isInstanceOf(IllegalArgumentException.class);
    }

    private static ClientHelloBuilder hello() {
        return ClientHelloBuilder.to("allowed.test");
    }

    /** A good hello without the extension {@code type}. */
    private static ClientHelloBuilder bare(int type) {
        return switch (type) {
            case 0 -> ClientHelloBuilder.withoutSni();
            case 43 -> hello().versions();
            case 51 -> hello().withoutKeyShare();
            case 10 -> hello().withoutGroups();
            default -> hello();
        };
    }

    private static HelloProgress read(byte[] octets) {
        return new HelloReader(LIMIT).feed(ByteBuffer.wrap(octets));
    }

    private static HelloFacts facts(ClientHelloBuilder hello) {
        return ((Complete) read(hello.records())).facts();
    }

    private static Refused refusal(byte[] octets) {
        return (Refused) read(octets);
    }
}
