package dev.exeat.proxy.socks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.HostPort;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Reason;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class Socks5ReaderTest {
    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static byte[] toName(String name, int port) {
        byte[] octets = name.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {5, 1, 0, 3, (byte) octets.length});
        out.writeBytes(octets);
        out.write(port >> 8);
        out.write(port);
        return out.toByteArray();
    }

    /** Reads octet by octet; the last step that is not Incomplete or an answer. */
    private static SocksStep read(Socks5Reader reader, byte[] octets) {
        SocksStep step = new SocksStep.Incomplete();
        for (byte octet : octets) {
            step = reader.read(ByteBuffer.wrap(new byte[] {octet}));
        }
        return step;
    }

    private static Socks5Reader greeted() {
        Socks5Reader reader = new Socks5Reader();
        assertThat(read(reader, hex("05 02 02 00")))
                .isInstanceOfSatisfying(
                        SocksStep.Answer.class,
                        answer -> assertThat(answer.bytes()).isEqualTo(ByteBuffer.wrap(hex("0500"))));
        return reader;
    }

    @Test
    void takes_a_name() {
        assertThat(read(greeted(), toName("EN.example.com", 443)))
                .isEqualTo(new SocksStep.Tunnel(HostPort.parse("en.example.com:443")));
    }

    @Test
    void takes_all_in_one_piece_and_leaves_what_follows() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(hex("05 01 00"));
        all.writeBytes(toName("en.example.com", 443));
        all.writeBytes(hex("16 03 01"));
        ByteBuffer in = ByteBuffer.wrap(all.toByteArray());
        Socks5Reader reader = new Socks5Reader();
        assertThat(reader.read(in)).isInstanceOf(SocksStep.Answer.class);
        assertThat(reader.read(in)).isInstanceOf(SocksStep.Tunnel.class);
        assertThat(in.remaining()).isEqualTo(3);
        assertThat(reader.read(in)).isInstanceOf(SocksStep.Tunnel.class);
        assertThat(in.remaining()).isEqualTo(3);
    }

    @Test
    void tells_addresses_from_names() {
        assertThat(read(greeted(), hex("05 01 00 01 c0000201 01bb")))
                .isEqualTo(new SocksStep.Literal(IpAddress.parse("192.0.2.1"), 443));
        assertThat(read(greeted(), hex("05 01 00 04 20010db8000000000000000000000001 01bb")))
                .isEqualTo(new SocksStep.Literal(IpAddress.parse("2001:db8::1"), 443));
    }

    @ParameterizedTest
    @CsvSource({
        "04 01 01bb c0000201 00, 005b000000000000",
        "16 03 01, ''",
        "47 45 54, ''",
        "05 01 02, 05ff",
        "05 00, 05ff",
        "05 02 01 02, 05ff"
    })
    void refuses_the_greeting(String octets, String answer) {
        assertThat(read(new Socks5Reader(), hex(octets))).isInstanceOfSatisfying(SocksStep.Refused.class, refused -> {
            assertThat(refused.bytes()).isEqualTo(ByteBuffer.wrap(hex(answer)));
            assertThat(refused.reason()).isEqualTo(Reason.PROTOCOL_INVALID);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "05 02, 7",
        "05 03, 7",
        "05 01 01, 1",
        "05 01 00 02, 8",
        "05 01 00 00, 8",
        "05 01 00 01 c0000201 0000, 2",
        "05 01 00 03 00 01bb, 2",
        "05 01 00 03 09 3139322e302e322e31 01bb, 2",
        "05 01 00 03 02 6100 01bb, 2"
    })
    void refuses_the_request(String octets, int code) {
        assertThat(read(greeted(), hex(octets)))
                .isInstanceOfSatisfying(
                        SocksStep.Refused.class,
                        refused -> assertThat(refused.bytes().get(1)).isEqualTo((byte) code));
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void has_a_reply_for_every_reason(Reason reason) {
        assertThat(SocksReply.of(reason)).isNotEqualTo(SocksReply.SUCCEEDED);
        assertThat(SocksReply.of(reason).bytes().remaining()).isEqualTo(10);
    }

    @Test
    void survives_any_octets() {
        Random random = new Random(6);
        for (int round = 0; round < 200_000; round++) {
            byte[] octets = new byte[random.nextInt(300)];
            random.nextBytes(octets);
            if (octets.length > 8 && random.nextBoolean()) {
                System.arraycopy(hex("05 01 00 05 01 00"), 0, octets, 0, 6);
            }
            Socks5Reader reader = new Socks5Reader();
            ByteBuffer in = ByteBuffer.wrap(octets);
            SocksStep step;
            do {
                step = reader.read(in);
            } while (step instanceof SocksStep.Answer);
            assertThat(step instanceof SocksStep.Incomplete && in.hasRemaining())
                    .isFalse();
        }
    }
}
