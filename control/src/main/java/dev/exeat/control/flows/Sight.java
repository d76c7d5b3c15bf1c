package dev.exeat.control.flows;

import dev.exeat.control.access.Authorizer.Reach;
import dev.exeat.flow.query.FlowField;
import dev.exeat.flow.query.FlowFilter;
import dev.exeat.flow.query.FlowFilter.Condition;
import dev.exeat.flow.query.Glob;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Whose flows a caller may see, as it was within the last second where it is {@linkplain #renew renewed} often. Thread-safe. */
final class Sight {
    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Supplier<Reach> reaches;
    private final LongSupplier nanos;
    private volatile Reach reach;
    private volatile long asked;

    /** @param reaches tells it as the bindings are when it is asked */
    Sight(Supplier<Reach> reaches) {
        this(reaches, System::nanoTime);
    }

    Sight(Supplier<Reach> reaches, LongSupplier nanos) {
        this.reaches = reaches;
        this.nanos = nanos;
        this.asked = nanos.getAsLong();
        this.reach = reaches.get();
    }

    void renew() {
        long now = nanos.getAsLong();
        if (now - asked > FRESH_NANOS) {
            asked = now;
            reach = reaches.get();
        }
    }

    boolean covers(String namespace) {
        return reach.covers(namespace);
    }

    boolean isNowhere() {
        return reach.isNowhere();
    }

    /** The filter, for what is in sight alone. */
    FlowFilter within(FlowFilter filter) {
        Reach now = reach;
        return now.everywhere()
                ? filter
                : filter.and(new Condition(
                        FlowField.NAMESPACE,
                        now.namespaces().stream().map(Glob::new).toList(),
                        false));
    }
}
