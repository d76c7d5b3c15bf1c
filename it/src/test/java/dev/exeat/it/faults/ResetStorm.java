package dev.exeat.it.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Clients that reset their connections at random points: at once, within the first octets, or in the middle of a tunnel. */
record ResetStorm(int connections) implements Fault {
    private static final int AT_ONCE = 16;

    @Override
    public String name() {
        return "reset storm";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) throws InterruptedException {
        for (int done = 0; done < connections; done += AT_ONCE) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                Route route = Route.values()[scene.random().nextInt(Route.values().length)];
                int point = scene.random().nextInt(40);
                threads.add(Thread.ofVirtual().start(() -> reset(scene, route, point)));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    private static void reset(Scene scene, Route route, int point) {
        if (point < 20) {
            inFirstOctets(scene, route, point);
            return;
        }
        int[] left = {point - 20};
        scene.client()
                .visit(new Client.Errand(
                        scene.ids().incrementAndGet(), route, Site.BYSTANDER.host(), 20 * Cargo.PIECE, 50_000, () -> {
                            if (left[0]-- == 0) {
                                throw new UncheckedIOException(new IOException("given up"));
                            }
                        }));
    }

    private static void inFirstOctets(Scene scene, Route route, int octets) {
        byte[] beginning = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        try (Socket socket = new Socket()) {
            socket.connect(scene.client().doors().of(route), 10_000);
            socket.setSoLinger(true, 0);
            socket.getOutputStream().write(beginning, 0, octets);
        } catch (IOException e) {
            // It is about to be reset anyway.
        }
    }

    @Override
    public void undo(Scene scene) {
        // Each is over.
    }
}
