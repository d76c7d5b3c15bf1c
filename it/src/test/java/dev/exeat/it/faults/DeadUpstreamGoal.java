package dev.exeat.it.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** G13: an upstream hangs, then dies; how soon its clients are told. */
record DeadUpstreamGoal(int count) implements Measurement {
    @Override
    public String goal() {
        return "G13 upstream dies";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Stand.signal(scene.stand().site(Site.VICTIM), "STOP");
        List<CompletableFuture<Visit>> visits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Route route = i % 2 == 0 ? Route.UP : Route.PROXY;
            CompletableFuture<Visit> visit = new CompletableFuture<>();
            visits.add(visit);
            Thread.ofVirtual().start(() -> visit.complete(scene.visit(route, Site.VICTIM.host())));
        }
        TimeUnit.SECONDS.sleep(5);
        long still = visits.stream().filter(visit -> !visit.isDone()).count();
        Tunnels others = Tunnels.open(scene, scene.client(), Route.UP, Site.BYSTANDER, count);
        long killed = System.nanoTime();
        scene.stand().site(Site.VICTIM).kill();
        long told = 0;
        for (CompletableFuture<Visit> visit : visits) {
            told = Math.max(told, visit.join().ended() - killed);
        }
        long delivered = others.finish();
        scene.stand().startSite(Site.VICTIM);
        return new Figure(
                still == count && told < 1_000_000_000 && delivered == count,
                "%d tunnels waited, the last client was told %d ms after the death; %d of %d others delivered"
                        .formatted(still, told / 1_000_000, delivered, count));
    }
}
