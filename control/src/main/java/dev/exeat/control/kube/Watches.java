package dev.exeat.control.kube;

import dev.exeat.control.access.Caller;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/**
 * Answers watches: as a stream of lines, or over a WebSocket where the client asks for one. The places for both are the
 * same. Thread-safe.
 */
final class Watches {
    private static final String BASE64 = "base64.binary.k8s.io";

    private final WatchStream stream;
    private final Duration patience;
    private final WatchPlaces places = new WatchPlaces();

    /** @param patience until a message over a WebSocket is taken */
    Watches(WatchStream stream, Duration patience) {
        this.stream = stream;
        this.patience = patience;
    }

    /**
     * Answers until the watch is over, or for a WebSocket until it is open.
     *
     * @throws KubeException before the answer begins
     */
    void answer(KubeRequest asked, Caller caller, Request request, Response response, Callback callback) {
        WatchPlaces.Place place = places.take(caller.user());
        WatchStream.Started watch;
        try {
            watch = stream.start(asked);
        } catch (RuntimeException e) {
            place.close();
            throw e;
        }
        Runnable ended = () -> {
            watch.close();
            place.close();
        };
        if (isWebSocket(request)) {
            upgrade(new WatchSocket(watch, patience, ended), request, response, callback);
        } else {
            lines(watch, ended, request, response, callback);
        }
    }

    static boolean isWebSocket(Request request) {
        return "websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE));
    }

    private static void lines(
            WatchStream.Started watch, Runnable ended, Request request, Response response, Callback callback) {
        // Nothing may happen for long; but a client that takes nothing of what happened is given up.
        request.addIdleTimeoutListener(_ -> watch.isWriting());
        response.setStatus(200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Answer.JSON);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
        try (OutputStream out = new BufferedOutputStream(Content.Sink.asOutputStream(response))) {
            try (ClientPresence _ = ClientPresence.of(
                    request.getConnectionMetaData().getConnection().getEndPoint(), watch::end)) {
                watch.write(new Lines(out));
            } finally {
                ended.run();
            }
        } catch (IOException e) {
            callback.failed(e); // The client is gone.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            callback.failed(e);
            return;
        }
        callback.succeeded();
    }

    private record Lines(OutputStream out) implements EventSink {
        @Override
        public void event(byte[] json) throws IOException {
            out.write(json);
            out.write('\n');
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }

    private static void upgrade(WatchSocket socket, Request request, Response response, Callback callback) {
        boolean upgraded = false;
        try {
            Server server = request.getConnectionMetaData().getConnector().getServer();
            upgraded = ServerWebSocketContainer.ensure(server)
                    .upgrade((asked, answer, _) -> agreed(socket, asked, answer), request, response, callback);
        } finally {
            if (!upgraded || !socket.isToOpen()) {
                socket.ended();
            }
        }
        if (!upgraded) {
            throw KubeException.badRequest("the upgrade to WebSocket is not as RFC 6455 has it");
        }
    }

    /** The messages are the same whatever the client names; but it waits to hear which of its names was taken. */
    private static WatchSocket agreed(WatchSocket socket, ServerUpgradeRequest asked, ServerUpgradeResponse answer) {
        List<String> offered = asked.getSubProtocols();
        if (offered.contains(BASE64)) {
            answer.setAcceptedSubProtocol(BASE64);
        } else if (offered.size() == 1) {
            answer.setAcceptedSubProtocol(offered.getFirst());
        }
        return socket.toOpen();
    }
}
