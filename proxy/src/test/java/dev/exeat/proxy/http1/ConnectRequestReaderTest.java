package dev.exeat.proxy.http1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.HostPort;
import dev.exeat.model.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectRequestReaderTest {
    private static final HostPort EN = HostPort.parse("en.example.com:443");
    private static final String GOOD =
            "CONNECT en.example.com:443 HTTP/1.1\r\nHost: en.example.com:443\r\nUser-Agent: curl/8\r\n\r\n";

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static ConnectHead read(String text) {
        return new ConnectRequestReader().read(bytes(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GOOD,
                "CONNECT en.example.com:443 HTTP/1.0\r\n\r\n",
                "CONNECT EN.Example.com:443 HTTP/1.1\r\nhost:EN.example.COM\r\n\r\n",
                "CONNECT en.example.com:443 HTTP/1.1\r\nHost: \t en.example.com:443 \t\r\nContent-Length: 0\r\n\r\n",
                "CONNECT en.example.com:00443 HTTP/1.1\r\nHost: en.example.com:443\r\nX: \u00e9\r\nEmpty:\r\n\r\n"
            })
    void takes(String head) {
        assertThat(read(head)).isEqualTo(new ConnectHead.Tunnel(EN));
    }

    @Test
    void takes_any_split_and_leaves_what_follows() {
        for (int cut = 0; cut <= GOOD.length(); cut++) {
            ConnectRequestReader reader = new ConnectRequestReader();
            ConnectHead first = reader.read(bytes(GOOD.substring(0, cut)));
            ByteBuffer rest = bytes(GOOD.substring(cut) + "\u0016\u0003\u0001");
            ConnectHead second = reader.read(rest);
            if (cut < GOOD.length()) {
                assertThat(first).isEqualTo(new ConnectHead.Incomplete());
            }
            assertThat(second).isEqualTo(new ConnectHead.Tunnel(EN));
            assertThat(rest.remaining()).isEqualTo(3);
        }
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(405, "GET / HTTP/1.1\r\nHost: a.test\r\n\r\n"),
                Arguments.of(405, "GET http://en.example.com/ HTTP/1.1\r\n"),
                Arguments.of(405, "connect en.example.com:443 HTTP/1.1\r\n"),
                Arguments.of(400, "CONNECT  en.example.com:443 HTTP/1.1\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443  HTTP/1.1\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1 \r\n"),
                Arguments.of(400, "CONNECT en.example.com:443\r\n"),
                Arguments.of(400, "CONNECT\ten.example.com:443\tHTTP/1.1\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\rX"),
                Arguments.of(400, "\r\nCONNECT en.example.com:443 HTTP/1.1\r\n"),
                Arguments.of(505, "CONNECT en.example.com:443 HTTP/2.0\r\n"),
                Arguments.of(505, "CONNECT en.example.com:443 HTTP/1.2\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 http/1.1\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\n\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nHost: a\r\nHost: a\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nHost: de.example.com:443\r\n\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nHost: en.example.com:444\r\n\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nHost:\r\n\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nHost : en.example.com\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\n folded\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nA: b\r\n c\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nno colon\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\n: x\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nA: b\u0000\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nContent-Length: 5\r\n"),
                Arguments.of(400, "CONNECT en.example.com:443 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"),
                Arguments.of(431, "CONNECT en.example.com:443 HTTP/1.1\r\n" + "A: b\r\n".repeat(101)),
                Arguments.of(431, "CONNECT en.example.com:443 HTTP/1.1\r\nA: " + "b".repeat(17_000)),
                Arguments.of(400, "\u0016\u0003\u0001\u0002\u0000\u0001"),
                Arguments.of(400, "A".repeat(40)));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void refuses(int status, String head) {
        for (boolean whole : new boolean[] {true, false}) {
            ConnectRequestReader reader = new ConnectRequestReader();
            ConnectHead result = new ConnectHead.Incomplete();
            if (whole) {
                result = reader.read(bytes(head));
            } else {
                for (int i = 0; i < head.length() && result instanceof ConnectHead.Incomplete; i++) {
                    result = reader.read(bytes(head.substring(i, i + 1)));
                }
            }
            assertThat(result)
                    .as(head)
                    .isInstanceOfSatisfying(
                            ConnectHead.Refused.class,
                            refused -> assertThat(refused.status()).isEqualTo(status));
            ByteBuffer more = bytes("more");
            assertThat(reader.read(more)).isEqualTo(result);
            assertThat(more.remaining()).isEqualTo(4);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "en.example.com",
                "en.example.com:",
                "en.example.com:0",
                "en.example.com:65536",
                "en.example.com:443x",
                "en.example.com.:443",
                "192.0.2.1:443",
                "[::1]:443",
                "localhost:443",
                "user@en.example.com:443",
                "https://en.example.com:443",
                "/",
                "*"
            })
    void refuses_the_target(String target) {
        assertThat(read("CONNECT " + target + " HTTP/1.1\r\n"))
                .isInstanceOfSatisfying(ConnectHead.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.AUTHORITY_INVALID);
                    assertThat(refused.status()).isEqualTo(400);
                    assertThat(refused.authority()).isEqualTo(target);
                });
    }

    @Test
    void survives_any_octets() {
        Random random = new Random(5);
        for (int round = 0; round < 100_000; round++) {
            byte[] octets = GOOD.getBytes(StandardCharsets.ISO_8859_1);
            for (int i = random.nextInt(4); i >= 0; i--) {
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            }
            ConnectRequestReader reader = new ConnectRequestReader();
            ByteBuffer in = ByteBuffer.wrap(octets);
            while (in.hasRemaining()) {
                int length = Math.min(in.remaining(), 1 + random.nextInt(60));
                ByteBuffer part = in.slice(in.position(), length);
                if (!(reader.read(part) instanceof ConnectHead.Incomplete)) {
                    break;
                }
                assertThat(part.hasRemaining()).isFalse();
                in.position(in.position() + length);
            }
        }
    }
}
