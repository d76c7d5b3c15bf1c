package dev.exeat.proxy.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The examples of RFC 7541 appendix C, and what must be refused. */
class HpackTest {
    private final HpackDecoder decoder = new HpackDecoder(16_384);

    private List<HeaderField> decode(String hex) {
        return decoder.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", ""))))
                .fields();
    }

    private static HeaderField field(String name, String value) {
        return new HeaderField(name, value);
    }

    @Test
    void decodes_literals_of_each_kind() {
        assertThat(decode("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"))
                .containsExactly(field("custom-key", "custom-header"));
        assertThat(decode("be")).containsExactly(field("custom-key", "custom-header"));
        assertThat(decode("040c 2f73 616d 706c 652f 7061 7468")).containsExactly(field(":path", "/sample/path"));
        assertThat(decode("1008 7061 7373 776f 7264 0673 6563 7265 74")).containsExactly(field("password", "secret"));
        assertThat(decode("82")).containsExactly(field(":method", "GET"));
    }

    @Test
    void decodes_requests_that_build_on_each_other() {
        assertThat(decode("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"))
                .containsExactly(
                        field(":method", "GET"),
                        field(":scheme", "http"),
                        field(":path", "/"),
                        field(":authority", "www.example.com"));
        assertThat(decode("8286 84be 5808 6e6f 2d63 6163 6865"))
                .contains(field(":authority", "www.example.com"), field("cache-control", "no-cache"));
        assertThat(decode("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"))
                .containsExactly(
                        field(":method", "GET"),
                        field(":scheme", "https"),
                        field(":path", "/index.html"),
                        field(":authority", "www.example.com"),
                        field("custom-key", "custom-value"));
    }

    @Test
    void decodes_requests_in_huffman_code() {
        assertThat(decode("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))
                .contains(field(":authority", "www.example.com"));
        assertThat(decode("8286 84be 5886 a8eb 1064 9cbf")).contains(field("cache-control", "no-cache"));
        assertThat(decode("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))
                .contains(field("custom-key", "custom-value"));
    }

    @Test
    void evicts_the_oldest_fields() {
        // Appendix C.6 with its table of 256 octets.
        assertThat(decode("3fe1 01 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b"
                        + " ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3"))
                .containsExactly(
                        field(":status", "302"),
                        field("cache-control", "private"),
                        field("date", "Mon, 21 Oct 2013 20:13:21 GMT"),
                        field("location", "https://www.example.com"));
        assertThat(decode("4883 640e ffc1 c0bf"))
                .containsExactly(
                        field(":status", "307"),
                        field("cache-control", "private"),
                        field("date", "Mon, 21 Oct 2013 20:13:21 GMT"),
                        field("location", "https://www.example.com"));
        assertThat(decode(
                        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d"
                                + " d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5"
                                + " b106 3d50 07"))
                .contains(
                        field(":status", "200"),
                        field("content-encoding", "gzip"),
                        field("set-cookie", "foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1"));
    }

    @Test
    void refuses_huffman_code_that_does_not_end_as_it_must() {
        for (String hex :
                List.of("0001 6181 00", "0001 6182 ffff", "0001 6184 ffff ffff", "0001 6181 fe", "0001 6181")) {
            assertThatThrownBy(() -> decode(hex)).as(hex).isInstanceOf(H2Exception.class);
        }
    }

    @Test
    void encodes_what_it_decodes() {
        HpackEncoder encoder = new HpackEncoder();
        ByteBuffer out = ByteBuffer.allocate(1024);
        String name = "n".repeat(200) + ":443";
        encoder.connect(out, name);
        assertThat(decoder.decode(out.flip()).fields())
                .containsExactly(field(":method", "CONNECT"), field(":authority", name));
        encoder.established(out.clear());
        assertThat(decoder.decode(out.flip()).fields()).containsExactly(field(":status", "200"));
        encoder.refusal(out.clear(), 503, 1234);
        assertThat(decoder.decode(out.flip()).fields())
                .containsExactly(
                        field(":status", "503"),
                        field("content-type", "application/json"),
                        field("content-length", "1234"));
    }

    @Test
    void survives_any_octets() {
        Random random = new Random(7);
        for (int round = 0; round < 200_000; round++) {
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            try {
                HpackDecoder.Block block = decoder.decode(ByteBuffer.wrap(noise));
                assertThat(block.fields().stream().mapToInt(HeaderField::size).sum())
                        .isLessThanOrEqualTo(16_384);
            } catch (H2Exception e) {
                assertThat(e.error()).isEqualTo(H2Error.COMPRESSION_ERROR);
            }
        }
    }
}
