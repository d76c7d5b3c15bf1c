package dev.exeat.flow;

import dev.exeat.model.SpiffeId;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Istio's standard metrics of TCP (its documentation, "Istio Standard Metrics"), with its labels, of the busiest pairs of
 * identity and host. What a gateway can't know is {@code unknown}. Thread-safe.
 */
final class IstioSeries {
    private static final String UNKNOWN = "unknown";
    private static final String NO_FLAG = "-";
    private static final Pair OTHER = new Pair("other", "other", "other");
    private static final String[] LABELS = {
        "reporter",
        "source_workload",
        "source_workload_namespace",
        "source_canonical_service",
        "source_canonical_revision",
        "source_principal",
        "source_app",
        "source_version",
        "source_cluster",
        "destination_workload",
        "destination_workload_namespace",
        "destination_canonical_service",
        "destination_canonical_revision",
        "destination_principal",
        "destination_app",
        "destination_version",
        "destination_cluster",
        "destination_service",
        "destination_service_name",
        "destination_service_namespace",
        "request_protocol",
        "response_flags",
        "connection_security_policy"
    };

    private final Busiest<Pair, Flows> busiest;

    IstioSeries(PrometheusRegistry registry, int most, LongSupplier nanos) {
        busiest = new Busiest<>(most, Flows::new, nanos);
        CounterWithCallback.builder()
                .name("istio_tcp_connections_opened")
                .help("Connections that were opened")
                .labelNames(LABELS)
                .callback(counter ->
                        forEach((pair, flows) -> counter.call((double) flows.opened.sum(), pair.labels(NO_FLAG))))
                .register(registry);
        show(registry, "istio_tcp_connections_closed", "Connections that ended", ended -> ended.closed.sum());
        show(registry, "istio_tcp_sent_bytes", "Octets sent to clients", ended -> ended.sent.sum());
        show(registry, "istio_tcp_received_bytes", "Octets received from clients", ended -> ended.received.sum());
    }

    private void show(PrometheusRegistry registry, String name, String help, ToLongFunction<Ended> value) {
        CounterWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames(LABELS)
                .callback(counter -> forEach((pair, flows) -> flows.ended.forEach(
                        (flag, ended) -> counter.call((double) value.applyAsLong(ended), pair.labels(flag)))))
                .register(registry);
    }

    /** Who, and where to. */
    private record Pair(String principal, String namespace, String host) {
        static Pair of(@Nullable SpiffeId identity, @Nullable String host) {
            String namespace = identity == null ? null : identity.namespace();
            return new Pair(
                    identity == null ? UNKNOWN : identity.toString(),
                    namespace == null ? UNKNOWN : namespace,
                    host == null ? UNKNOWN : host);
        }

        /** In the order of {@link #LABELS}. */
        String[] labels(String flag) {
            return new String[] {
                "source",
                UNKNOWN,
                namespace,
                UNKNOWN,
                UNKNOWN,
                principal,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                UNKNOWN,
                host,
                host,
                UNKNOWN,
                "tcp",
                flag,
                principal.startsWith(SpiffeId.SCHEME) ? "mutual_tls" : UNKNOWN
            };
        }
    }

    /** Of one pair. There are few flags: the program has them in a list. */
    private static final class Flows {
        private final LongAdder opened = new LongAdder();
        private final ConcurrentMap<String, Ended> ended = new ConcurrentHashMap<>();
    }

    private static final class Ended {
        private final LongAdder closed = new LongAdder();
        private final LongAdder sent = new LongAdder();
        private final LongAdder received = new LongAdder();
    }

    /** A connection's octets flow from now on; how often its pair comes is told by the ends alone. */
    void opened(ConnectionRecord record, @Nullable String host) {
        busiest.at(Pair.of(record.source().identity(), host)).opened.increment();
    }

    /** A connection ended; one that was never carried counts as opened only now. */
    void ended(ConnectionRecord record, @Nullable String host) {
        Flows flows = busiest.of(Pair.of(record.source().identity(), host));
        if (record.route().dialled() == null) {
            flows.opened.increment();
        }
        Ended ended = flows.ended.computeIfAbsent(EnvoyLine.flag(record), flag -> new Ended());
        ended.closed.increment();
        ended.sent.add(record.traffic().sent());
        ended.received.add(record.traffic().received());
    }

    private void forEach(BiConsumer<Pair, Flows> reader) {
        busiest.forEach(reader);
        reader.accept(OTHER, busiest.others());
    }

    long folded() {
        return busiest.folded();
    }

    /** All series have just been read. */
    void settle() {
        busiest.settle();
    }
}
