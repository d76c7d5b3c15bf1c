package dev.exeat.flow;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.ServerName;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Connections by who made them and where they led, of the busiest. Thread-safe. */
final class Breakdown {
    private final @Nullable NamedSeries identities;
    private final @Nullable NamedSeries hosts;
    private final @Nullable IstioSeries istio;

    /** @param nanos a clock as {@link System#nanoTime} */
    Breakdown(PrometheusRegistry registry, SeriesOptions options, LongSupplier nanos) {
        int top = options.top();
        identities = top == 0 ? null : new NamedSeries(registry, "identity", top, nanos);
        hosts = top == 0 ? null : new NamedSeries(registry, "host", top, nanos);
        istio = options.istio() ? new IstioSeries(registry, top, nanos) : null;
        if (top > 0) {
            showFolded(registry);
        }
    }

    private void showFolded(PrometheusRegistry registry) {
        CounterWithCallback.builder()
                .name("exeat_metrics_folded")
                .help("Connections that were counted as other, because their name is not among the busiest")
                .labelNames("label")
                .callback(counter -> {
                    if (identities != null) {
                        counter.call((double) identities.folded(), "identity");
                    }
                    if (hosts != null) {
                        counter.call((double) hosts.folded(), "host");
                    }
                    if (istio != null) {
                        counter.call((double) istio.folded(), "istio");
                    }
                })
                .register(registry);
    }

    boolean countsOpened() {
        return istio != null;
    }

    void opened(ConnectionRecord record) {
        if (istio != null) {
            istio.opened(record, host(record));
        }
    }

    void ended(ConnectionRecord record) {
        if (identities == null || hosts == null) {
            return;
        }
        String host = host(record);
        String identity = record.source().identity() == null
                ? null
                : record.source().identity().toString();
        identities.ended(identity, record.ruling().verdict(), record.traffic());
        hosts.ended(host, record.ruling().verdict(), record.traffic());
        if (istio != null) {
            istio.ended(record, host);
        }
    }

    /** The canonical name that was asked for; null where none was, or none that is valid. */
    private static @Nullable String host(ConnectionRecord record) {
        if (record.hello() != null) {
            return record.hello().serverName().value();
        }
        String asked = record.names().connectName();
        try {
            return asked == null ? null : ServerName.parse(asked).value();
        } catch (InvalidNameException e) {
            return null;
        }
    }

    /** All series have just been read. */
    void settle() {
        if (identities != null && hosts != null) {
            identities.settle();
            hosts.settle();
        }
        if (istio != null) {
            istio.settle();
        }
    }
}
