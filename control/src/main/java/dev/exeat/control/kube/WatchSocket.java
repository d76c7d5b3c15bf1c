package dev.exeat.control.kube;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a watch over a WebSocket: each event is a message of text. What the client sends is not looked at. Public for
 * Jetty, which calls it, alone.
 */
public final class WatchSocket implements Session.Listener.AutoDemanding {
    private static final Logger LOG = LoggerFactory.getLogger(WatchSocket.class);
    private static final int MOST_MESSAGE = 1024;

    private final WatchStream.Started watch;
    private final Duration patience;
    private final Runnable ended;
    private volatile boolean toOpen;

    /**
     * @param patience until the client takes a message
     * @param ended called once, when all is over
     */
    WatchSocket(WatchStream.Started watch, Duration patience, Runnable ended) {
        this.watch = watch;
        this.patience = patience;
        this.ended = ended;
    }

    WatchSocket toOpen() {
        toOpen = true;
        return this;
    }

    /** Whether the client and we agreed on the protocol, so that {@code ended} will be called. */
    boolean isToOpen() {
        return toOpen;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        session.setIdleTimeout(Duration.ZERO); // Nothing may happen for long.
        session.setMaxTextMessageSize(MOST_MESSAGE);
        session.setMaxBinaryMessageSize(MOST_MESSAGE);
        Thread.ofVirtual().name("watch").start(() -> run(session));
    }

    private void run(Session session) {
        try {
            watch.write(new Messages(session, patience));
            session.close(1000, "", Callback.NOOP);
        } catch (IOException e) {
            session.disconnect(); // The client is gone, or takes nothing.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            session.disconnect();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a watch failed by a fault");
            session.disconnect();
        } finally {
            ended();
        }
    }

    void ended() {
        ended.run();
    }

    private record Messages(Session session, Duration patience) implements EventSink {
        @Override
        public void event(byte[] json) throws IOException {
            try {
                Callback.Completable.with(sent -> session.sendText(new String(json, StandardCharsets.UTF_8), sent))
                        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new IOException("the message could not be sent", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("the server is ending", e);
            }
        }

        @Override
        public void flush() {
            // Each message is sent at once.
        }
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        watch.end();
        callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        watch.end();
    }
}
