package dev.exeat.it.faults;

import dev.exeat.testkit.HelloCase;
import dev.exeat.testkit.HelloCases;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** G5: three of ten connections are hostile, with the table's cases in random order; the others must hardly notice. */
record HostileMixGoal(int perSecond, int seconds) implements Measurement {
    private static final double KEEP = 0.9;
    private static final double SLOWER = 2;

    @Override
    public String goal() {
        return "G5 hostile mix";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Steady.during(perSecond, seconds / 2, () -> good(scene));
        Visits before = Steady.during(perSecond, seconds, () -> good(scene));
        Visits hostile;
        Visits beside;
        try (Steady crowd = Steady.start(Math.max(1, perSecond * 3 / 7), hostile(scene))) {
            TimeUnit.SECONDS.sleep(2);
            beside = Steady.during(perSecond, seconds, () -> good(scene));
            hostile = crowd.end();
        }
        double kept = (double) (beside.count() - beside.failed()) / (perSecond * seconds);
        double ratio = beside.firstOctet(0.99) / before.firstOctet(0.99);
        return new Figure(
                kept >= KEEP && ratio <= SLOWER && beside.failed() == 0,
                ("%d hostile connections beside %d good ones a second: %.1f %% of these carried, %d failed; first octet"
                                        + " p50 %.1f ms and %.1f before, p99 %.1f and %.1f: %.2f times")
                                .formatted(
                                        hostile.count(),
                                        perSecond,
                                        100 * kept,
                                        beside.failed(),
                                        beside.firstOctet(0.5),
                                        before.firstOctet(0.5),
                                        beside.firstOctet(0.99),
                                        before.firstOctet(0.99),
                                        ratio)
                        + beside.firstFailure());
    }

    private static Visit good(Scene scene) {
        long id = scene.ids().incrementAndGet();
        Route route = id % 2 == 0 ? Route.UP : Route.PLAIN;
        String host = route == Route.PLAIN ? PolicyModel.host(0) : Site.BYSTANDER.host();
        return scene.client().visit(new Client.Errand(id, route, host, 1_000, 1_000, () -> {}));
    }

    /** Sends the octets of a case to the plain listener, or in place of the outer handshake, and waits for its end. */
    static java.util.function.Supplier<Visit> hostile(Scene scene) {
        List<HelloCase> cases = HelloCases.all();
        SplittableRandom random = scene.random().split();
        return () -> {
            HelloCase one;
            Route route;
            synchronized (random) {
                one = cases.get(random.nextInt(cases.size()));
                route = random.nextBoolean() ? Route.PLAIN : Route.UP;
            }
            long began = System.nanoTime();
            try (Socket socket = new Socket()) {
                socket.connect(scene.client().doors().of(route), 10_000);
                socket.setSoTimeout(2_000);
                socket.getOutputStream().write(one.octets());
                socket.getInputStream().readNBytes(Cargo.WELCOME.length);
                socket.setSoLinger(true, 0);
            } catch (IOException e) {
                // As it should be.
            }
            return new Visit(0, route, one.toString(), began, System.nanoTime(), Ending.REFUSED, -1, "");
        };
    }
}
