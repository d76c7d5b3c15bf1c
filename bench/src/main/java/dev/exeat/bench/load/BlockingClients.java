package dev.exeat.bench.load;

import dev.exeat.bench.wire.AppTls;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;

/**
 * Clients with the blocking TLS sockets of the Java platform, which resume sessions by themselves and leave
 * TCP_NODELAY to their user. Slower than those on event loops, so only what the measured program does is comparable.
 */
final class BlockingClients {
    private static final byte[] HELLO = AppTls.clientHello(AppTls.HOST);
    private static final byte[] PING = AppTls.ping();
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int ERRORS_TO_GIVE_UP = 20;

    private final Credentials credentials;
    private final Job job;
    private final Tally tally = new Tally();
    private final Object lock = new Object();

    BlockingClients(Credentials credentials, Job job) {
        this.credentials = credentials;
        this.job = job;
    }

    /** Runs the job's connections in as many threads as may be in flight, and waits for them. */
    Outcome run() throws InterruptedException {
        long deadline = System.nanoTime() + job.millis() * 1_000_000;
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < job.inFlight(); i++) {
            threads.add(Thread.ofPlatform().start(() -> visitUntil(deadline)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return tally.outcome();
    }

    private void visitUntil(long deadline) {
        SSLContext context = credentials.platform();
        int errors = 0;
        while (System.nanoTime() < deadline && errors < ERRORS_TO_GIVE_UP) {
            try {
                visit(context);
            } catch (IOException e) {
                errors++;
                synchronized (lock) {
                    tally.failed(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private void visit(SSLContext context) throws IOException {
        long began = System.nanoTime();
        long beganMillis = System.currentTimeMillis();
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (Socket tcp = new Socket()) {
            tcp.setTcpNoDelay(job.noDelay());
            tcp.setSoTimeout(TIMEOUT_MILLIS);
            tcp.connect(new InetSocketAddress(loopback, job.port()), TIMEOUT_MILLIS);
            try (SSLSocket tls =
                    (SSLSocket) context.getSocketFactory().createSocket(tcp, "localhost", job.port(), true)) {
                tls.startHandshake();
                InputStream in = tls.getInputStream();
                tls.getOutputStream().write(HELLO);
                skip(in, 1);
                long answered = System.nanoTime() - began;
                skip(in, AppTls.ANSWER - 1);
                tls.getOutputStream().write(PING);
                skip(in, AppTls.RESPONSE);
                count(answered, tls.getSession(), beganMillis);
            }
        }
    }

    /** A resumed session keeps the time at which it was made. */
    private void count(long answered, SSLSession session, long beganMillis) {
        synchronized (lock) {
            tally.done();
            tally.answeredAfter(answered);
            if (session.getCreationTime() < beganMillis) {
                tally.resumed();
            }
        }
    }

    private static void skip(InputStream in, int octets) throws IOException {
        if (in.readNBytes(octets).length < octets) {
            throw new EOFException("the connection ended too early");
        }
    }
}
