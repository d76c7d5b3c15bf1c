package dev.exeat.flow.profile;

import dev.exeat.flow.ConnectionRecord;
import dev.exeat.flow.JsonLine;
import dev.exeat.flow.UtcTime;
import dev.exeat.model.SpiffeId;
import org.jspecify.annotations.Nullable;

/**
 * The line that the {@code egress-access} instance of Istio's egress samples makes, for every connection and without any
 * rule: {@code open} when its bytes begin to flow, {@code close} at its end. The same bytes as {@link
 * dev.exeat.flow.MixerLineEncoder} writes, but that what is not printable ASCII is escaped.
 */
final class MixerProfile implements ProfileEncoder {
    private static final int SIZE = 512;
    private static final String UNKNOWN = "unknown";

    private final LogOrigin origin;

    MixerProfile(LogOrigin origin) {
        this.origin = origin;
    }

    @Override
    public byte[] encode(ConnectionRecord record) {
        SpiffeId identity = record.source().identity();
        String host = Facts.host(record);
        JsonLine line = new JsonLine(SIZE);
        line.text("level", "info", Facts.NAME);
        line.text("time", UtcTime.text(Facts.when(record)), Facts.NAME);
        line.text("instance", "egress-access.instance.istio-system", Facts.NAME);
        line.text("connectionEvent", Moment.of(record) == Moment.OPEN ? "open" : "close", Facts.NAME);
        line.text("destinationApp", "", Facts.NAME);
        line.text("requestedServerName", known(host), Facts.NAME);
        line.text("source", origin.app(), Facts.NAME);
        line.text("sourceNamespace", known(identity == null ? null : identity.namespace()), SpiffeId.MAX_LENGTH);
        line.text("sourcePrincipal", identity == null ? UNKNOWN : identity.principal(), SpiffeId.MAX_LENGTH);
        line.text("sourceWorkload", origin.workload(), Facts.NAME);
        return line.end();
    }

    private static String known(@Nullable String text) {
        return text == null ? UNKNOWN : text;
    }
}
