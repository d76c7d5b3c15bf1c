package dev.exeat.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;

/**
 * A client that sends whatever octets it is given, over plain TCP or within mutual TLS, with or without a CONNECT
 * before, and tells what became of them. Not thread-safe.
 */
public final class HostileClient implements AutoCloseable {
    private static final int ALERT = 21;
    private static final int ALERT_RECORD = 7;
    private static final int PATIENCE_MILLIS = 10_000;

    private final Socket tcp;
    private final Socket socket;

    private HostileClient(Socket tcp, Socket socket) {
        this.tcp = tcp;
        this.socket = socket;
    }

    /** Connects over plain TCP. */
    public static HostileClient plain(InetSocketAddress address) {
        try {
            Socket socket = new Socket();
            socket.setTcpNoDelay(true);
            socket.connect(address, PATIENCE_MILLIS);
            return new HostileClient(socket, socket);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot connect to " + address, e);
        }
    }

    /**
     * Connects with an outer TLS session and finishes its handshake.
     *
     * @throws SSLException if the server refuses the handshake; with TLS 1.3 a refused certificate shows only later,
     *     as {@link Outcome.OuterRefused}
     */
    public static HostileClient mutualTls(InetSocketAddress address, OuterTls tls) throws SSLException {
        HostileClient plain = plain(address);
        try {
            SSLSocket outer = tls.wrap(plain.socket);
            outer.setSoTimeout(PATIENCE_MILLIS);
            outer.startHandshake();
            return new HostileClient(plain.tcp, outer);
        } catch (SSLException e) {
            plain.close();
            throw e;
        } catch (IOException e) {
            plain.close();
            throw new SSLException("the server ended the handshake", e);
        }
    }

    /**
     * Sends an HTTP/1.1 CONNECT and returns the whole head of the answer, or "" if none came.
     *
     * @param headers further lines, without their ends
     */
    public String connect(String authority, String... headers) {
        String more = Stream.of(headers).map(line -> line + "\r\n").collect(Collectors.joining());
        String request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n" + more + "\r\n";
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                int octet = in.read();
                if (octet < 0) {
                    break;
                }
                head.write(octet);
            }
            return head.toString(StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    /** Sends octets in one piece. */
    public HostileClient send(byte[] octets) {
        return send(octets, Delivery.whole());
    }

    /** Sends octets as {@code delivery} says; a peer that hangs up before the end is no error. */
    public HostileClient send(byte[] octets, Delivery delivery) {
        int total = Math.min(octets.length, delivery.stopAfter());
        try {
            OutputStream out = socket.getOutputStream();
            for (int at = 0; at < total; ) {
                int count = Math.min(delivery.segment(), total - at);
                if (at < delivery.pauseAt() && at + count > delivery.pauseAt()) {
                    count = delivery.pauseAt() - at;
                }
                hold(at == 0 ? Duration.ZERO : delivery.delay());
                hold(at == delivery.pauseAt() ? delivery.pause() : Duration.ZERO);
                out.write(octets, at, count);
                out.flush();
                at += count;
            }
            end(delivery.ending());
        } catch (IOException e) {
            // It was refused before it ended; the outcome says how.
        }
        return this;
    }

    /** Waits for the answer; see {@link Outcome}. */
    public Outcome outcome(Duration limit) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        long deadline = System.nanoTime() + limit.toNanos();
        byte[] chunk = new byte[4_096];
        try {
            while (true) {
                long left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    return answer.size() == 0 ? new Outcome.Silence() : read(answer.toByteArray());
                }
                socket.setSoTimeout((int) left);
                int count = socket.getInputStream().read(chunk);
                if (count < 0) {
                    return answer.size() == 0 ? new Outcome.Closed() : read(answer.toByteArray());
                }
                answer.write(chunk, 0, count);
                Outcome outcome = read(answer.toByteArray());
                if (!(outcome instanceof Outcome.Answered)) {
                    return outcome;
                }
            }
        } catch (SocketTimeoutException e) {
            return answer.size() == 0 ? new Outcome.Silence() : read(answer.toByteArray());
        } catch (SSLException e) {
            return new Outcome.OuterRefused(String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return answer.size() == 0 ? new Outcome.Closed() : read(answer.toByteArray());
        }
    }

    /** The socket itself, for what this class has no method for. */
    public Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome read(byte[] answer) {
        if (answer[0] == ALERT && answer.length >= ALERT_RECORD) {
            return new Outcome.Alerted(answer[ALERT_RECORD - 1] & 0xff);
        }
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        return text.contains(Behaviour.MARKER) ? new Outcome.Forwarded() : new Outcome.Answered(text);
    }

    private void end(Delivery.Ending ending) throws IOException {
        switch (ending) {
            case STAY -> {
                // The answer decides.
            }
            case HALF_CLOSE -> socket.shutdownOutput();
            case RESET -> {
                // Of TCP: an outer session would end in order first.
                tcp.setSoLinger(true, 0);
                tcp.close();
            }
        }
    }

    /** Slowness is the behaviour under test here, not a way to wait for something. */
    private static void hold(Duration length) {
        long until = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
