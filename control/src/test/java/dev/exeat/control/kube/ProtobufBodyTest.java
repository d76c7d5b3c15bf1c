package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProtobufBodyTest {
    private static byte[] message(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] field(int number, byte[] value) {
        return message(new byte[] {(byte) (number << 3 | 2), (byte) value.length}, value);
    }

    private static byte[] field(int number, String value) {
        return field(number, value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] body(String kind, byte[] raw) {
        return message(new byte[] {'k', '8', 's', 0}, field(1, message(field(1, "v1"), field(2, kind))), field(2, raw));
    }

    private static byte[] configMap() {
        byte[] metadata = message(
                field(1, "c"), field(3, "team"), field(11, message(field(1, "app"), field(2, "x"))), new byte[] {
                    7 << 3, 5
                });
        return body("ConfigMap", message(field(1, metadata), field(2, message(field(1, "a"), field(2, "b")))));
    }

    @Test
    void reads_the_fields_that_matter_and_skips_others() {
        assertThat(ProtobufBody.is(configMap())).isTrue();
        assertThat(ProtobufBody.read(configMap()).toString())
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
                        + "\"metadata\":{\"name\":\"c\",\"namespace\":\"team\",\"labels\":{\"app\":\"x\"}},"
                        + "\"data\":{\"a\":\"b\"}}");
    }

    @Test
    void json_is_none() {
        assertThat(ProtobufBody.is("{}".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(ProtobufBody.is(new byte[0])).isFalse();
    }

    @Test
    void refuses_other_kinds() {
        assertThatThrownBy(() -> ProtobufBody.read(body("Pod", new byte[0])))
                .isInstanceOfSatisfying(
                        KubeException.class, e -> assertThat(e.code()).isEqualTo(415));
    }

    @Test
    void whatever_octets_come_it_reads_or_refuses() {
        Random random = new Random(7);
        byte[] sound = configMap();
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = Arrays.copyOf(sound, 4 + random.nextInt(sound.length - 3));
            for (int n = random.nextInt(4); n > 0 && octets.length > 4; n--) {
                octets[4 + random.nextInt(octets.length - 4)] = (byte) random.nextInt();
            }
            Throwable thrown = catchThrowable(() -> ProtobufBody.read(octets));
            assertThat(thrown == null || thrown instanceof KubeException)
                    .as(Arrays.toString(octets) + ": " + thrown)
                    .isTrue();
        }
    }
}
