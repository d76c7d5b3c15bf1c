package dev.exeat.it.faults;

import dev.exeat.it.ApiConnection;
import dev.exeat.it.faults.Route.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** G25: the resource API with many objects, many watchers and many writes, and what connections see of the writes. */
record ApiGoal(int objects, int watchers, int perSecond, int seconds) implements Measurement {
    private static final int WRITERS = 8;
    private static final int LISTS = 5;
    private static final long LIST_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long START_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long EFFECT_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    @Override
    public String goal() {
        return "G25 API with " + objects + " objects";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        try (ApiConnection api = ApiConnection.of(scene.stand().data())) {
            long began = System.nanoTime();
            fill(api);
            long filled = System.nanoTime() - began;
            long list = list(api);
            ApiWrites writes = new ApiWrites(scene, api);
            writes.prepare();
            long cpu = cpuMillis(scene);
            ApiWrites.Effects alone = writes.during(perSecond, seconds);
            cpu = cpuMillis(scene) - cpu;
            ApiWatchers crowd = ApiWatchers.open(api, watchers, ApiWrites.PATH);
            ApiWrites.Effects watched = writes.during(perSecond, seconds);
            ApiWatchers.Seen seen = crowd.close(watched.acknowledged());
            long start = restart(scene);
            boolean met = list <= LIST_NANOS
                    && start <= START_NANOS
                    && seen.complete()
                    && alone.failed() + watched.failed() == 0
                    && Load.quantile(alone.nanos(), 0.99) <= EFFECT_NANOS;
            return new Figure(
                    met,
                    "written in %.1f s; list %.0f ms (goal 1 s); start %.1f s (goal 3 s); %d writes a second, with %.1f ms of CPU each, in force for the next connection after %s (goal 50 ms), beside %d watchers after %s; %s"
                            .formatted(
                                    filled / 1e9,
                                    list / 1e6,
                                    start / 1e9,
                                    perSecond,
                                    cpu / (double) (perSecond * seconds),
                                    alone,
                                    watchers,
                                    watched,
                                    seen));
        }
    }

    private void fill(ApiConnection api) throws Exception {
        List<Callable<Void>> shares = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            int first = writer;
            shares.add(() -> {
                for (int i = first; i < objects; i += WRITERS) {
                    ApiWrites.require(
                            201,
                            api.send("POST", ApiWrites.PATH, ApiWrites.policy("many-" + i, "many-" + i + ".test")));
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> share : threads.invokeAll(shares)) {
                share.get();
            }
        }
    }

    /** The median of some. */
    private long list(ApiConnection api) throws Exception {
        List<Long> nanos = new ArrayList<>();
        for (int i = 0; i < LISTS; i++) {
            long began = System.nanoTime();
            long octets = api.octets(ApiWrites.PATH);
            nanos.add(System.nanoTime() - began);
            if (octets < 100L * objects) {
                throw new IllegalStateException("a list of " + octets + " octets");
            }
        }
        return Load.quantile(nanos, 0.5);
    }

    /** What the process took so far. */
    private static long cpuMillis(Scene scene) {
        return ProcessHandle.of(scene.stand().process(Role.UP).pid())
                .flatMap(process -> process.info().totalCpuDuration())
                .orElse(Duration.ZERO)
                .toMillis();
    }

    private static long restart(Scene scene) {
        scene.stand().process(Role.UP).kill();
        long began = System.nanoTime();
        scene.stand().start(Role.UP);
        return System.nanoTime() - began;
    }
}
