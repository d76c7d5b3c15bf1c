package dev.exeat.flow.log;

import dev.exeat.flow.LineSink;
import dev.exeat.flow.LinesRefusedException;
import dev.exeat.flow.profile.OtelEnvelope;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A collector of OpenTelemetry, which takes records in OTLP's JSON over HTTP: a batch a request, each acknowledged. What
 * may be sent again by the protocol's rules (OTLP, "Failures") fails in the usual way; what may not is refused. Used by one
 * thread.
 */
final class CollectorSink implements LineSink {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final int LONGEST_ANSWER = 64 * 1024;
    private static final JsonFactory FACTORY = new JsonFactory();
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int GATEWAY_TIMEOUT = 504;

    private final URI logs;
    private final OtelEnvelope envelope;
    private @Nullable HttpClient client;

    CollectorSink(URI logs, OtelEnvelope envelope) {
        this.logs = logs;
        this.envelope = envelope;
    }

    @Override
    public void write(byte[] lines, int length) throws IOException {
        HttpClient open = client;
        if (open == null) {
            open = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(LIMIT)
                    .build();
            client = open;
        }
        HttpRequest request = HttpRequest.newBuilder(logs)
                .timeout(LIMIT)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(envelope.around(lines, length)))
                .build();
        HttpResponse<byte[]> answer;
        try {
            answer = open.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (InterruptedIOException) new InterruptedIOException().initCause(e);
        }
        judge(answer.statusCode(), answer.body());
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
        throw switch (status) {
            case TOO_MANY_REQUESTS, BAD_GATEWAY, UNAVAILABLE, GATEWAY_TIMEOUT -> new IOException(told);
            default -> new LinesRefusedException(told, Long.MAX_VALUE);
        };
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
