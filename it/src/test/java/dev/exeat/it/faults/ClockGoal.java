package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import java.io.IOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * G18: the gateway's wall clock is set while peers wait for a time-out and tunnels are open. No time-out may be early or
 * late by more than a twentieth; certificates are judged by the new time; no number is left out in the log.
 */
record ClockGoal(int tunnels) implements Measurement {
    private static final int[] STEPS = {10, -10, 3_600, -3_600};
    private static final int BEYOND_A_CERTIFICATE = 25 * 3_600;
    private static final double HANDSHAKE_SECONDS = 10;
    private static final double TOLERANCE = 0.05;
    private static final byte[] BEGINNING = {22, 3, 1, 2, 0, 1, 0, 1};

    @Override
    public String goal() {
        return "G18 clock steps";
    }

    @Override
    public Stand.Settings settings() {
        return Stand.Settings.DEFAULT.withClockSteps();
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        FakeClock clock = scene.stand().clock();
        if (!clock.canBeSet()) {
            return new Figure(false, "this machine has no C compiler, so that the clock can't be set");
        }
        RecordFile records = new RecordFile(scene.stand().records(Role.GATEWAY));
        Tunnels open = Tunnels.open(scene, scene.client(), Route.GATEWAY, Site.BYSTANDER, tunnels);
        List<Double> timeouts = new ArrayList<>();
        for (int step : STEPS) {
            CompletableFuture<Double> before = stalled(scene);
            TimeUnit.SECONDS.sleep(3);
            clock.set(step);
            CompletableFuture<Double> after = stalled(scene);
            timeouts.add(before.join());
            timeouts.add(after.join());
            clock.set(0);
        }
        double earliest = timeouts.stream().mapToDouble(d -> d).min().orElse(0);
        double latest = timeouts.stream().mapToDouble(d -> d).max().orElse(0);
        boolean carriedBefore = carried(scene);
        clock.set(BEYOND_A_CERTIFICATE);
        boolean carriedBeyond = carried(scene);
        clock.set(0);
        boolean carriedAgain = carried(scene);
        long delivered = open.finish();
        LockSupport.parkNanos(500_000_000);
        int written = records.take().size();
        boolean met = earliest >= HANDSHAKE_SECONDS * (1 - TOLERANCE)
                && latest <= HANDSHAKE_SECONDS * (1 + TOLERANCE)
                && delivered == tunnels
                && carriedBefore
                && !carriedBeyond
                && carriedAgain
                && records.gaps() == 0;
        return new Figure(
                met,
                ("steps of 10 s and 1 h, forward and back: %d time-outs of 10 s took %.2f to %.2f s; %d of %d tunnels"
                                + " lived on; a client whose certificate had expired by the clock was %s, and %s when it"
                                + " was set right; %d records, %d numbers left out")
                        .formatted(
                                timeouts.size(),
                                earliest,
                                latest,
                                delivered,
                                tunnels,
                                carriedBeyond ? "carried" : "refused",
                                carriedAgain ? "carried" : "refused",
                                written,
                                records.gaps()));
    }

    private static boolean carried(Scene scene) {
        return scene.visit(Route.GATEWAY, Site.BYSTANDER.host()).delivered();
    }

    /** The seconds until a peer that stalls in the outer handshake is gone. */
    private static CompletableFuture<Double> stalled(Scene scene) throws IOException {
        Socket socket = new Socket();
        socket.connect(scene.client().doors().gateway(), 10_000);
        socket.setSoTimeout(60_000);
        long began = System.nanoTime();
        socket.getOutputStream().write(BEGINNING);
        CompletableFuture<Double> gone = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try (socket) {
                socket.getInputStream().readAllBytes();
            } catch (IOException e) {
                // Reset: it is gone.
            }
            gone.complete((System.nanoTime() - began) / 1e9);
        });
        return gone;
    }
}
