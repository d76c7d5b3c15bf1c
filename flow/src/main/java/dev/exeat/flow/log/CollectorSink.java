package dev.exeat.flow.log;

import dev.exeat.flow.LineSink;
import dev.exeat.flow.LinesRefusedException;
import dev.exeat.flow.profile.OtelEnvelope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A collector of OpenTelemetry, which takes records in OTLP's JSON over HTTP: a batch a request, each acknowledged. What
 * may be sent again by the protocol's rules (OTLP, "Failures") fails in the usual way; what may not is refused, but where no
 * line may be lost: there it fails too. Used by one thread.
 */
final class CollectorSink implements LineSink {
    static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    private final URI logs;
    private final OtelEnvelope envelope;
    private final OnLogFull onFull;
    private final Duration limit;
    private @Nullable HttpClient client;

    /** @param limit for a batch, from the connect to the end of the answer */
    CollectorSink(URI logs, OtelEnvelope envelope, OnLogFull onFull, Duration limit) {
        this.logs = logs;
        this.envelope = envelope;
        this.onFull = onFull;
        this.limit = limit;
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        HttpClient open = client;
        if (open == null) {
            open = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
            client = open;
        }
        HttpRequest request = HttpRequest.newBuilder(logs)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(envelope.around(lines, length)))
                .build();
        HttpResponse<byte[]> answer = answer(open.sendAsync(request, _ -> beginning()));
        judge(answer.statusCode(), answer.body());
    }

    private HttpResponse<byte[]> answer(CompletableFuture<HttpResponse<byte[]>> asked) throws IOException {
        try {
            return asked.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            asked.cancel(true);
            throw new HttpTimeoutException(logs + " did not answer within " + limit.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new IOException(logs + " cannot be asked: " + e.getCause(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException().initCause(e);
        }
    }

    /** Of a body as much as is looked at: a proxy's page of any length tells no more than its status. */
    private static BodySubscriber<byte[]> beginning() {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        return BodySubscribers.mapping(
                BodySubscribers.ofByteArrayConsumer(piece -> piece.ifPresent(
                        octets -> kept.write(octets, 0, Math.min(octets.length, LONGEST_ANSWER - kept.size())))),
                _ -> kept.toByteArray());
    }

    private void judge(int status, byte[] body) throws IOException {
        if (status / 100 == 2) {
            long refused = refused(body);
            if (refused > 0) {
                throw new LinesRefusedException(logs + " refused records", refused);
            }
            return;
        }
        String told = logs + " answered with status " + status;
        boolean again = switch (status) {
            case TOO_MANY_REQUESTS, BAD_GATEWAY, UNAVAILABLE, GATEWAY_TIMEOUT -> true;
            default -> onFull == OnLogFull.BLOCK;
        };
        throw again ? new IOException(told) : new LinesRefusedException(told, Long.MAX_VALUE);
    }

    /** How many records the answer says were not taken (OTLP, "Partial Success"); 0 where it says nothing. */
    private static long refused(byte[] body) {
        try (JsonParser json = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().equals("rejectedLogRecords")) {
                    json.nextToken();
                    return json.getValueAsLong();
                }
            }
            return 0;
        } catch (JacksonException e) {
            // It took them, whatever it says.
            return 0;
        }
    }

    @Override
    public void close() {
        HttpClient open = client;
        client = null;
        if (open != null) {
            open.shutdownNow();
        }
    }
}
