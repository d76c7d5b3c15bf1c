package dev.exeat.cli.observe;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a server's answer. A server is gone that says nothing for so long while it is waited for: one that is at work
 * says something every five seconds. Not thread-safe.
 */
final class ServerLines implements AutoCloseable {
    private static final int LOOKS = 20;

    private final InputStream body;
    private final BufferedReader reader;
    private final Duration silence;
    private final Thread watchdog;
    private volatile long waitsSince;
    private volatile boolean waits;
    private volatile boolean silent;

    ServerLines(InputStream body, Duration silence) {
        this.body = body;
        this.reader = new BufferedReader(new InputStreamReader(body, StandardCharsets.US_ASCII), 64 * 1024);
        this.silence = silence;
        this.watchdog = Thread.ofVirtual().name("server-silence").start(this::watch);
    }

    /**
     * The next line; empty where the server says that it is still at work, null at the end.
     *
     * @throws IOException if the answer is cut, or the server is silent
     */
    @Nullable
    String next() throws IOException {
        waitsSince = System.nanoTime();
        waits = true;
        try {
            String line = reader.readLine();
            if (line == null && silent) {
                throw wasSilent();
            }
            return line;
        } catch (IOException e) {
            throw silent ? wasSilent() : e;
        } finally {
            waits = false;
        }
    }

    private IOException wasSilent() {
        return new IOException("it was silent for " + silence.toSeconds() + " s");
    }

    private void watch() {
        try {
            while (!waits || System.nanoTime() - waitsSince < silence.toNanos()) {
                Thread.sleep(silence.dividedBy(LOOKS));
            }
            silent = true;
            body.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        watchdog.interrupt();
        try {
            body.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
