package dev.exeat.flow;

import dev.exeat.flow.ConnectionRecord.Traffic;
import dev.exeat.flow.ConnectionRecord.Verdict;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Connections and octets by a name that came from the network, of the busiest names. Thread-safe. */
final class NamedSeries {
    private static final String OTHER = "other";
    private static final String UNKNOWN = "unknown";

    private final Busiest<String, Volume> busiest;

    /** @param label what the names are of, as {@code identity} */
    NamedSeries(PrometheusRegistry registry, String label, int most, LongSupplier nanos) {
        busiest = new Busiest<>(most, Volume::new, nanos);
        CounterWithCallback.builder()
                .name("exeat_" + label + "_connections")
                .help("Connections that ended, of the busiest; all others together are other")
                .labelNames(label, "verdict")
                .callback(counter -> forEach((name, volume) -> volume.ended.forEach((verdict, count) -> {
                    if (count.sum() > 0) {
                        counter.call((double) count.sum(), name, verdict.code());
                    }
                })))
                .register(registry);
        CounterWithCallback.builder()
                .name("exeat_" + label + "_bytes")
                .help("Octets of the applications' TLS, of the busiest; all others together are other")
                .labelNames(label, "direction")
                .callback(counter -> forEach((name, volume) -> {
                    counter.call((double) volume.received.sum(), name, "received");
                    counter.call((double) volume.sent.sum(), name, "sent");
                }))
                .register(registry);
    }

    private static final class Volume {
        private final Map<Verdict, LongAdder> ended = new EnumMap<>(Verdict.class);
        private final LongAdder received = new LongAdder();
        private final LongAdder sent = new LongAdder();

        Volume() {
            Arrays.stream(Verdict.values()).forEach(verdict -> ended.put(verdict, new LongAdder()));
        }
    }

    /** @param name canonical, or null where none is known */
    void ended(@Nullable String name, Verdict verdict, Traffic traffic) {
        Volume volume = busiest.of(name == null ? UNKNOWN : name);
        LongAdder count = volume.ended.get(verdict);
        if (count != null) {
            count.increment();
        }
        volume.received.add(traffic.received());
        volume.sent.add(traffic.sent());
    }

    private void forEach(BiConsumer<String, Volume> reader) {
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
