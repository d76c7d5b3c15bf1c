package dev.exeat.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A TCP server that keeps a record of every connection and of the octets that came over it: an empty record proves
 * that nothing got through, an equal checksum that everything did. Thread-safe.
 */
public final class MarkerUpstream implements AutoCloseable {
    private final ServerSocket listener;
    private final Behaviour behaviour;
    private final CountDownLatch released;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private MarkerUpstream(ServerSocket listener, Behaviour behaviour) {
        this.listener = listener;
        this.behaviour = behaviour;
        this.released = new CountDownLatch(behaviour.holds() ? 1 : 0);
    }

    /** Starts a server that answers with {@link Behaviour#MARKER}; port 0 picks a free one. */
    public static MarkerUpstream start(InetSocketAddress address) {
        return start(address, Behaviour.marking());
    }

    public static MarkerUpstream start(InetSocketAddress address, Behaviour behaviour) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.setReuseAddress(true);
            if (behaviour.holds()) {
                listener.setReceiveBufferSize(4096);
            }
            listener.bind(address, 512);
            MarkerUpstream upstream = new MarkerUpstream(listener, behaviour);
            Thread.ofPlatform().daemon().name("marker-upstream").start(upstream::accept);
            return upstream;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on " + address, e);
        }
    }

    public InetSocketAddress address() {
        return new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort());
    }

    /** All connections so far, oldest first; empty means that nobody ever dialled. */
    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Lets an upstream that {@link Behaviour#holds()} read on. */
    public void release() {
        released.countDown();
    }

    @Override
    public void close() {
        release();
        try {
            listener.close();
            for (Received one : received) {
                one.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                Received one = new Received(socket);
                received.add(one);
                Thread.ofVirtual().start(() -> serve(socket, one));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket socket, Received one) {
        try (socket) {
            OutputStream out = socket.getOutputStream();
            out.write(behaviour.greeting());
            out.flush();
            released.await();
            InputStream in = socket.getInputStream();
            byte[] chunk = new byte[16 * 1024];
            boolean first = true;
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                one.add(chunk, n);
                if (behaviour.echoes()) {
                    out.write(chunk, 0, n);
                } else if (first) {
                    out.write(behaviour.answerTo(chunk, n));
                }
                out.flush();
                first = false;
            }
            one.ended(false);
            out.write(behaviour.farewell());
            out.flush();
        } catch (IOException e) {
            one.ended(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
