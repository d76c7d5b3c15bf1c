package dev.exeat.flow.profile;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.EnvoyLine;
import java.nio.charset.StandardCharsets;

/** Envoy's access log: one line at the end of each connection. */
final class IstioProfile {
    private IstioProfile() {}

    static byte[] encode(ConnectionRecord record) {
        return (EnvoyLine.of(record) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
