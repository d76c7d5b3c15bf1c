package dev.exeat.control.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.exeat.control.kinds.KindCatalogue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ProtobufBodyTest {
    private static final ProtobufBody BODIES =
            new ProtobufBody(KindCatalogue.bundled().published());

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
    void reads_fields_by_the_published_schema() {
        assertThat(ProtobufBody.is(configMap())).isTrue();
        assertThat(BODIES.read(configMap()).toString())
                .isEqualTo("{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\","
                        + "\"metadata\":{\"name\":\"c\",\"namespace\":\"team\",\"labels\":{\"app\":\"x\"},\"generation\":5},"
                        + "\"data\":{\"a\":\"b\"}}");
    }

    /** As k8s.io/apimachinery 0.34 writes them, with the zeroes that Go's fields have. */
    @Test
    void reads_what_go_clients_write() {
        byte[] deployment = Base64.getDecoder().decode("""
            azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50ErkCCiUKA3dlYhIAGgAiACoAMgA4AEIAWgoKA2FwcBIDd2VicgFhcgFiEoECCAAS\
            DAoKCgNhcHASA3dlYhrmAQocCgASABoAIgAqADIAOABCAFoKCgNhcHASA3dlYhLFAQoLCgN0bXASBBICCgAKDwoDY2ZnEgiaAQUK\
            AwoBYxJ+CgVuZ2lueBIFbmdpbngiAi14IgAqADIKCgAQABhQIgAqAEIPCg0KA2NwdRIGCgQ1MDBtUh8KExIRCgASCQgBEAAaA3dl\
            YhoAIgAQABgAIAAoADAAWhgKDBoKCgYIABBQGgASABAAGAAgACgAMABqAHIAgAEAiAEAkAEAogEAGgAyAEIASgBSAFgAYABoAHIG\
            IAEg8KIEggEAigEAmgEAqAEAwgEAIgIKACgAOAAaDAgAEAAYACAAKAA4ABoAIgA=""");
        assertThat(JsonMapper.shared().readTree(BODIES.read(deployment).toString()))
                .isEqualTo(JsonMapper.shared().readTree("""
                {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","labels":{"app":"web"},"finalizers":["a","b"]},
                "spec":{"replicas":0,"selector":{"matchLabels":{"app":"web"}},"template":{"metadata":{"labels":{"app":"web"}},"spec":{
                "volumes":[{"name":"tmp","emptyDir":{}},{"name":"cfg","configMap":{"name":"c"}}],
                "containers":[{"name":"nginx","image":"nginx","args":["-x",""],"ports":[{"containerPort":80}],
                "resources":{"limits":{"cpu":"500m"}},
                "livenessProbe":{"httpGet":{"port":"web"}},"readinessProbe":{"tcpSocket":{"port":80}}}],
                "automountServiceAccountToken":false,"securityContext":{"supplementalGroups":[1,70000]}}}}}"""));
        byte[] secret = Base64.getDecoder().decode("""
            azhzAAoMCgJ2MRIGU2VjcmV0EiQKEQoBcxIAGgAiACoAMgA4AEIAEgcKAWsSAgD/GgZPcGFxdWUaACIA""");
        assertThat(BODIES.read(secret)).isEqualTo(JsonMapper.shared().readTree("""
                {"apiVersion":"v1","kind":"Secret","metadata":{"name":"s"},"data":{"k":"AP8="},"type":"Opaque"}"""));
    }

    @Test
    void refuses_more_values_than_it_can_hold() {
        byte[] many = new byte[2 * (ProtobufMessage.MOST_VALUES + 1)];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = 2 << 3 | 2;
        }
        byte[] length = {
            2 << 3 | 2,
            (byte) (many.length & 0x7f | 0x80),
            (byte) (many.length >> 7 & 0x7f | 0x80),
            (byte) (many.length >> 14)
        };
        byte[] body = message(body("ServiceAccount", new byte[0]), length, many);
        assertThatThrownBy(() -> BODIES.read(body))
                .isInstanceOf(KubeException.class)
                .hasMessageContaining("more than");
    }

    @Test
    void json_is_none() {
        assertThat(ProtobufBody.is("{}".getBytes(StandardCharsets.UTF_8))).isFalse();
        assertThat(ProtobufBody.is(new byte[0])).isFalse();
    }

    @Test
    void refuses_other_kinds() {
        assertThatThrownBy(() -> BODIES.read(body("Node", new byte[0])))
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
            Throwable thrown = catchThrowable(() -> BODIES.read(octets));
            assertThat(thrown == null || thrown instanceof KubeException)
                    .as(Arrays.toString(octets) + ": " + thrown)
                    .isTrue();
        }
    }
}
