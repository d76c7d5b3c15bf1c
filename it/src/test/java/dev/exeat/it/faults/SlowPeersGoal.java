package dev.exeat.it.faults;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** G6: good connections beside thousands that stall. */
record SlowPeersGoal(int perSecond) implements Measurement {
    private static final long P99_MILLIS = 500;

    @Override
    public String goal() {
        return "G6 slow attackers";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Queue<Visit> visits = new ConcurrentLinkedQueue<>();
        SlowPeers peers = new SlowPeers();
        try (Load load = new Load(scene.client(), scene.random().nextLong(), scene.ids(), visits::add)) {
            peers.inflict(scene);
            load.start(perSecond);
            peers.undo(scene);
            load.settle(30_000);
        }
        List<Long> first = visits.stream()
                .map(Visit::firstOctet)
                .filter(nanos -> nanos >= 0)
                .toList();
        long p99 = Load.quantile(first, 0.99) / 1_000_000;
        long failed = visits.stream()
                .filter(visit -> !visit.delivered() && visit.route() != Route.PLAIN)
                .count();
        return new Figure(
                p99 <= P99_MILLIS && failed == 0 && peers.complaints(scene).isEmpty(),
                "%d peers, all gone %.1f s after the last came; good first octet p50 %d ms, p99 %d ms, %d of %d failed"
                        .formatted(
                                scene.slowPeers(),
                                peers.goneAfter() / 1e9,
                                Load.quantile(first, 0.5) / 1_000_000,
                                p99,
                                failed,
                                visits.size()));
    }
}
