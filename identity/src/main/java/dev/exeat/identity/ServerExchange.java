package dev.exeat.identity;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Requests to an Exeat API over one TLS connection that is kept open between them. The roots that vouch for the server
 * are those of the file when this was made. Answers are bounded in size and time. Not thread-safe.
 */
final class ServerExchange implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final HttpClient client;
    private final Duration timeout;

    /**
     * @param caFile as {@link ServerSvidOptions#caFile()}
     * @param timeout of a request with its whole answer
     * @throws SvidUnavailableException if the file cannot be used
     */
    ServerExchange(@Nullable Path caFile, InstantSource clock, Duration timeout) {
        this.timeout = timeout;
        this.client =
                ServerLink.client(caFile, clock, CONNECT_TIMEOUT.compareTo(timeout) < 0 ? CONNECT_TIMEOUT : timeout);
    }

    /**
     * @param what is asked for, for the message
     * @param most octets that the body may have
     * @throws SvidUnavailableException if there is no answer
     */
    HttpResponse<String> send(HttpRequest request, String what, long most) {
        try {
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                    request, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), most));
            // The request's own time-out ends with the headers; this one covers the body.
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable(request, what, e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(request, what, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(request, what, e);
        }
    }

    private static SvidUnavailableException unreachable(HttpRequest request, String what, @Nullable Throwable cause) {
        return new SvidUnavailableException(
                "cannot get " + what + " from " + request.uri() + ": " + ServerLink.reason(cause),
                !ServerLink.isWrongServer(cause),
                cause);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
