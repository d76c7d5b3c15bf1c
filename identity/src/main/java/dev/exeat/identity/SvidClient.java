package dev.exeat.identity;

import dev.exeat.identity.SvidState.Content;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks an Exeat API for an SVID over TLS. Files are read anew for each request. Thread-safe. */
final class SvidClient {
    private static final String PATH = "/v1/svid";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long MAX_ANSWER = 512L * 1024;
    private static final int MAX_TOKEN = 16 * 1024;
    private static final int MAX_SAID = 300;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final ServerSvidOptions options;
    private final URI address;
    private final InstantSource clock;

    SvidClient(ServerSvidOptions options, InstantSource clock) {
        this.options = options;
        this.address = options.server().resolve(PATH);
        this.clock = clock;
    }

    /** @throws SvidUnavailableException if the server cannot be reached, refuses, or answers with anything else */
    Content fetch() {
        SvidRequest request = new SvidRequest(clock);
        HttpRequest post = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Authorization", "Bearer " + token())
                .POST(BodyPublishers.ofString(request.json()))
                .build();
        HttpResponse<String> answer = exchange(post);
        if (answer.statusCode() != 200) {
            throw refused(answer);
        }
        return request.read(answer.body());
    }

    private HttpResponse<String> exchange(HttpRequest post) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(tls())
                .build();
        try {
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                    post, BodyHandlers.limiting(BodyHandlers.ofString(StandardCharsets.UTF_8), MAX_ANSWER));
            // The request's own time-out ends with the headers; this one covers the body.
            return answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        } finally {
            client.shutdownNow();
        }
    }

    private SSLContext tls() {
        try {
            if (options.caFile() == null) {
                return SSLContext.getDefault();
            }
            String roots = new String(SecretFiles.read(options.caFile()), StandardCharsets.ISO_8859_1);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ServerTrust(roots, clock)}, null);
            return context;
        } catch (IdentityStoreException | InvalidBundleException e) {
            throw new SvidUnavailableException(
                    "cannot use the CA file " + options.caFile() + ": " + e.getMessage(), false, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
    }

    private String token() {
        String token;
        try {
            token = new String(SecretFiles.read(options.tokenFile()), StandardCharsets.ISO_8859_1).strip();
        } catch (IdentityStoreException e) {
            throw new SvidUnavailableException("cannot use the token file: " + e.getMessage(), false, e);
        }
        if (token.length() > MAX_TOKEN || !TOKEN.matcher(token).matches()) {
            throw new SvidUnavailableException(
                    "the file " + options.tokenFile() + " holds no bearer token; write one with exeat token create",
                    false,
                    null);
        }
        return token;
    }

    private SvidUnavailableException unreachable(@Nullable Throwable cause) {
        StringBuilder why = new StringBuilder();
        // The outermost text is often null or says too little (a handshake), the innermost says what was wrong.
        for (Throwable e = cause; e != null && why.length() < MAX_SAID; e = e.getCause()) {
            why.append(why.isEmpty() ? "" : ": ").append(e.getClass().getSimpleName());
            if (e.getMessage() != null && e.getCause() == null) {
                why.append(": ").append(printable(e.getMessage()));
            }
        }
        return new SvidUnavailableException("cannot get an SVID from " + address + ": " + why, true, cause);
    }

    private SvidUnavailableException refused(HttpResponse<String> answer) {
        int status = answer.statusCode();
        boolean transientFault = status == 408 || status == 429 || status >= 500;
        return new SvidUnavailableException(
                address + " refuses an SVID with status " + status + said(answer.body()), transientFault, null);
    }

    private static String said(String body) {
        try {
            JsonNode message = JSON.readTree(body).path("message");
            return message.isString() ? ": " + printable(message.stringValue()) : "";
        } catch (JacksonException e) {
            return "";
        }
    }

    /** The server's text goes to logs and terminals, so no control characters and no end of length. */
    private static String printable(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() > MAX_SAID ? line.substring(0, MAX_SAID) + "…" : line;
    }
}
