package dev.exeat.control.api;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Ends connections whose handshake or whose request's head comes too slowly: the idle time-out lets one through that
 * sends an octet now and then. Bodies have deadlines of their own. Thread-safe.
 */
final class HeadDeadline extends Handler.Wrapper implements Connection.Listener {
    private static final Duration PACE = Duration.ofSeconds(1);

    private final Duration deadline;
    private final Map<Connection, Waiting> waiting = new ConcurrentHashMap<>();

    HeadDeadline(Handler next, Duration deadline) {
        super(next);
        this.deadline = deadline;
    }

    /** A connection on which no request is being answered. */
    private static final class Waiting {
        private final long octets;
        private long begun;

        private Waiting(long octets) {
            this.octets = octets;
        }

        /** @return whether something came, and that too long ago */
        private boolean isLate(long received, long now, Duration deadline) {
            if (received == octets) {
                return false;
            }
            if (begun == 0) {
                begun = now;
            }
            return now - begun > deadline.toNanos();
        }
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        look();
    }

    private void look() {
        Scheduler scheduler = getServer().getScheduler();
        waiting.forEach((connection, state) -> {
            boolean open = connection.getEndPoint().isOpen();
            if (!open || state.isLate(connection.getBytesIn(), System.nanoTime(), deadline)) {
                waiting.remove(connection);
                connection.getEndPoint().close();
            }
        });
        if (isRunning() || isStarting()) {
            scheduler.schedule(this::look, PACE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof SslConnection) {
            waiting.put(connection, new Waiting(connection.getBytesIn()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        waiting.remove(connection);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.getConnectionMetaData().getConnection().getEndPoint()
                instanceof SslConnection.SslEndPoint endPoint) {
            SslConnection connection = endPoint.getSslConnection();
            waiting.remove(connection);
            Request.addCompletionListener(request, _ -> {
                boolean upgraded = response.getStatus() == HttpStatus.SWITCHING_PROTOCOLS_101;
                if (!upgraded && connection.getEndPoint().isOpen()) {
                    waiting.put(connection, new Waiting(connection.getBytesIn()));
                }
            });
        }
        return super.handle(request, response, callback);
    }
}
