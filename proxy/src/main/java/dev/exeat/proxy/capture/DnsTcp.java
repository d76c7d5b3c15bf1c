package dev.exeat.proxy.capture;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DNS over TCP (RFC 7766), a virtual thread for each connection. Safe for any thread. */
final class DnsTcp implements AutoCloseable {
    /** Connections at one time; others are closed at once. */
    static final int MOST = 64;

    private static final Logger LOG = LoggerFactory.getLogger(DnsTcp.class);
    /** From the accept, or the last answer, to a whole question, however slowly it comes. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** Of one connection; their answers fit the send buffer, so that no write waits for a client that does not read. */
    private static final int QUESTIONS = 100;

    /** Answers a question; nothing where the connection is to be closed. */
    interface Answerer {
        byte[] answer(InetAddress client, ByteBuffer query);
    }

    private final ServerSocket listener;
    private final Answerer answerer;
    private final Semaphore places = new Semaphore(MOST);
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    DnsTcp(ServerSocket listener, Answerer answerer) {
        this.listener = listener;
        this.answerer = answerer;
    }

    void start() {
        Thread.ofVirtual().name("dns-tcp").start(this::accept);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                if (places.tryAcquire()) {
                    open.add(socket);
                    Thread.ofVirtual().name("dns-tcp-client").start(() -> serve(socket));
                } else {
                    socket.close();
                }
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    LOG.atWarn().setCause(e).log("no DNS connections are accepted for a moment");
                    pause();
                }
            }
        }
    }

    /** Descriptors may have run out. */
    private static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(100));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int i = 0; i < QUESTIONS; i++) {
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                int length = ByteBuffer.wrap(read(in, socket, 2, deadline)).getShort() & 0xffff;
                if (length > DnsAnswers.MAX_OCTETS) {
                    return;
                }
                byte[] query = read(in, socket, length, deadline);
                byte[] reply = answerer.answer(socket.getInetAddress(), ByteBuffer.wrap(query));
                if (reply.length == 0) {
                    return;
                }
                // RFC 7766 section 8: length and message in one write.
                socket.getOutputStream()
                        .write(ByteBuffer.allocate(2 + reply.length)
                                .putShort((short) reply.length)
                                .put(reply)
                                .array());
            }
        } catch (IOException e) {
            // The client is gone or too slow.
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a DNS connection was closed, because of a fault in Exeat");
        } finally {
            open.remove(socket);
            places.release();
        }
    }

    private static byte[] read(DataInputStream in, Socket socket, int length, long deadline) throws IOException {
        byte[] octets = new byte[length];
        int read = 0;
        while (read < length) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("no whole question in time");
            }
            socket.setSoTimeout((int) left);
            int n = in.read(octets, read, length - read);
            if (n < 0) {
                throw new IOException("the client ended the connection");
            }
            read += n;
        }
        return octets;
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            LOG.atDebug().setCause(e).log("a socket was not closed in order");
        }
    }
}
