package dev.exeat.control.kube;

import dev.exeat.control.access.AccessControl;
import dev.exeat.control.access.Accounts;
import dev.exeat.control.access.AuditLog;
import dev.exeat.control.access.Authenticator;
import dev.exeat.control.access.Authorizer;
import dev.exeat.control.access.CertificateRequests;
import dev.exeat.control.access.OperatorToken;
import dev.exeat.control.access.Roles;
import dev.exeat.control.access.TokenRequests;
import dev.exeat.control.api.ApiServer;
import dev.exeat.control.flows.FlowRoutes;
import dev.exeat.control.kinds.KindCatalogue;
import dev.exeat.control.store.ObjectStore;
import dev.exeat.flow.store.FlowStore;
import dev.exeat.flow.store.SqliteFlows;
import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.ClientAuthority;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidService;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.TokenAuthority;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API of objects over real TLS, with all that decides on access. */
final class ApiUnderTest implements AutoCloseable {
    private static final String TRUST_DOMAIN = "cluster.local";

    final Path data;
    final ObjectStore store;
    final FlowStore flows;
    final ClientAuthority clients;
    final TokenAuthority tokens;
    final String operator;
    private final Authority authority;
    private final SvidSource identity;
    private final AuditLog audit;
    private final ApiServer server;
    private final HttpClient client =
            HttpClient.newBuilder().sslContext(tls(null)).build();

    /** What the API answered. */
    record Answer(int code, String text) {
        JsonNode json() {
            return JsonMapper.shared().readTree(text);
        }

        String message() {
            return json().path("message").asString("");
        }
    }

    ApiUnderTest(Path directory) throws IOException {
        this(directory, Patience.USUAL);
    }

    ApiUnderTest(Path directory, Patience patience) throws IOException {
        Clock clock = Clock.systemUTC();
        data = Files.createDirectories(directory.resolve("data"));
        authority = Authority.open(data, TRUST_DOMAIN, Duration.ofHours(1), clock);
        tokens = TokenAuthority.open(data, clock);
        clients = ClientAuthority.open(data, clock);
        SanNames names = SanNames.loopbackAnd(List.of());
        identity = AuthoritySvidSource.open(authority, ServiceAccountRef.GATEWAY.spiffeId(TRUST_DOMAIN), names, clock);
        store = ObjectStore.open(data.resolve("store.db"));
        flows = new SqliteFlows(data.resolve(SqliteFlows.FILE));
        FirstObjects.write(store, clock);
        KindCatalogue kinds = KindCatalogue.bundled();
        Roles roles = new Roles(kinds);
        roles.write(store, clock);
        OperatorToken token = OperatorToken.open(data);
        operator = token.text();
        Accounts accounts = new Accounts(store, account -> account.name().equals("declared"));
        audit = AuditLog.open(data, store, clock);
        AccessControl access = new AccessControl(
                new Authenticator(token, clients, authority::revocations, tokens, accounts),
                new Authorizer(store, roles),
                audit,
                new TokenRequests(tokens, clock),
                new CertificateRequests(new SvidService(authority, tokens, accounts::has, names), store, clock));
        server = ApiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                identity,
                new ApiServer.Objects(
                        new KubeHandler(new Served(kinds, Map.of(), patience), store, _ -> List.of(), access, clock),
                        clients.root()),
                new FlowRoutes(flows, access, clock).routes());
    }

    Answer get(String token, String path, String... headers) {
        return send(client, token, "GET", path, "", headers);
    }

    Answer send(String token, String method, String path, String body, String... headers) {
        return send(client, token, method, path, body, headers);
    }

    /** By a client that shows a certificate. */
    Answer get(ClientAuthority.Credentials credentials, String path, String... headers) {
        try (HttpClient own =
                HttpClient.newBuilder().sslContext(tls(credentials)).build()) {
            return send(own, "", "GET", path, "", headers);
        }
    }

    private Answer send(HttpClient by, String token, String method, String path, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("https://" + authority() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .timeout(Duration.ofSeconds(20));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (!body.isEmpty() && !List.of(headers).contains("Content-Type")) {
            request.header(
                    "Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            HttpResponse<String> response = by.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return new Answer(response.statusCode(), response.body());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Makes a binding of a role as the operator; in a namespace, or everywhere where that is empty. */
    void bind(String role, String namespace, String subjectKind, String subject) {
        String kind = namespace.isEmpty() ? "ClusterRoleBinding" : "RoleBinding";
        String at = "/apis/rbac.authorization.k8s.io/v1/"
                + (namespace.isEmpty() ? "clusterrolebindings" : "namespaces/" + namespace + "/rolebindings");
        Answer made = send(operator, "POST", at, """
                {"apiVersion":"rbac.authorization.k8s.io/v1","kind":"%s","metadata":{"generateName":"b-"},
                 "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"%s"},
                 "subjects":[{"kind":"%s","name":"%s","apiGroup":"rbac.authorization.k8s.io"}]}
                """.formatted(kind, role, subjectKind, subject));
        if (made.code() != 201) {
            throw new IllegalStateException(made.text());
        }
    }

    /** Host and port. */
    String authority() {
        return "127.0.0.1:" + server.address().getPort();
    }

    /** Opens a WebSocket; throws what the client throws where it is refused. */
    WebSocket socket(String token, String path, WebSocket.Listener listener, String... headers) {
        WebSocket.Builder builder = client.newWebSocketBuilder().header("Authorization", "Bearer " + token);
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equals("Sec-WebSocket-Protocol")) {
                builder.subprotocols(headers[i + 1]);
            } else {
                builder.header(headers[i], headers[i + 1]);
            }
        }
        return builder.buildAsync(URI.create("wss://" + authority() + path), listener)
                .join();
    }

    SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket) tls(null)
                .getSocketFactory()
                .createSocket(server.address().getAddress(), server.address().getPort());
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    /** Writes octets as they are, and reads until the server ends. */
    String raw(String octets) throws IOException {
        try (SSLSocket socket = connect()) {
            socket.getOutputStream().write(octets.getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    List<JsonNode> auditLines() {
        try {
            return Files.readAllLines(data.resolve(AuditLog.FILE), StandardCharsets.US_ASCII).stream()
                    .map(JsonMapper.shared()::readTree)
                    .toList();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static SSLContext tls(ClientAuthority.Credentials credentials) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(credentials == null ? null : keys(credentials), new TrustManager[] {new TrustsAll()}, null);
            return context;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyManager[] keys(ClientAuthority.Credentials credentials) throws Exception {
        String key = credentials
                .keyPem()
                .lines()
                .filter(line -> !line.startsWith("-"))
                .reduce("", String::concat);
        Certificate certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(
                        new ByteArrayInputStream(credentials.certificatePem().getBytes(StandardCharsets.US_ASCII)));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "client",
                KeyFactory.getInstance("RSA")
                        .generatePrivate(
                                new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))),
                new char[0],
                new Certificate[] {certificate});
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, new char[0]);
        return factory.getKeyManagers();
    }

    @Override
    public void close() throws IOException {
        client.shutdownNow();
        server.close();
        audit.close();
        store.close();
        identity.close();
        authority.close();
    }

    private static final class TrustsAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
