package dev.exeat.control.conditions;

import dev.exeat.control.Configuration;
import dev.exeat.control.ConfigurationState;
import dev.exeat.control.gateways.GatewayReport;
import dev.exeat.control.gateways.Gateways;
import dev.exeat.control.gateways.KnownGateway;
import dev.exeat.control.kinds.Kind;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.store.Change;
import dev.exeat.control.store.Listing;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.control.store.StoreException;
import dev.exeat.control.store.StoreKey;
import dev.exeat.control.store.StoredObject;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the conditions in the status of the store's objects: whether each is accepted, whether what it names is there,
 * and whether all gateways that report have it in force. Looks again after each compilation and each report, at most
 * every 50 milliseconds, on a thread of its own; an object about which there is nothing new to say is not written.
 */
public final class StatusWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    /** Between two looks, so that objects that change all the time are not written all the time. */
    private static final Duration PACE = Duration.ofMillis(50);

    private static final int AT_ONCE = 500;

    private final ObjectStore store;
    private final Configuration configuration;
    private final Fleet fleet;
    private final InstantSource clock;
    private final Map<String, String> kinds = new HashMap<>();
    private final Semaphore wake = new Semaphore(1);
    private final Thread thread;
    private final Map<StoreKey, Seen> seen = new HashMap<>();
    /** Of which not all is said yet. */
    private final Set<StoreKey> open = new LinkedHashSet<>();

    private @Nullable ConfigurationState known;
    /** The version of the store up to which all changes were looked at, or less than nothing. */
    private long lookedAt = -1;

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

        Seen settledAt(long version) {
            return new Seen(generation, since, version, problems, effect);
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
                Thread.sleep(PACE); // What comes meanwhile is written at once.
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
            lookedAt = -1;
            LOG.atDebug().addKeyValue("problem", e.getMessage()).log("a status was not written");
        } catch (RuntimeException e) {
            lookedAt = -1;
            LOG.atError().setCause(e).log("the status of objects could not be told");
        }
    }

    private void look(ConfigurationState state, Reach reach) {
        ProblemsByObject problems = new ProblemsByObject(state.problems());
        List<Saying> sayings = new ArrayList<>();
        for (StoredObject object : toLookAt(state)) {
            StoreKey key = object.key();
            String kind = kinds.get(key.group() + "/" + key.resource());
            if (kind == null) {
                continue;
            }
            if (object.resourceVersion() > state.resourceVersion()) {
                open.add(key); // It is not compiled yet: its turn comes.
                continue;
            }
            ObjectKey name = new ObjectKey(key.group(), kind, key.namespace(), key.name());
            List<Problem> own = problems.of(object, name);
            String effect = state.effects().getOrDefault(name, "");
            Seen before = seen.get(key);
            if (before != null && before.isOf(object, own, effect)) {
                open.remove(key);
            } else {
                sayings.add(saying(object, before, own, effect, reach));
            }
        }
        for (int i = 0; i < sayings.size(); i += AT_ONCE) {
            say(sayings.subList(i, Math.min(sayings.size(), i + AT_ONCE)));
        }
    }

    /** What has changed and what is not settled; everything, where what is to be said of others may have changed. */
    private List<StoredObject> toLookAt(ConfigurationState state) {
        Optional<List<Change>> changes = store.since(lookedAt);
        ConfigurationState before = known;
        known = state;
        if (changes.isEmpty()
                || before == null
                || !state.problems().equals(before.problems())
                || !state.effects().equals(before.effects())) {
            Listing listing = store.all();
            lookedAt = listing.resourceVersion();
            Set<StoreKey> keys = new HashSet<>();
            listing.objects().forEach(object -> keys.add(object.key()));
            seen.keySet().retainAll(keys);
            open.clear();
            return listing.objects();
        }
        Set<StoreKey> keys = new LinkedHashSet<>(open);
        for (Change change : changes.get()) {
            keys.add(change.object().key());
            lookedAt = change.resourceVersion();
        }
        List<StoredObject> objects = new ArrayList<>();
        for (StoreKey key : keys) {
            StoredObject object = store.find(key);
            if (object == null) {
                seen.remove(key);
                open.remove(key);
            } else {
                objects.add(object);
            }
        }
        return objects;
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

    /**
     * What is to be said of an object.
     *
     * @param next the object that says so, or null where it says so already
     */
    private record Saying(StoredObject object, @Nullable ObjectNode next, Seen seen) {}

    private Saying saying(
            StoredObject object, @Nullable Seen before, List<Problem> problems, String effect, Reach reach) {
        long generation = object.body().at("/metadata/generation").asLong(0);
        long since = before != null && before.generation() == generation ? before.since() : object.resourceVersion();
        Reached reached = reach.of(since);
        List<Condition> conditions = ObjectConditions.of(problems, effect, reached);
        long settled = reached.behind().isEmpty() ? object.resourceVersion() : 0;
        return new Saying(
                object,
                StatusBody.with(object.body(), conditions, clock.instant()),
                new Seen(generation, since, settled, problems, effect));
    }

    /** Together, for each write waits for the disk. What somebody has written since is compiled, and comes here again. */
    private void say(List<Saying> sayings) {
        List<ObjectStore.Replacement> replacements = new ArrayList<>();
        for (Saying saying : sayings) {
            if (saying.next() != null) {
                replacements.add(new ObjectStore.Replacement(saying.object(), saying.next()));
            }
        }
        Map<StoreKey, StoredObject> written = store.updateUnchanged(replacements);
        for (Saying saying : sayings) {
            StoreKey key = saying.object().key();
            StoredObject now = saying.next() == null ? saying.object() : written.get(key);
            if (now != null && saying.seen().settled() != 0) {
                seen.put(key, saying.seen().settledAt(now.resourceVersion()));
                open.remove(key);
            } else {
                seen.put(key, saying.seen().settledAt(0));
                open.add(key);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
