package dev.exeat.it.faults;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A steady load: visits begin at fixed times, whatever became of those before. One of ten goes on for some seconds, so
 * that faults meet open tunnels. Thread-safe.
 */
final class Load implements AutoCloseable {
    private static final long PAUSE_NANOS = 200_000_000;
    private static final int LONG_PIECES = 40;
    private static final int OPEN_SECONDS = 4;
    private static final Route[] ROUTES = Route.values();

    private final Client client;
    private final Consumer<Visit> ended;
    private final SplittableRandom random;
    private final AtomicLong ids;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final Map<Long, Route> open = new ConcurrentHashMap<>();
    private final AtomicInteger started = new AtomicInteger();
    private volatile int mostOpen;
    private volatile boolean paused = true;
    private volatile boolean hurry;

    /** @param ended told of each visit, on a thread of its own */
    Load(Client client, long seed, AtomicLong ids, Consumer<Visit> ended) {
        this.client = client;
        this.random = new SplittableRandom(seed);
        this.ids = ids;
        this.ended = ended;
    }

    void start(int perSecond) {
        mostOpen = OPEN_SECONDS * perSecond;
        paused = false;
        clock.scheduleAtFixedRate(this::tick, 0, 1_000_000_000L / perSecond, TimeUnit.NANOSECONDS);
    }

    private void tick() {
        // More at once than this would only show that the machine is too small for the load.
        if (!paused && open.size() < mostOpen) {
            Client.Errand errand = next();
            open.put(errand.id(), errand.route());
            started.incrementAndGet();
            Thread.ofVirtual().start(() -> run(errand));
        }
    }

    private Client.Errand next() {
        long id = ids.incrementAndGet();
        Route route = ROUTES[random.nextInt(ROUTES.length)];
        if (route == Route.PLAIN) {
            return new Client.Errand(
                    id, route, PolicyModel.host(random.nextInt(PolicyModel.HOSTS)), 100, 1_000, () -> {});
        }
        Site site = random.nextInt(3) == 0 ? Site.BYSTANDER : Site.VICTIM;
        if (random.nextInt(10) == 0) {
            long up = (long) Cargo.PIECE * random.nextInt(2, LONG_PIECES);
            return new Client.Errand(id, route, site.host(), up, 50_000, this::pause);
        }
        return new Client.Errand(id, route, site.host(), random.nextInt(30_000), random.nextInt(60_000), () -> {});
    }

    private void run(Client.Errand errand) {
        Visit visit = client.visit(errand);
        open.remove(errand.id());
        ended.accept(visit);
    }

    private void pause() {
        if (!hurry) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** How many visits are open that a process records. */
    long open(Route.Role recorder) {
        return open.values().stream()
                .filter(route -> route.recorder() == recorder)
                .count();
    }

    Set<Long> open() {
        return Set.copyOf(open.keySet());
    }

    int started() {
        return started.get();
    }

    /** Begins no more visits, and lets the open ones end soon; false if some have not ended in time. */
    boolean settle(long limitMillis) {
        paused = true;
        hurry = true;
        long deadline = System.nanoTime() + limitMillis * 1_000_000;
        while (!open.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
        return open.isEmpty();
    }

    void resume() {
        hurry = false;
        paused = false;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    /** The share {@code of} of these times, in nanoseconds. */
    static long quantile(List<Long> nanos, double of) {
        if (nanos.isEmpty()) {
            return 0;
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, Math.floor(sorted.size() * of)));
    }
}
