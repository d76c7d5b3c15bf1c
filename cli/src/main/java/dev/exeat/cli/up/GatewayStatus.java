package dev.exeat.cli.up;

import dev.exeat.control.gateways.Gateways;
import dev.exeat.control.gateways.KnownGateway;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** What a server tells of the gateways that report to it. */
record GatewayStatus(Gateways gateways, LongSupplier newest) implements StatusPart {
    @Override
    public Stream<Map<String, ?>> pieces() {
        return Stream.concat(
                Stream.of(Map.of("server", Map.of("resource_version", newest.getAsLong()))),
                gateways.known().stream().map(known -> Map.of("gateway", fields(known))));
    }

    private static Map<String, ?> fields(KnownGateway known) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("name", known.report().name());
        fields.put("state", known.live() ? "live" : "away");
        fields.put("policy_digest", known.report().digest());
        fields.put("resource_version", known.report().resourceVersion());
        fields.put("version", known.report().version());
        fields.put("started", known.report().started().toString());
        fields.put("reported_seconds_ago", known.silence().toSeconds());
        return fields;
    }
}
