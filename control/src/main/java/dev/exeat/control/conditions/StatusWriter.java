package dev.exeat.control.conditions;

import dev.exeat.control.Configuration;
import dev.exeat.control.ConfigurationState;
import dev.exeat.control.gateways.GatewayReport;
import dev.exeat.control.gateways.Gateways;
import dev.exeat.control.gateways.KnownGateway;
import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the conditions in the status of the store's objects: whether each is accepted, whether what it names is there,
 * and whether all gateways that report have it in force. Looks again after each compilation and each report, on a
 * thread of its own; an object about which there is nothing new to say is not written.
 */
public final class StatusWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);

    private final ObjectStore store;
    private final Configuration configuration;
    private final Fleet fleet;
    private final InstantSource clock;
    private final Map<String, String> kinds = new HashMap<>();
    private final Semaphore wake = new Semaphore(1);
    private final Thread thread;
    private Map<StoreKey, Seen> seen = Map.of();

    /**
     * What was said last of an object.
     *
     * @param since the version of the store that brought this generation
     * @param settled the version of the object whose status says all there is to say, or 0
     */
    private record Seen(long generation, long since, long settled, List<Problem> problems, String effect) {
        boolean isOf(StoredObject object, List<Problem> found, String does) {
            return settled == object.resourceVersion() && problems.equals(found) && effect.equals(does);
        }
    }

    /**
     * Who enforces.
     *
     * @param own name of the gateway that the configuration itself is in force in
     */
    public record Fleet(Gateways gateways, String own) {}

    private StatusWriter(ObjectStore store, Configuration configuration, Fleet fleet, InstantSource clock) {
        this.store = store;
        this.configuration = configuration;
        this.fleet = fleet;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name("exeat-status").unstarted(this::run);
    }

    /** @param store is written to until this is closed; the same is followed by {@code configuration} */
    public static StatusWriter start(
            ObjectStore store, KindCatalogue catalogue, Configuration configuration, Fleet fleet, InstantSource clock) {
        StatusWriter writer = new StatusWriter(store, configuration, fleet, clock);
        for (Kind kind : catalogue.all()) {
            if (!kind.group().isEmpty() && kind.versions().getFirst().status()) {
                writer.kinds.put(kind.group() + "/" + kind.plural(), kind.name());
            }
        }
        configuration.onChange(_ -> writer.wake.release());
        fleet.gateways().onChange(writer.wake::release);
        writer.thread.start();
        return writer;
    }

    private void run() {
        try {
            while (true) {
                wake.acquire();
                wake.drainPermits();
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            ConfigurationState state = configuration.state();
            look(state, new Reach(state, fleet.own(), fleet.gateways().known()));
        } catch (StoreException e) {
            // The store is handed over, or its disk is full: the next change asks again.
            LOG.atDebug().addKeyValue("problem", e.getMessage()).log("a status was not written");
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("the status of objects could not be told");
        }
    }

    private void look(ConfigurationState state, Reach reach) {
        ProblemsByObject problems = new ProblemsByObject(state.problems());
        Map<StoreKey, Seen> now = new HashMap<>();
        for (StoredObject object : store.all().objects()) {
            StoreKey key = object.key();
            String kind = kinds.get(key.group() + "/" + key.resource());
            Seen before = seen.get(key);
            if (kind == null) {
                continue;
            }
            if (object.resourceVersion() > state.resourceVersion()) {
                if (before != null) {
                    now.put(key, before); // It is not compiled yet: its turn comes.
                }
                continue;
            }
            ObjectKey name = new ObjectKey(key.group(), kind, key.namespace(), key.name());
            List<Problem> own = problems.of(object, name);
            String effect = state.effects().getOrDefault(name, "");
            now.put(
                    key,
                    before != null && before.isOf(object, own, effect)
                            ? before
                            : say(object, before, own, effect, reach));
        }
        seen = now;
    }

    /** What each gateway has. The own one has what is compiled, whenever it reports that. */
    private record Reach(ConfigurationState state, String own, List<KnownGateway> known) {
        Reached of(long version) {
            List<GatewayReport> others = known.stream()
                    .filter(KnownGateway::live)
                    .map(KnownGateway::report)
                    .filter(report -> !report.name().equals(own))
                    .toList();
            List<String> behind = others.stream()
                    .filter(report -> report.resourceVersion() < version)
                    .map(GatewayReport::name)
                    .toList();
            return new Reached(state.snapshot().digest(), 1 + others.size(), behind);
        }
    }

    private Seen say(StoredObject object, @Nullable Seen before, List<Problem> problems, String effect, Reach reach) {
        long generation = object.body().at("/metadata/generation").asLong(0);
        long since = before != null && before.generation() == generation ? before.since() : object.resourceVersion();
        Reached reached = reach.of(since);
        List<Condition> conditions = ObjectConditions.of(problems, effect, reached);
        ObjectNode next = StatusBody.with(object.body(), conditions, clock.instant());
        long version = object.resourceVersion();
        if (next != null) {
            try {
                version = store.update(object.key(), next, version).resourceVersion();
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.CONFLICT && e.kind() != StoreException.Kind.MISSING) {
                    throw e;
                }
                version = 0; // Somebody has written it since; that change is compiled and comes here.
            }
        }
        boolean settled = reached.behind().isEmpty();
        return new Seen(generation, since, settled ? version : 0, problems, effect);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
