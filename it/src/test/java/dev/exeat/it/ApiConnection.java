package dev.exeat.it;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to the resource API of an {@code up} by the kubeconfig in its data directory. Thread-safe. */
public final class ApiConnection implements AutoCloseable {
    static final String HOST_SETS = "/apis/exeat.dev/v1alpha1/namespaces/default/hostsets";

    private final HttpClient http;
    private final String server;
    private final String token;

    private ApiConnection(HttpClient http, String server, String token) {
        this.http = http;
        this.server = server;
        this.token = token;
    }

    public static ApiConnection of(Path dataDir) throws IOException, GeneralSecurityException {
        String kubeconfig = Files.readString(dataDir.resolve("kubeconfig"));
        byte[] roots = Base64.getDecoder().decode(field(kubeconfig, "certificate-authority-data"));
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (var root : CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(roots))) {
            store.setCertificateEntry("root" + store.size(), root);
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return new ApiConnection(
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .sslContext(tls)
                        .build(),
                field(kubeconfig, "server"),
                field(kubeconfig, "token"));
    }

    private static String field(String kubeconfig, String name) {
        Matcher found = Pattern.compile(name + ": (\\S+)").matcher(kubeconfig);
        if (!found.find()) {
            throw new IllegalStateException("no " + name + " in " + kubeconfig);
        }
        return found.group(1);
    }

    /** An answer's code and body. */
    public record Answer(int code, JsonNode body) {
        public long version() {
            return body.at("/metadata/resourceVersion").asLong(0);
        }
    }

    /** Sends one request; the body of a PATCH is a JSON Merge Patch (RFC 7396). */
    public Answer send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = request(path)
                .header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        return new Answer(response.statusCode(), JsonMapper.shared().readTree(response.body()));
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, "");
    }

    /** How many octets the answer has, without reading more of it than that. */
    public long octets(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofByteArray()).body().length;
    }

    /** The lines of a watch, for as long as it goes on. */
    public Stream<String> watch(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofLines()).body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server + path)).header("Authorization", "Bearer " + token);
    }

    /** A HostSet with one host. */
    static String hostSet(String name, String host) {
        return """
                {"apiVersion":"exeat.dev/v1alpha1","kind":"HostSet","metadata":{"name":"%s","namespace":"default"},
                 "spec":{"hosts":["%s"]}}
                """.formatted(name, host);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
