package dev.exeat.control.store;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/**
 * Deletes events an hour after the last time they happened, as a Kubernetes API server does ({@code --event-ttl}), and the
 * oldest of more than {@value #MOST}: controllers write them for ever, and nobody deletes them. Thread-safe.
 */
public final class EventExpiry implements AutoCloseable {
    static final Duration AGE = Duration.ofHours(1);
    static final int MOST = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventExpiry.class);
    private static final Duration PACE = Duration.ofMinutes(1);
    private static final Scope EVENTS = new Scope("", "events", "");
    private static final List<String> TIMES =
            List.of("/series/lastObservedTime", "/lastTimestamp", "/eventTime", "/metadata/creationTimestamp");

    private final ObjectStore store;
    private final InstantSource clock;
    private final ScheduledExecutorService sweeping = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("exeat-events").factory());

    private record Happened(StoredObject event, Instant last) {}

    EventExpiry(ObjectStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /** @param store closed by the caller, after this */
    public static EventExpiry start(ObjectStore store, InstantSource clock) {
        EventExpiry expiry = new EventExpiry(store, clock);
        var _ = expiry.sweeping.scheduleWithFixedDelay(
                expiry::trySweep, PACE.toSeconds(), PACE.toSeconds(), TimeUnit.SECONDS);
        return expiry;
    }

    private void trySweep() {
        try {
            sweep();
        } catch (StoreException e) {
            LOG.atDebug().addKeyValue("problem", e.getMessage()).log("old events are not deleted yet");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("old events could not be deleted");
        }
    }

    void sweep() {
        Instant since = clock.instant().minus(AGE);
        List<Happened> oldestFirst = store.list(EVENTS).objects().stream()
                .map(event -> new Happened(event, last(event.body())))
                .sorted(Comparator.comparing(Happened::last))
                .toList();
        int tooMany = oldestFirst.size() - MOST;
        for (int i = 0; i < oldestFirst.size(); i++) {
            Happened happened = oldestFirst.get(i);
            if (i >= tooMany && happened.last().isAfter(since)) {
                return;
            }
            delete(happened.event());
        }
    }

    /** One that has happened again meanwhile stays. */
    private void delete(StoredObject event) {
        try {
            store.delete(event.key(), event.resourceVersion());
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.MISSING && e.kind() != StoreException.Kind.CONFLICT) {
                throw e;
            }
        }
    }

    /** What a client writes there may be no time, or lie in the future; the server's own time is always there. */
    private Instant last(JsonNode event) {
        Instant last = Instant.EPOCH;
        for (String place : TIMES) {
            Instant time = time(event.at(place).asString(""));
            last = time.isAfter(last) && !time.isAfter(clock.instant()) ? time : last;
        }
        return last;
    }

    private static Instant time(String text) {
        try {
            return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    @Override
    public void close() {
        sweeping.shutdownNow();
    }
}
