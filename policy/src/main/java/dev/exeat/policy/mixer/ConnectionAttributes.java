package dev.exeat.policy.mixer;

import dev.exeat.model.Attempt;
import dev.exeat.model.IpAddress;
import dev.exeat.model.SpiffeId;
import dev.exeat.policy.GatewayWorkload;
import dev.exeat.policy.ReportEvent;
import dev.exeat.policy.cexl.AttributeBag;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expressions see of a connection. As in Mixer's reports from an egress gateway the source's workload is the
 * gateway, while principal and namespace are the client's; unlike there they come from the verified certificate alone,
 * and are absent where there is none. Not thread-safe.
 */
public final class ConnectionAttributes implements AttributeBag {
    private static final String UNKNOWN = "unknown";
    private static final IpAddress NO_ADDRESS = IpAddress.parse("0.0.0.0");

    private final Gateway gateway;
    private final Attempt attempt;
    private final @Nullable ReportEvent event;
    private final @Nullable String principal;
    private final @Nullable String namespace;

    /** The gateway's part, the same for every connection. */
    public record Gateway(
            GatewayWorkload workload, Map<String, String> labels, String workloadUid, String trustDomain) {
        public Gateway(GatewayWorkload workload, Map<String, String> labels) {
            this(
                    workload,
                    labels,
                    "istio://" + workload.namespace() + "/workloads/" + workload.name(),
                    workload.principal()
                            .substring(0, Math.max(0, workload.principal().indexOf('/'))));
        }
    }

    /** @param event what is reported, or null for a check */
    public ConnectionAttributes(Gateway gateway, Attempt attempt, @Nullable ReportEvent event) {
        this.gateway = gateway;
        this.attempt = attempt;
        this.event = event;
        SpiffeId source = attempt.source();
        this.principal = source == null ? null : source.principal();
        // Another trust domain's namespaces are not ours, whatever their names.
        this.namespace =
                source == null || !source.trustDomain().equals(gateway.trustDomain()) ? null : source.namespace();
    }

    Attempt attempt() {
        return attempt;
    }

    /** The client's identity without its scheme, or null where it has none. */
    @Nullable
    String principal() {
        return principal;
    }

    /** The client's namespace in the own trust domain, or null where its identity names none there. */
    public @Nullable String namespace() {
        return namespace;
    }

    String serverName() {
        return attempt.target().host().value();
    }

    Instant time() {
        return event == null ? attempt.time() : event.time();
    }

    @Override
    public @Nullable Object value(String attribute) {
        return switch (attribute.charAt(0)) {
            case 's', 'o' -> source(attribute);
            case 'd' -> destination(attribute);
            case 'c', 'q' -> attribute.startsWith("connection.") ? connection(attribute) : other(attribute);
            default -> null;
        };
    }

    private @Nullable Object source(String attribute) {
        return switch (attribute) {
            case StandardAttributes.PRINCIPAL, "source.user" -> principal;
            case "source.namespace" -> namespace;
            case "source.ip", "origin.ip" -> attempt.sourceAddress();
            case "source.labels" -> gateway.labels();
            case "source.uid" -> gateway.workload().uid();
            case "source.name", "source.workload.name" -> gateway.workload().name();
            case "source.workload.namespace" -> gateway.workload().namespace();
            case "source.workload.uid" -> gateway.workloadUid();
            case "source.serviceAccount" -> gateway.workload().serviceAccount();
            case "source.owner" -> UNKNOWN;
            default -> null;
        };
    }

    private @Nullable Object destination(String attribute) {
        InetSocketAddress upstream = event == null ? null : event.upstream();
        return switch (attribute) {
            case "destination.labels" -> Map.of();
            case "destination.namespace" -> "default";
            case "destination.principal" -> gateway.workload().principal();
            case "destination.uid",
                    "destination.name",
                    "destination.owner",
                    "destination.serviceAccount",
                    "destination.container.name",
                    "destination.workload.uid",
                    "destination.workload.name",
                    "destination.workload.namespace" -> UNKNOWN;
            case "destination.ip" -> {
                InetAddress address = upstream == null ? null : upstream.getAddress();
                yield address == null ? NO_ADDRESS : IpAddress.of(address);
            }
            case "destination.port" ->
                (long) (upstream == null ? attempt.target().port() : upstream.getPort());
            default -> null;
        };
    }

    private @Nullable Object connection(String attribute) {
        return switch (attribute) {
            case StandardAttributes.SERVER_NAME -> serverName();
            case "connection.id" -> attempt.connectionId();
            case "connection.mtls" -> attempt.source() != null;
            default -> event == null ? null : reported(event, attribute);
        };
    }

    private static @Nullable Object reported(ReportEvent event, String attribute) {
        return switch (attribute) {
            case "connection.event" -> event.event().code();
            case "connection.received.bytes" -> event.bytes().received();
            case "connection.received.bytes_total" -> event.bytes().receivedTotal();
            case "connection.sent.bytes" -> event.bytes().sent();
            case "connection.sent.bytes_total" -> event.bytes().sentTotal();
            case "connection.duration" -> event.event() == ReportEvent.Event.CLOSE ? event.duration() : null;
            default -> null;
        };
    }

    private @Nullable Object other(String attribute) {
        return switch (attribute) {
            case "context.time", "context.timestamp" -> time();
            case "context.protocol" -> "tcp";
            case "context.reporter.kind" -> "outbound";
            case "context.reporter.uid" -> gateway.workload().uid();
            case "context.reporter.local" -> true;
            default -> event == null ? null : checked(event, attribute);
        };
    }

    private static @Nullable Object checked(ReportEvent event, String attribute) {
        return switch (attribute) {
            case "check.cache_hit", "quota.cache_hit" -> false;
            case "check.error_code" ->
                event.check() == null ? null : (long) event.check().code();
            case "check.error_message" ->
                event.check() == null ? null : event.check().message();
            default -> null;
        };
    }
}
