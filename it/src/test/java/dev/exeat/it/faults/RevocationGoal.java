package dev.exeat.it.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** G24: from the revocation of an identity to the end of its open tunnels. */
record RevocationGoal(int count) implements Measurement {
    private static final String ACCOUNT = "issue-0";

    @Override
    public String goal() {
        return "G24 revocation";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Client revoked = scene.as(ACCOUNT);
        List<CompletableFuture<Visit>> visits = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            var errand = new Client.Errand(
                    scene.ids().incrementAndGet(),
                    Route.UP,
                    Site.BYSTANDER.host(),
                    3_000L * Cargo.PIECE,
                    10,
                    () -> LockSupport.parkNanos(20_000_000));
            CompletableFuture<Visit> visit = new CompletableFuture<>();
            visits.add(visit);
            Thread.ofVirtual().start(() -> visit.complete(revoked.visit(errand)));
        }
        Tunnels others = Tunnels.open(scene, scene.client(), Route.UP, Site.BYSTANDER, count);
        TimeUnit.SECONDS.sleep(2);
        long open = visits.stream().filter(visit -> !visit.isDone()).count();
        long revokedAt = System.nanoTime();
        Stand.write(
                scene.stand().data().resolve("revoked.txt"),
                "spiffe://" + Stand.TRUST_DOMAIN + "/ns/default/sa/" + ACCOUNT + "\n");
        long last = 0;
        for (CompletableFuture<Visit> visit : visits) {
            last = Math.max(last, visit.join().ended() - revokedAt);
        }
        long delivered = others.finish();
        return new Figure(
                open == count && last <= 5_000_000_000L && delivered == count,
                "%d open tunnels, the last cut %d ms after the file was written; %d of %d others went on"
                        .formatted(open, last / 1_000_000, delivered, count));
    }
}
