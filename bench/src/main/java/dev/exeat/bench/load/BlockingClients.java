package dev.exeat.bench.load;

import dev.exeat.bench.wire.AppTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;

/**
 * Clients with the TLS of the Java platform, which resumes sessions by itself, on blocking sockets, which leave
 * TCP_NODELAY to their user. Slower than those on event loops, so only what the measured program does is comparable.
 */
final class BlockingClients {
    private static final byte[] HELLO = AppTls.clientHello(AppTls.HOST);
    private static final byte[] PING = AppTls.ping();
    private static final int TIMEOUT_MILLIS = 10_000;
    private static final int ERRORS_TO_GIVE_UP = 20;

    private final Credentials credentials;
    /** Of each client its own, so that none takes another's ticket; they live on from job to job. */
    private final List<SSLContext> contexts = new ArrayList<>();

    private final Object lock = new Object();

    BlockingClients(Credentials credentials) {
        this.credentials = credentials;
    }

    /** Runs the job's connections in as many threads as may be in flight, and waits for them. */
    Outcome run(Job job) throws InterruptedException {
        while (contexts.size() < job.inFlight()) {
            contexts.add(credentials.platform());
        }
        Tally tally = new Tally();
        long deadline = System.nanoTime() + job.millis() * 1_000_000;
        List<Thread> threads = new ArrayList<>();
        for (SSLContext context : contexts.subList(0, job.inFlight())) {
            threads.add(Thread.ofPlatform().start(() -> visitUntil(deadline, job, context, tally)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        return tally.outcome();
    }

    private void visitUntil(long deadline, Job job, SSLContext context, Tally tally) {
        int errors = 0;
        while (System.nanoTime() < deadline && errors < ERRORS_TO_GIVE_UP) {
            try {
                visit(job, context, tally);
            } catch (IOException e) {
                errors++;
                synchronized (lock) {
                    tally.failed(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    private void visit(Job job, SSLContext context, Tally tally) throws IOException {
        long began = System.nanoTime();
        long beganMillis = System.currentTimeMillis();
        try (Socket tcp = new Socket()) {
            tcp.setTcpNoDelay(job.noDelay());
            tcp.setSoTimeout(TIMEOUT_MILLIS);
            tcp.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), job.port()), TIMEOUT_MILLIS);
            SSLEngine engine = engine(job, context);
            EngineConnection tls = EngineConnection.handshake(engine, tcp);
            tls.send(HELLO);
            tls.skip(1);
            long answered = System.nanoTime() - began;
            tls.skip(AppTls.ANSWER - 1);
            tls.send(PING);
            tls.skip(AppTls.RESPONSE);
            tls.end();
            count(tally, answered, engine.getSession(), beganMillis);
        }
    }

    /** One that is not told whom it talks to has no session to resume. */
    private static SSLEngine engine(Job job, SSLContext context) {
        SSLEngine engine = job.kind() == Job.Kind.RESUMPTIONS
                ? context.createSSLEngine(AppTls.HOST, job.port())
                : context.createSSLEngine();
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(AppTls.HOST)));
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** A resumed session keeps the time at which it was made. */
    private void count(Tally tally, long answered, SSLSession session, long beganMillis) {
        synchronized (lock) {
            tally.done();
            tally.answeredAfter(answered);
            if (session.getCreationTime() < beganMillis) {
                tally.resumed();
            }
        }
    }
}
