package dev.exeat.control.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.Revocations;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServerSvidOptions;
import dev.exeat.identity.ServerSvidSource;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.Svid;
import dev.exeat.identity.SvidRefusedException;
import dev.exeat.identity.SvidService;
import dev.exeat.identity.SvidSource;
import dev.exeat.identity.TokenAuthority;
import dev.exeat.identity.TrustBundle;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.Command;
import dev.exeat.testkit.CommandRun;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API over real TLS, asked by curl, openssl and our own client. */
@Timeout(60)
class ApiServerTest {
    private static final String TRUST_DOMAIN = "cluster.local";
    private static final ServiceAccountRef SLEEP = new ServiceAccountRef("default", "sleep");

    @TempDir
    Path temp;

    private Authority authority;
    private TokenAuthority tokens;
    private SvidSource identity;
    private SvidService service;
    private ApiServer server;
    private Path ca;

    @BeforeEach
    void serve() throws IOException {
        Clock clock = Clock.systemUTC();
        Path data = Files.createDirectory(temp.resolve("data"));
        authority = Authority.open(data, TRUST_DOMAIN, Duration.ofHours(1), clock);
        tokens = TokenAuthority.open(data, clock);
        SanNames names = SanNames.loopbackAnd(List.of());
        identity = AuthoritySvidSource.open(authority, ServiceAccountRef.GATEWAY.spiffeId(TRUST_DOMAIN), names, clock);
        // Time stands still, or a bucket that a test has emptied would fill while a busy machine starts its client.
        service = new SvidService(authority, tokens, token -> SLEEP.equals(token.account()), names, () -> 0);
        server = ApiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                identity,
                new SvidRoutes(service, identity, TRUST_DOMAIN).routes(),
                new ApiServer.Deadlines(Duration.ofSeconds(15), Duration.ofMillis(500)));
        ca = Files.writeString(temp.resolve("ca.pem"), authority.bundle().toPem(TRUST_DOMAIN));
    }

    @AfterEach
    void stop() {
        server.close();
        identity.close();
        authority.close();
    }

    @Test
    void the_head_of_a_stream_leaves_before_there_is_a_body() throws Exception {
        CountDownLatch read = new CountDownLatch(1);
        ApiResponse.Stream stream = new ApiResponse.Stream() {
            @Override
            public void write(OutputStream out) throws IOException, InterruptedException {
                out.flush();
                read.await();
                out.write('x');
            }

            @Override
            public void close() {}
        };
        List<Route> routes =
                List.of(new Route("GET", "/late", _ -> ApiResponse.stream("text/plain", Map.of(), stream)));
        try (ApiServer late =
                        ApiServer.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), identity, routes);
                SSLSocket socket = connect(late, new AtomicReference<>())) {
            socket.getOutputStream().write("GET /late HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
            read.countDown();
        }
    }

    private CommandRun curl(String path, String... more) {
        List<String> words = new ArrayList<>(
                List.of("curl", "-sS", "-m", "20", "--cacert", ca.toString(), "-w", "\n%{http_code} %{content_type}"));
        words.addAll(List.of(more));
        words.add("https://127.0.0.1:" + server.address().getPort() + path);
        return Command.of(words).run();
    }

    /** The JSON body; the status must be as expected. */
    private static JsonNode json(CommandRun run, int status) {
        assertThat(run.stdout()).as(run.toString()).endsWith("\n" + status + " application/json");
        return new JsonMapper().readTree(run.stdout().substring(0, run.stdout().lastIndexOf('\n')));
    }

    private static void assertRefused(CommandRun run, int status, String reason) {
        JsonNode body = json(run, status);
        assertThat(body.propertyNames()).containsExactly("reason", "message", "what_to_do");
        assertThat(body.get("reason").stringValue()).isEqualTo(reason);
        assertThat(body.get("message").stringValue()).isNotEmpty();
    }

    private String csrBody() throws IOException {
        Path key = temp.resolve("key.pem");
        CommandRun run = Command.of(
                        "openssl",
                        "req",
                        "-new",
                        "-newkey",
                        "ec",
                        "-pkeyopt",
                        "ec_paramgen_curve:P-256",
                        "-nodes",
                        "-keyout",
                        key.toString(),
                        "-subj",
                        "/CN=ignored")
                .run();
        assertThat(run.exitCode()).as(run.toString()).isZero();
        Path body = temp.resolve("body.json");
        Files.write(body, new JsonMapper().writeValueAsBytes(Map.of("csr", run.stdout())));
        return "@" + body;
    }

    private String[] post(String token, String body, String type) {
        return new String[] {
            "-H", "Authorization: Bearer " + token, "-H", "Content-Type: " + type, "--data-binary", body
        };
    }

    private CommandRun askForSvid(ServiceAccountRef account, String body) {
        return curl("/v1/svid", post(tokens.create(account, Duration.ofMinutes(5)), body, "application/json"));
    }

    @Test
    void tells_what_is_trusted_and_revoked_and_that_nothing_changed() throws IOException {
        JsonNode before = json(curl("/v1/trust"), 200);
        assertThat(before.get("bundle").stringValue())
                .isEqualTo(authority.bundle().toPem(TRUST_DOMAIN));
        assertThat(before.get("trust_domain").stringValue()).isEqualTo(TRUST_DOMAIN);
        assertThat(before.get("revoked").stringValue()).isEmpty();

        Files.writeString(temp.resolve("data/revoked.txt"), "spiffe://cluster.local/ns/default/sa/gone # why\nab:cd\n");

        Awaitility.await()
                .until(() -> json(curl("/v1/trust"), 200)
                        .get("revoked")
                        .stringValue()
                        .equals("abcd\nspiffe://cluster.local/ns/default/sa/gone\n"));
        String tag = curl("/v1/trust", "-o", "/dev/null", "-D", "-")
                .stdout()
                .lines()
                .filter(line -> line.startsWith("ETag: "))
                .findFirst()
                .orElseThrow()
                .substring("ETag: ".length());
        assertThat(curl("/v1/trust", "-H", "If-None-Match: " + tag).stdout()).contains("304");
    }

    @Test
    void signs_a_request_in_the_name_of_the_token() throws IOException {
        JsonNode answer = json(askForSvid(SLEEP, csrBody()), 200);

        assertThat(answer.propertyNames()).containsExactly("svid", "bundle", "trust_domain", "id", "not_after");
        assertThat(answer.get("id").stringValue()).isEqualTo("spiffe://cluster.local/ns/default/sa/sleep");
        assertThat(answer.get("trust_domain").stringValue()).isEqualTo(TRUST_DOMAIN);
        Path svid =
                Files.writeString(temp.resolve("svid.pem"), answer.get("svid").stringValue());
        CommandRun verified = Command.of("openssl", "verify", "-CAfile", ca.toString(), svid.toString())
                .run();
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        CommandRun shown = Command.of("openssl", "x509", "-in", svid.toString(), "-noout", "-ext", "subjectAltName")
                .run();
        assertThat(shown.stdout()).contains("URI:spiffe://cluster.local/ns/default/sa/sleep");
    }

    @Test
    void serves_our_own_client() throws IOException {
        Path token = Files.writeString(temp.resolve("token"), tokens.create(SLEEP, Duration.ofMinutes(5)));
        URI uri = URI.create("https://127.0.0.1:" + server.address().getPort());

        try (ServerSvidSource source = ServerSvidSource.open(
                new ServerSvidOptions(uri, ca, token), Clock.systemUTC(), ServerSvidSource.SELDOM, Duration.ZERO)) {
            assertThat(source.svid().id()).isEqualTo(SLEEP.spiffeId(TRUST_DOMAIN));
        }
    }

    @Test
    @Case("A01")
    void refuses_who_cannot_prove_a_service_account() throws IOException {
        String body = csrBody();

        assertRefused(
                curl("/v1/svid", "-H", "Content-Type: application/json", "--data-binary", body),
                401,
                "unauthenticated");
        assertRefused(curl("/v1/svid", post("no.good.token", body, "application/json")), 401, "unauthenticated");
        assertRefused(curl("/v1/svid", "-u", "user:password", "--data-binary", body), 401, "unauthenticated");
        assertRefused(askForSvid(new ServiceAccountRef("default", "nobody"), body), 403, "unknown_account");
    }

    @Test
    @Case("M15")
    void refuses_bodies_that_are_no_request() {
        assertRefused(askForSvid(SLEEP, "{\"csr\": \"nonsense\"}"), 400, "bad_csr");
        assertRefused(askForSvid(SLEEP, "{\"csr\": 1}"), 400, "invalid_request");
        assertRefused(askForSvid(SLEEP, "{}"), 400, "invalid_request");
        assertRefused(askForSvid(SLEEP, "{\"csr\": \"x\", \"ttl\": \"1y\"}"), 400, "invalid_request");
        assertRefused(askForSvid(SLEEP, "{\"csr\": \"x\", \"csr\": \"y\"}"), 400, "invalid_json");
        assertRefused(askForSvid(SLEEP, "[]"), 400, "invalid_json");
        assertRefused(askForSvid(SLEEP, "{\"csr\": \"x\"} {}"), 400, "invalid_json");
        assertRefused(askForSvid(SLEEP, "[".repeat(10_000)), 400, "invalid_json");
        String token = tokens.create(SLEEP, Duration.ofMinutes(5));
        assertRefused(curl("/v1/svid", post(token, "csr=x", "text/plain")), 415, "unsupported_media_type");
    }

    @Test
    @Case("C16")
    void bounds_how_often_an_account_may_ask() throws IOException {
        String body = csrBody();
        String token = tokens.create(SLEEP, Duration.ofMinutes(5));
        assertThatThrownBy(() -> {
                    for (int i = 0; i < 1000; i++) {
                        refuseBadRequest(token);
                    }
                })
                .isInstanceOfSatisfying(
                        SvidRefusedException.class,
                        e -> assertThat(e.kind()).isEqualTo(SvidRefusedException.Kind.RATE_LIMITED));

        assertRefused(askForSvid(SLEEP, body), 429, "rate_limited");
    }

    /** Counts as a request, but is quicker than one over the network that is signed. */
    private void refuseBadRequest(String token) {
        try {
            service.sign(token, "no request");
        } catch (SvidRefusedException e) {
            if (e.kind() != SvidRefusedException.Kind.BAD_CSR) {
                throw e;
            }
        }
    }

    @Test
    void tells_the_trust_bundle_to_anybody_in_both_forms() {
        JsonNode bundle = json(curl("/v1/bundle"), 200);
        assertThat(bundle.get("trust_domain").stringValue()).isEqualTo(TRUST_DOMAIN);
        assertThat(bundle.get("bundle").stringValue())
                .isEqualTo(authority.bundle().toPem(TRUST_DOMAIN));

        CommandRun pem = curl("/v1/bundle", "-H", "Accept: application/x-pem-file");
        assertThat(pem.stdout())
                .startsWith(authority.bundle().toPem(TRUST_DOMAIN))
                .endsWith("200 application/x-pem-file");
    }

    @Test
    @Case("A01")
    void knows_its_paths_and_methods_and_no_others() {
        assertThat(curl("/livez").stdout()).startsWith("ok\n").endsWith("200 text/plain; charset=utf-8");
        assertThat(curl("/livez", "-I").stdout()).contains("200 OK").doesNotContain("ok\n\n");
        assertRefused(curl("/"), 404, "not_found");
        assertRefused(curl("/v1/svid/"), 404, "not_found");
        assertRefused(curl("/v1//svid"), 400, "bad_request");
        assertRefused(curl("/v1/svid"), 405, "method_not_allowed");
        assertRefused(curl("/v1/bundle", "-X", "DELETE"), 405, "method_not_allowed");
        assertThat(curl("/v1/svid", "-i").stdout()).contains("Allow: POST");
        assertThat(curl("/v1/x%00y").stdout()).matches("(?s).*\n400 application/json");
        assertThat(curl("/v1/..%2f..%2fetc", "--path-as-is").stdout()).matches("(?s).*\n40[04] application/json");
    }

    @Test
    @Case("M15")
    void refuses_a_body_that_is_too_large_whether_announced_or_not() throws IOException {
        Path large = Files.write(temp.resolve("large"), new byte[65 * 1024]);
        String[] announced = post("t", "@" + large, "application/json");
        String[] chunked = Stream.concat(Stream.of(announced), Stream.of("-H", "Transfer-Encoding: chunked"))
                .toArray(String[]::new);

        assertRefused(curl("/v1/svid", announced), 413, "body_too_large");
        assertRefused(curl("/v1/svid", chunked), 413, "body_too_large");
    }

    @Test
    @Case("M15")
    void gives_up_on_a_body_that_trickles_in() throws Exception {
        try (SSLSocket socket = connect(new AtomicReference<>())) {
            OutputStream out = socket.getOutputStream();
            out.write("POST /v1/svid HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("\"reason\":\"body_timeout\"");
        }
    }

    @ParameterizedTest
    @Case("A18")
    @ValueSource(
            strings = {
                "GET /livez HTTP/1.1|Host: a|Host: b||",
                "POST /v1/svid HTTP/1.1|Host: a|Content-Length: 5|Content-Length: 6||hello",
                "POST /v1/svid HTTP/1.1|Host: a|Content-Length: 5|Transfer-Encoding: chunked||0||",
                "POST /v1/svid HTTP/1.1|Host: a|Transfer-Encoding: chunked, identity||0||",
                "GET /livez HTTP/1.1|Host : a||",
            })
    void answers_broken_http_as_json(String request) throws Exception {
        try (SSLSocket socket = connect(new AtomicReference<>())) {
            socket.getOutputStream().write(request.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();

            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 400 ").contains("\"reason\":\"bad_request\"");
        }
    }

    @Test
    void speaks_tls_1_2_and_1_3_only() {
        assertThat(curl("/livez", "--tlsv1.3").exitCode()).isZero();
        assertThat(curl("/livez", "--tls-max", "1.2").exitCode()).isZero();
        assertThat(curl("/livez", "--tls-max", "1.1", "--ciphers", "DEFAULT@SECLEVEL=0")
                        .exitCode())
                .isEqualTo(35);
        assertThat(curl("/livez", "--tls-max", "1.2", "--ciphers", "ECDHE-ECDSA-AES128-SHA")
                        .exitCode())
                .isEqualTo(35);
    }

    @Test
    void offers_the_renewed_certificate_at_the_next_handshake() throws Exception {
        AtomicReference<Svid> current = new AtomicReference<>(identity.svid());
        AtomicReference<X509Certificate> seen = new AtomicReference<>();
        try (ApiServer rotating = ApiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), new Rotating(current), List.of())) {
            connect(rotating, seen).close();
            X509Certificate first = seen.get();

            current.set(authority.issueLocal(
                    ServiceAccountRef.GATEWAY.spiffeId(TRUST_DOMAIN), SanNames.loopbackAnd(List.of())));
            connect(rotating, seen).close();

            assertThat(seen.get().getSerialNumber()).isNotEqualTo(first.getSerialNumber());
        }
    }

    @Test
    @Case("A13")
    void lets_no_other_origin_read_an_answer() {
        for (String origin : List.of("https://evil.test", "null")) {
            CommandRun asked = curl("/v1/bundle", "-i", "-H", "Origin: " + origin);
            CommandRun before = curl(
                    "/v1/svid",
                    "-i",
                    "-X",
                    "OPTIONS",
                    "-H",
                    "Origin: " + origin,
                    "-H",
                    "Access-Control-Request-Method: POST");

            assertThat(asked.stdout() + before.stdout()).contains("HTTP/").doesNotContainIgnoringCase("access-control");
        }
    }

    @Test
    void says_which_address_is_taken() {
        assertThatThrownBy(() -> ApiServer.start(server.address(), identity, List.of()))
                .isInstanceOf(ApiServerException.class)
                .hasMessageContaining("--api")
                .hasMessageContaining(String.valueOf(server.address().getPort()));
    }

    private SSLSocket connect(AtomicReference<X509Certificate> seen) throws Exception {
        return connect(server, seen);
    }

    /** Trusts everybody, because only the server's manners are looked at. */
    private static SSLSocket connect(ApiServer to, AtomicReference<X509Certificate> seen) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Curious(seen)}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory()
                .createSocket(to.address().getAddress(), to.address().getPort());
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private record Curious(AtomicReference<X509Certificate> seen) implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {
            seen.set(chain[0]);
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private record Rotating(AtomicReference<Svid> current) implements SvidSource {
        @Override
        public Svid svid() {
            return current.get();
        }

        @Override
        public TrustBundle bundle() {
            return TrustBundle.EMPTY;
        }

        @Override
        public Revocations revocations() {
            return Revocations.NONE;
        }

        @Override
        public void onChange(Runnable listener) {}

        @Override
        public void close() {}
    }
}
