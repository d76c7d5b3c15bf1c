package dev.exeat.identity;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Requests to an Exeat API over one TLS connection that is kept open between them. The roots that vouch for the server
 * are those of the file when this was made. Answers are bounded in size and time. Not thread-safe.
 */
final class ServerExchange implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_SAID = 300;

    private final HttpClient client;
    private final Duration timeout;

    /**
     * @param caFile as {@link ServerSvidOptions#caFile()}
     * @param timeout of a request with its whole answer
     * @throws SvidUnavailableException if the file cannot be used
     */
    ServerExchange(@Nullable Path caFile, InstantSource clock, Duration timeout) {
        this.timeout = timeout;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(CONNECT_TIMEOUT.compareTo(timeout) < 0 ? CONNECT_TIMEOUT : timeout)
                .sslContext(tls(caFile, clock))
                .build();
    }

    private static SSLContext tls(@Nullable Path caFile, InstantSource clock) {
        try {
            if (caFile == null) {
                return SSLContext.getDefault();
            }
            String roots = new String(SecretFiles.read(caFile), StandardCharsets.ISO_8859_1);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new ServerTrust(roots, clock)}, null);
            return context;
        } catch (IdentityStoreException | InvalidBundleException e) {
            throw new SvidUnavailableException("cannot use the CA file " + caFile + ": " + e.getMessage(), false, e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no TLS", e);
        }
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
        StringBuilder why = new StringBuilder();
        boolean wrongServer = false;
        // The outermost text is often null or says too little (a handshake), the innermost says what was wrong.
        for (Throwable e = cause; e != null && why.length() < MAX_SAID; e = e.getCause()) {
            wrongServer |= e instanceof CertificateException;
            why.append(why.isEmpty() ? "" : ": ").append(e.getClass().getSimpleName());
            if (e.getMessage() != null && e.getCause() == null) {
                why.append(": ").append(printable(e.getMessage()));
            }
        }
        return new SvidUnavailableException(
                "cannot get " + what + " from " + request.uri() + ": " + why, !wrongServer, cause);
    }

    /** The server's text goes to logs and terminals, so no control characters and no end of length. */
    static String printable(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() > MAX_SAID ? line.substring(0, MAX_SAID) + "…" : line;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
