package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** G12: a new process takes the place of a running one while so many connections a second come. */
record HandOverGoal(int connections, int perSecond) implements Measurement {
    @Override
    public String goal() {
        return "G12 hot restart";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Tunnels old = Tunnels.open(scene, scene.client(), Route.UP, Site.BYSTANDER, 20);
        Queue<Visit> failed = new ConcurrentLinkedQueue<>();
        CountDownLatch left = new CountDownLatch(connections);
        AtomicInteger begun = new AtomicInteger();
        BackgroundProcess first = scene.stand().process(Role.UP);
        long started;
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            var ticking = clock.scheduleAtFixedRate(
                    () -> {
                        if (begun.incrementAndGet() <= connections) {
                            Thread.ofVirtual().start(() -> visit(scene, failed, left));
                        }
                    },
                    0,
                    1_000_000_000L / perSecond,
                    TimeUnit.NANOSECONDS);
            started = System.nanoTime();
            // So late that the old process has not drained when the last connection has come.
            TimeUnit.SECONDS.sleep(2L * connections / perSecond / 3);
            scene.stand().replace(Role.UP);
            left.await();
            ticking.cancel(false);
        }
        long took = System.nanoTime() - started;
        boolean oldLives = first.isAlive();
        long delivered = old.finish();
        return new Figure(
                failed.isEmpty() && delivered == 20 && oldLives,
                "%d of %d connections failed, %d a second over %d s; %d of 20 tunnels from before lived on in the old process"
                                .formatted(failed.size(), connections, perSecond, took / 1_000_000_000, delivered)
                        + (failed.isEmpty() ? "" : "; the first: " + failed.peek()));
    }

    private static void visit(Scene scene, Queue<Visit> failed, CountDownLatch left) {
        Visit visit = scene.visit(Route.PLAIN, PolicyModel.host(0));
        if (!visit.delivered()) {
            failed.add(visit);
        }
        left.countDown();
    }
}
