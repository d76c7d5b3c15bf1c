package dev.exeat.control.remote;

import dev.exeat.control.gateways.ObjectFeed;
import dev.exeat.identity.ServerLink;
import dev.exeat.identity.ServerSvidOptions;
import dev.exeat.identity.SvidUnavailableException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Opens the server's feed of objects. Files are read anew for each connection. */
final class FeedClient {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    /** Until the head of the answer is there. */
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final ServerSvidOptions server;
    private final InstantSource clock;

    FeedClient(ServerSvidOptions server, InstantSource clock) {
        this.server = server;
        this.clock = clock;
    }

    /** A connection; {@link #close} ends it, also while another thread reads. */
    static final class Open implements AutoCloseable {
        private final HttpClient client;
        private final Lines lines;
        private final String history;
        private volatile long heardAt = System.nanoTime();

        private Open(HttpClient client, InputStream body, String history) {
            this.client = client;
            this.lines = new Lines(body);
            this.history = history;
        }

        /** Of which the versions are. */
        String history() {
            return history;
        }

        /** Waits; null at the end. */
        @Nullable
        FeedEvent next() throws IOException {
            byte[] line = lines.next();
            heardAt = System.nanoTime();
            return line == null ? null : FeedEvent.of(line);
        }

        Duration silence() {
            return Duration.ofNanos(System.nanoTime() - heardAt);
        }

        @Override
        public void close() {
            client.shutdownNow();
        }
    }

    /**
     * Asks for the changes after a version, or for all objects first.
     *
     * @param since negative for all objects
     * @throws FeedException if the server cannot be reached or refuses
     */
    Open open(long since, String history) throws InterruptedException {
        URI address = server.server()
                .resolve(ObjectFeed.PATH + "?watch=true"
                        + (since < 0
                                ? "&sendInitialEvents=true"
                                : "&resourceVersion=" + since + "&history="
                                        + URLEncoder.encode(history, StandardCharsets.UTF_8)));
        HttpClient client = null;
        boolean kept = false;
        try {
            client = ServerLink.client(server.caFile(), clock, CONNECT_TIMEOUT);
            HttpRequest get = HttpRequest.newBuilder(address)
                    .timeout(TIMEOUT)
                    .header("Authorization", "Bearer " + ServerLink.token(server.tokenFile()))
                    .GET()
                    .build();
            HttpResponse<InputStream> answer = client.send(get, BodyHandlers.ofInputStream());
            requireOk(answer);
            kept = true;
            return new Open(
                    client,
                    answer.body(),
                    answer.headers().firstValue(ObjectFeed.HISTORY).orElse(""));
        } catch (SvidUnavailableException e) {
            throw new FeedException(FeedException.Kind.REFUSED, String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new FeedException(
                    ServerLink.isWrongServer(e) ? FeedException.Kind.REFUSED : FeedException.Kind.AWAY,
                    "cannot get the objects from " + address + ": " + ServerLink.reason(e),
                    e);
        } finally {
            if (client != null && !kept) {
                client.shutdownNow();
            }
        }
    }

    private void requireOk(HttpResponse<InputStream> answer) {
        int status = answer.statusCode();
        if (status == 200) {
            return;
        }
        FeedException.Kind kind = status == 410
                ? FeedException.Kind.EXPIRED
                : status == 408 || status == 429 || status >= 500
                        ? FeedException.Kind.AWAY
                        : FeedException.Kind.REFUSED;
        throw new FeedException(
                kind,
                server.server() + " refuses its objects with status " + status
                        + switch (status) {
                            case 401, 403 -> "; is the token one of the gateways' service account, and not expired?";
                            case 404 -> "; it is an older Exeat, upgrade it first";
                            default -> "";
                        },
                null);
    }
}
