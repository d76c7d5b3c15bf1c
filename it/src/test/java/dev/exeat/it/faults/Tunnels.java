package dev.exeat.it.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Many tunnels that are open, wait, and then carry the rest of their octets. */
final class Tunnels {
    private static final long PATIENCE_NANOS = 120_000_000_000L;

    private final List<CompletableFuture<Visit>> visits = new ArrayList<>();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();

    /** Opens them, and returns when octets have gone through each. */
    static Tunnels open(Scene scene, Client client, Route route, Site site, int count) {
        Tunnels tunnels = new Tunnels();
        String host = route == Route.PLAIN ? PolicyModel.host(0) : site.host();
        for (int i = 0; i < count; i++) {
            var errand = new Client.Errand(
                    scene.ids().incrementAndGet(), route, host, 2 * Cargo.PIECE, 10_000, tunnels::await);
            CompletableFuture<Visit> visit = new CompletableFuture<>();
            tunnels.visits.add(visit);
            Thread.ofVirtual().start(() -> visit.complete(client.visit(errand)));
        }
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (tunnels.waiting.get() + tunnels.ended() < count && System.nanoTime() < deadline) {
            LockSupport.parkNanos(5_000_000);
        }
        return tunnels;
    }

    private void await() {
        waiting.incrementAndGet();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int ended() {
        return (int) visits.stream().filter(CompletableFuture::isDone).count();
    }

    int open() {
        return waiting.get();
    }

    /** Lets them go on to their end, and counts those that were delivered. */
    long finish() {
        goOn.countDown();
        return visits.stream().filter(visit -> visit.join().delivered()).count();
    }
}
