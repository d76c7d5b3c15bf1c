package dev.exeat.control.api;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a request within its bounds, lets its route answer, and turns every failure into JSON. */
final class ApiHandler extends Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    private final Routes routes;
    private final int maxBody;
    private final Duration bodyDeadline;

    /** @param bodyDeadline for the body as a whole, however it trickles in */
    ApiHandler(Routes routes, int maxBody, Duration bodyDeadline) {
        this.routes = routes;
        this.maxBody = maxBody;
        this.bodyDeadline = bodyDeadline;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws InterruptedException {
        ApiResponse answer = answer(request);
        if (answer.stream() == null) {
            write(response, answer, callback);
        } else {
            stream(response, answer, answer.stream(), callback);
        }
        return true;
    }

    private static void stream(Response response, ApiResponse answer, ApiResponse.Stream body, Callback callback)
            throws InterruptedException {
        try (body) {
            head(response, answer);
            try (OutputStream out = Content.Sink.asOutputStream(response)) {
                body.write(out);
            }
            callback.succeeded();
        } catch (IOException e) {
            callback.failed(e); // The client is gone.
        }
    }

    private ApiResponse answer(Request request) throws InterruptedException {
        try {
            String path = request.getHttpURI().getPath();
            Routes.Match match = routes.find(request.getMethod(), path == null || path.isEmpty() ? "/" : path);
            String query = request.getHttpURI().getQuery();
            HttpFields headers = request.getHeaders();
            ApiRequest asked = new ApiRequest(
                    match.variables(),
                    query == null ? "" : query,
                    headers::getValuesList,
                    body(request),
                    new ApiRequest.Peer(Request.getRemoteAddr(request), ClientCertificate.of(request)));
            return match.route().action().answer(asked);
        } catch (ApiException e) {
            LOG.atDebug()
                    .addKeyValue("source", Request.getRemoteAddr(request))
                    .addKeyValue("status", e.status())
                    .addKeyValue("reason", e.reason())
                    .log("refused a request");
            return e.toResponse();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a request failed by a fault");
            return new ApiException(500, "internal_error", "a fault in Exeat", "see the server's log").toResponse();
        }
    }

    private byte[] body(Request request) throws InterruptedException {
        if (request.getLength() > maxBody) {
            throw tooLarge();
        }
        CompletableFuture<byte[]> body = new CompletableFuture<>();
        Content.Source.asByteArrayAsync(request, maxBody, Promise.Invocable.toPromise(body));
        try {
            return body.get(bodyDeadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ApiException(408, "body_timeout", "the body did not arrive in time", "");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IllegalStateException) {
                throw tooLarge();
            }
            throw new ApiException(400, "body_unreadable", "the body could not be read", "");
        }
    }

    private ApiException tooLarge() {
        return new ApiException(413, "body_too_large", "the body is larger than " + maxBody + " octets", "");
    }

    static void write(Response response, ApiResponse answer, Callback callback) {
        head(response, answer);
        response.write(true, ByteBuffer.wrap(answer.body()), callback);
    }

    private static void head(Response response, ApiResponse answer) {
        response.setStatus(answer.status());
        HttpFields.Mutable headers = response.getHeaders();
        headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
        headers.put(HttpHeader.CACHE_CONTROL, "no-store");
        headers.put(new HttpField("X-Content-Type-Options", "nosniff"));
        answer.headers().forEach(headers::put);
        if (answer.status() == 408 || answer.status() == 413) {
            headers.put(HttpHeader.CONNECTION, "close");
        }
    }
}
