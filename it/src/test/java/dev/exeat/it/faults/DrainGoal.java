package dev.exeat.it.faults;

import dev.exeat.it.faults.Route.Role;
import dev.exeat.testkit.BackgroundProcess;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** G11: SIGTERM lets open tunnels end, and takes no new one. */
record DrainGoal(int count) implements Measurement {
    @Override
    public String goal() {
        return "G11 drain";
    }

    @Override
    public Figure measure(Scene scene) throws Exception {
        Tunnels tunnels = Tunnels.open(scene, scene.client(), Route.PLAIN, Site.BYSTANDER, count);
        int open = tunnels.open();
        BackgroundProcess up = scene.stand().process(Role.UP);
        long began = System.nanoTime();
        Stand.signal(up, "TERM");
        while (connects(scene) && System.nanoTime() - began < 10_000_000_000L) {
            LockSupport.parkNanos(5_000_000);
        }
        long refused = System.nanoTime() - began;
        LockSupport.parkNanos(2_000_000_000L);
        long delivered = tunnels.finish();
        int exit = up.awaitExit(Duration.ofSeconds(60));
        scene.stand().start(Role.UP);
        return new Figure(
                delivered == open && open == count && exit == 0,
                "%d tunnels open, %d went on to their end, new connects refused after %d ms, exit code %d"
                        .formatted(open, delivered, refused / 1_000_000, exit));
    }

    private static boolean connects(Scene scene) {
        try (Socket socket = new Socket()) {
            socket.connect(scene.client().doors().plain(), 1_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
