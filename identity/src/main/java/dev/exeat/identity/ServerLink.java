package dev.exeat.identity;

import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** How to reach an Exeat API, and only that: TLS with a server that given roots vouch for, and a bearer token. */
public final class ServerLink {
    private static final int MAX_TOKEN = 16 * 1024;
    private static final int MAX_SAID = 300;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");

    private ServerLink() {}

    /**
     * A client of its own connections, with the roots that the file holds now.
     *
     * @param caFile as {@link ServerSvidOptions#caFile()}
     * @throws SvidUnavailableException if the file cannot be used
     */
    public static HttpClient client(@Nullable Path caFile, InstantSource clock, Duration connectTimeout) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .connectTimeout(connectTimeout)
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
     * The bearer token that a file holds now.
     *
     * @throws SvidUnavailableException if it holds none
     */
    public static String token(Path file) {
        String token;
        try {
            token = new String(SecretFiles.read(file), StandardCharsets.ISO_8859_1).strip();
        } catch (IdentityStoreException e) {
            throw new SvidUnavailableException("cannot use the token file: " + e.getMessage(), false, e);
        }
        if (token.length() > MAX_TOKEN || !TOKEN.matcher(token).matches()) {
            throw new SvidUnavailableException(
                    "the file " + file + " holds no bearer token; write one with exeat token create", false, null);
        }
        return token;
    }

    /** Why a request had no answer, for people. */
    public static String reason(@Nullable Throwable cause) {
        StringBuilder why = new StringBuilder();
        // The outermost text is often null or says too little (a handshake), the innermost says what was wrong.
        for (Throwable e = cause; e != null && why.length() < MAX_SAID; e = e.getCause()) {
            why.append(why.isEmpty() ? "" : ": ").append(e.getClass().getSimpleName());
            if (e.getMessage() != null && e.getCause() == null) {
                why.append(": ").append(printable(e.getMessage()));
            }
        }
        return why.toString();
    }

    /** Whether a request had no answer because the roots do not vouch for the server: another try does not help. */
    public static boolean isWrongServer(@Nullable Throwable cause) {
        for (Throwable e = cause; e != null; e = e.getCause()) {
            if (e instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    /** The server's text goes to logs and terminals, so no control characters and no end of length. */
    public static String printable(String text) {
        String line = text.replaceAll("[^\\x20-\\x7e]", "?");
        return line.length() > MAX_SAID ? line.substring(0, MAX_SAID) + "…" : line;
    }
}
