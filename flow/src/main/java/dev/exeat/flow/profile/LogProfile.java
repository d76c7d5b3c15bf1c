package dev.exeat.flow.profile;

import dev.exeat.flow.RecordEncoder;
import java.util.Locale;

/** The forms of a log of connections, under the names that {@code --log-profile} has for them. */
public enum LogProfile {
    /** The lines of the {@code egress-access} instance of Istio's egress samples. */
    MIXER,
    /** Records as {@code docs/record.schema.json} describes them. */
    NATIVE,
    /** Envoy's default text format for TCP, as Istio's gateways write it. */
    ISTIO,
    /** Smokescreen's canonical lines. */
    SMOKESCREEN,
    /** Elastic Common Schema. */
    ECS,
    /** OpenTelemetry's log data model. */
    OTEL;

    private final String code = name().toLowerCase(Locale.ROOT);

    public String code() {
        return code;
    }

    /** Makes the lines of this form, each of them complete in itself. */
    public ProfileEncoder encoder(LogOrigin origin) {
        return switch (this) {
            case MIXER -> new MixerProfile(origin);
            case NATIVE -> {
                RecordEncoder encoder = new RecordEncoder();
                yield ProfileEncoder.ofFinals(encoder::encode);
            }
            case ISTIO -> ProfileEncoder.ofFinals(IstioProfile::encode);
            case SMOKESCREEN -> new SmokescreenProfile();
            case ECS -> new EcsProfile(origin);
            case OTEL -> {
                OtelProfile records = new OtelProfile();
                OtelEnvelope envelope = new OtelEnvelope(origin);
                yield record -> envelope.line(records.encode(record));
            }
        };
    }
}
