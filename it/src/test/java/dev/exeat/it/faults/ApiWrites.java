package dev.exeat.it.faults;

import dev.exeat.it.ApiConnection;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Writes policies by the API at a fixed rate, each of which denies a host or stops to, and after one of {@value #LOOKED_AT}
 * connects to that host until a connection is decided by the write.
 */
final class ApiWrites {
    static final String PATH = "/apis/exeat.dev/v1alpha1/namespaces/istio-system/egresspolicies";
    private static final int HOSTS = 101;
    /** Connecting after each write would load the machine more than the writes do. */
    private static final int LOOKED_AT = 5;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final Scene scene;
    private final ApiConnection api;
    private final boolean[] denied = new boolean[HOSTS];

    /**
     * @param nanos from each write's acknowledgement to the verdict of the first connection that it decides; a connection
     *     is begun after the other, the first at once
     * @param acknowledged when each version of the store was, in {@code System.nanoTime()}
     * @param failures writes that were refused, or had no effect in time
     */
    record Effects(List<Long> nanos, ConcurrentSkipListMap<Long, Long> acknowledged, List<String> failures, int late) {
        int failed() {
            return failures.size();
        }

        @Override
        public String toString() {
            return "p50 %.1f ms, p99 %.0f ms, at most %.0f ms (%d of %d looked at, %d failed, %d late)"
                            .formatted(
                                    Load.quantile(nanos, 0.5) / 1e6,
                                    Load.quantile(nanos, 0.99) / 1e6,
                                    Load.quantile(nanos, 1) / 1e6,
                                    nanos.size(),
                                    acknowledged.size(),
                                    failed(),
                                    late)
                    + (failures.isEmpty() ? "" : ": " + failures.getFirst());
        }
    }

    ApiWrites(Scene scene, ApiConnection api) {
        this.scene = scene;
        this.api = api;
    }

    static String policy(String name, String host) {
        return """
                {"apiVersion": "exeat.dev/v1alpha1", "kind": "EgressPolicy",
                 "metadata": {"name": "%s", "namespace": "istio-system"},
                 "spec": {"action": "Deny", "destinations": [{"hosts": ["%s"]}]}}
                """.formatted(name, host);
    }

    static ApiConnection.Answer require(int code, ApiConnection.Answer answer) {
        if (answer.code() != code) {
            throw new IllegalStateException(answer.toString());
        }
        return answer;
    }

    private static String host(int number) {
        return "w" + number + ".model.test";
    }

    /** Makes the hosts known, and a policy for each that denies another one. */
    void prepare() throws IOException, InterruptedException {
        StringBuilder hosts = new StringBuilder();
        for (int i = 0; i < HOSTS; i++) {
            hosts.append(i == 0 ? "\"" : ", \"").append(host(i)).append('"');
            require(201, api.send("POST", PATH, policy("w" + i, "off-" + i + ".test")));
        }
        require(
                201,
                api.send("POST", "/apis/networking.istio.io/v1/namespaces/istio-system/serviceentries", """
                {"apiVersion": "networking.istio.io/v1", "kind": "ServiceEntry",
                 "metadata": {"name": "api-writes", "namespace": "istio-system"},
                 "spec": {"location": "MESH_EXTERNAL", "hosts": [%s],
                          "ports": [{"number": 443, "name": "tls", "protocol": "TLS"}]}}
                """.formatted(
                                hosts)));
        awaitVerdict(0, false);
    }

    /** Returns when all are written, and those that are looked at have their effect. */
    Effects during(int perSecond, int seconds) throws InterruptedException {
        Progress progress = new Progress(perSecond * seconds);
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            clock.scheduleAtFixedRate(
                    () -> next(progress), 0, TimeUnit.SECONDS.toNanos(1) / perSecond, TimeUnit.NANOSECONDS);
            progress.ended.acquire(progress.writes);
            clock.shutdownNow();
        }
        return new Effects(
                List.copyOf(progress.nanos),
                progress.acknowledged,
                List.copyOf(progress.failures),
                progress.late.get());
    }

    /** How a run of writes gets on. */
    private static final class Progress {
        private final int writes;
        private final Queue<Long> nanos = new ConcurrentLinkedQueue<>();
        private final ConcurrentSkipListMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger turn = new AtomicInteger();
        private final AtomicInteger late = new AtomicInteger();
        private final Semaphore ended = new Semaphore(0);
        private final List<Semaphore> free =
                Stream.generate(() -> new Semaphore(1)).limit(HOSTS).toList();

        Progress(int writes) {
            this.writes = writes;
        }

        Semaphore freeHost(int number) {
            return free.get(number % HOSTS);
        }
    }

    /** Before a host is written anew, its last write has had its effect. */
    private void next(Progress progress) {
        int number = progress.turn.getAndIncrement();
        if (number >= progress.writes) {
            return;
        }
        Semaphore free = progress.freeHost(number);
        if (!free.tryAcquire()) {
            progress.late.incrementAndGet();
            free.acquireUninterruptibly();
        }
        Thread.ofVirtual().start(() -> {
            try {
                write(number, progress);
            } catch (IOException | InterruptedException | RuntimeException e) {
                progress.failures.add(e.toString());
            } finally {
                free.release();
                progress.ended.release();
            }
        });
    }

    private void write(int number, Progress progress) throws IOException, InterruptedException {
        int host = number % HOSTS;
        boolean deny = !denied[host];
        String patch = "{\"spec\":{\"destinations\":[{\"hosts\":[\"%s\"]}]}}"
                .formatted(deny ? host(host) : "off-" + host + ".test");
        ApiConnection.Answer answer = require(200, api.send("PATCH", PATH + "/w" + host, patch));
        long at = System.nanoTime();
        progress.acknowledged.put(answer.version(), at);
        denied[host] = deny;
        if (number % LOOKED_AT == 0) {
            progress.nanos.add(awaitVerdict(host, deny) - at);
        }
    }

    private long awaitVerdict(int host, boolean deny) {
        long limit = System.nanoTime() + LIMIT_NANOS;
        Ending awaited = deny ? Ending.REFUSED : Ending.DELIVERED;
        while (System.nanoTime() < limit) {
            Visit visit = scene.visit(Route.PLAIN, host(host));
            if (visit.ending() == awaited) {
                return deny ? visit.ended() : visit.began() + visit.firstOctet();
            }
        }
        throw new IllegalStateException("no connection to " + host(host) + " is " + awaited);
    }
}
