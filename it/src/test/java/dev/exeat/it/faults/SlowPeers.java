package dev.exeat.it.faults;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many peers that begin a ClientHello and never end it: each is gone by the deadline, and others don't notice. */
final class SlowPeers implements Fault {
    /** Of the outer TLS handshake. */
    private static final Duration HANDSHAKE = Duration.ofSeconds(10);

    private static final Duration GRACE = Duration.ofSeconds(2);
    private static final byte[] BEGINNING = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 252, 3, 3};

    private final List<Socket> peers = new ArrayList<>();
    private long last;
    private int alive;
    private long late;

    @Override
    public String name() {
        return "slow peers";
    }

    @Override
    public Tolerance tolerance() {
        return Tolerance.NONE;
    }

    @Override
    public void inflict(Scene scene) throws IOException {
        List<InetSocketAddress> doors =
                List.of(scene.client().doors().plain(), scene.client().doors().up());
        for (int i = 0; i < scene.slowPeers(); i++) {
            Socket socket = new Socket();
            socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.20." + (1 + i % 250)), 0));
            socket.connect(doors.get(i % 2), 10_000);
            socket.getOutputStream().write(BEGINNING, 0, 1 + i % BEGINNING.length);
            peers.add(socket);
        }
        last = System.nanoTime();
    }

    @Override
    public void undo(Scene scene) throws IOException {
        Duration longest = scene.helloTimeout().compareTo(HANDSHAKE) > 0 ? scene.helloTimeout() : HANDSHAKE;
        long deadline = last + longest.plus(GRACE).toNanos();
        for (Socket peer : peers) {
            try (peer) {
                long left = Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
                peer.setSoTimeout((int) left);
                peer.getInputStream().readAllBytes();
            } catch (java.net.SocketTimeoutException e) {
                alive++;
            } catch (IOException e) {
                // Reset: it is gone.
            }
            late = Math.max(late, System.nanoTime() - last);
        }
    }

    /** When the last was gone, in nanoseconds after the last came. */
    long goneAfter() {
        return late;
    }

    @Override
    public List<String> complaints(Scene scene) {
        return alive == 0
                ? List.of()
                : List.of(alive + " of " + peers.size() + " peers were still there at the deadline");
    }
}
