package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.exeat.testkit.Case;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ServerSvidSourceTest {
    private static final ServiceAccountRef SLEEP = new ServiceAccountRef("default", "sleep");
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What the server says to a request. */
    private interface Answer {
        Said to(String token, String csr);
    }

    private record Said(int status, String body) {}

    @TempDir
    Path data;

    @TempDir
    Path client;

    private final TestClock clock = new TestClock();
    private final AtomicInteger requests = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private Authority authority;
    private TokenAuthority tokens;
    private HttpsServer server;
    private volatile Answer answer = this::sign;
    /** What the server has revoked; "-" for a server that cannot tell. */
    private volatile String revoked = "";

    private final AtomicInteger trustAsked = new AtomicInteger();

    @BeforeEach
    void open() throws Exception {
        authority = Authority.open(data, "cluster.local", Duration.ofHours(1), clock);
        tokens = TokenAuthority.open(data, clock);
        SvidFiles.writeBundle(client.resolve("ca.pem"), authority.bundle(), "cluster.local");
        writeToken(SLEEP);
        // Without names, so that only the SPIFFE ID can be what the client trusts.
        serve(authority.issueLocal(ServiceAccountRef.GATEWAY.spiffeId("cluster.local"), SanNames.NONE));
    }

    @AfterEach
    void close() {
        server.stop(0);
        threads.shutdownNow();
        authority.close();
    }

    @Test
    void gets_an_svid_from_a_server_that_it_knows_by_its_id() {
        try (ServerSvidSource source = source()) {
            assertThat(source.svid().id()).hasToString("spiffe://cluster.local/ns/default/sa/sleep");
            assertThat(source.svid().notAfter()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
            assertThat(source.bundle()).isEqualTo(authority.bundle());
            SvidFiles.write(client.resolve("out"), source.svid(), source.bundle());
            assertThat(SvidFiles.read(client.resolve("out"), KeyMatch.BY_SIGNATURE)
                            .svid()
                            .id())
                    .isEqualTo(source.svid().id());
        }
    }

    @Test
    @Case("C12")
    void renews_with_a_new_key_and_the_token_that_the_file_holds_then() throws Exception {
        try (ServerSvidSource source = source()) {
            Svid first = source.svid();
            AtomicInteger changes = new AtomicInteger();
            source.onChange(changes::incrementAndGet);
            clock.advance(Duration.ofMinutes(30));
            writeToken(SLEEP);
            clock.advance(Duration.ofMinutes(15));

            await().until(() -> changes.get() == 1);

            assertThat(source.svid().pkcs8Key()).isNotEqualTo(first.pkcs8Key());
            assertThat(source.svid().notAfter()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
            assertThat(requests).hasValue(2);
        }
    }

    @Test
    @Case("C14")
    void keeps_the_svid_while_the_server_is_away() {
        try (ServerSvidSource source = source()) {
            Svid first = source.svid();
            answer = (token, csr) -> new Said(503, "");
            clock.advance(Duration.ofMinutes(45));
            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                return requests.get() >= 4;
            });
            assertThat(source.svid()).isSameAs(first);

            answer = this::sign;

            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                return source.svid() != first;
            });
        }
    }

    @Test
    void follows_what_the_server_revokes_and_keeps_it_over_a_renewal() {
        revoked = "spiffe://cluster.local/ns/default/sa/gone\n";
        try (ServerSvidSource source = source()) {
            assertThat(source.revocations()).isEqualTo(Revocations.parse(revoked));
            AtomicInteger changes = new AtomicInteger();
            source.onChange(changes::incrementAndGet);

            revoked = "abcdef\n";
            await().until(() -> source.revocations().equals(Revocations.parse("abcdef")));
            assertThat(changes).hasValue(1);

            Svid first = source.svid();
            clock.advance(Duration.ofMinutes(45));
            await().until(() -> source.svid() != first);
            assertThat(source.revocations()).isEqualTo(Revocations.parse("abcdef"));
        }
    }

    @Test
    void keeps_the_last_good_revocations_while_the_server_tells_none() {
        revoked = "abcdef\n";
        try (ServerSvidSource source = source()) {
            for (String bad : List.of("-", "no serial number\n")) {
                int before = trustAsked.get();
                revoked = bad;
                await().until(() -> trustAsked.get() > before + 1);
                assertThat(source.revocations()).isEqualTo(Revocations.parse("abcdef"));
            }
            revoked = "123\n";
            await().until(() -> source.revocations().equals(Revocations.parse("123")));
        }
    }

    @Test
    void does_not_begin_without_knowing_what_is_revoked() {
        revoked = "-";

        assertThat(refusal().getMessage()).contains("/v1/trust").contains("status 503");
    }

    @Test
    void trusts_no_server_with_another_accounts_svid() throws Exception {
        server.stop(0);
        serve(authority.issueLocal(SLEEP.spiffeId("cluster.local"), SanNames.loopbackAnd(List.of())));

        assertThat(refusal().getMessage()).contains("no Exeat API");
        assertThat(requests).hasValue(0);
    }

    @Test
    void trusts_no_server_of_another_authority(@TempDir Path elsewhere) throws Exception {
        server.stop(0);
        try (Authority other = Authority.open(elsewhere, "cluster.local", Duration.ofHours(1), clock)) {
            serve(other.issueLocal(ServiceAccountRef.GATEWAY.spiffeId("cluster.local"), SanNames.NONE));
        }

        SvidUnavailableException refusal = refusal();

        assertThat(refusal.getMessage()).contains("vouch");
        assertThat(requests).hasValue(0);
    }

    @Test
    void trusts_no_expired_server() {
        clock.advance(Duration.ofHours(2));

        assertThat(refusal().getMessage()).contains("not valid now");
    }

    @Test
    void without_a_ca_file_trusts_what_the_system_trusts() {
        ServerSvidOptions options = new ServerSvidOptions(address(), null, client.resolve("token"));

        assertThatThrownBy(() -> ServerSvidSource.open(options, clock, ServerSvidSource.SELDOM, Duration.ZERO))
                .isInstanceOfSatisfying(
                        SvidUnavailableException.class,
                        e -> assertThat(e.isTransient()).isFalse());
        assertThat(requests).hasValue(0);
    }

    @Test
    void says_what_the_server_said_and_whether_to_try_again() throws Exception {
        writeToken(new ServiceAccountRef("default", "nobody"));
        SvidUnavailableException unknown = refusal();
        assertThat(unknown.getMessage()).contains("403", "service account default/nobody is not known");
        assertThat(unknown.isTransient()).isFalse();

        answer = (token, csr) -> new Said(429, "{\"message\":\"evil \\u001b[31m text\"}");
        SvidUnavailableException limited = refusal();
        assertThat(limited.getMessage()).endsWith("with status 429: evil ?[31m text");
        assertThat(limited.isTransient()).isTrue();
    }

    @Test
    void follows_no_redirect() {
        answer = (token, csr) -> new Said(302, "");

        assertThat(refusal().getMessage()).contains("302");
        assertThat(requests).hasValue(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "[]",
                "null",
                "{}",
                "{\"svid\":1}",
                "{\"svid\":\"x\",\"bundle\":\"y\",\"trust_domain\":\"cluster.local\",\"id\":\"z\"}"
            })
    void takes_no_answer_that_is_not_an_svid(String body) {
        answer = (token, csr) -> new Said(200, body);

        assertThat(refusal().getMessage()).contains("of no use");
    }

    @Test
    void takes_no_certificate_for_another_key() {
        answer = (token, csr) -> said(authority.issue(Csr.good(), SLEEP.spiffeId("cluster.local"), SanNames.NONE));

        assertThat(refusal().getMessage()).contains("another key");
    }

    @Test
    void takes_no_certificate_that_the_bundle_does_not_vouch_for(@TempDir Path elsewhere) {
        try (Authority other = Authority.open(elsewhere, "cluster.local", Duration.ofHours(1), clock)) {
            answer = (token, csr) -> said(other.issue(
                    Pem.decode(Pem.CERTIFICATE_REQUEST, csr).getFirst(),
                    SLEEP.spiffeId("cluster.local"),
                    SanNames.NONE));

            assertThat(refusal().getMessage()).contains("vouches");
        }
    }

    @Test
    void bounds_the_answer() {
        answer = (token, csr) -> new Said(200, " ".repeat(1 << 20));

        assertThat(refusal().isTransient()).isTrue();
    }

    private ServerSvidSource keeping(Duration patience) {
        return ServerSvidSource.keeping(
                new ServerSvidOptions(address(), client.resolve("ca.pem"), client.resolve("token")),
                clock,
                Duration.ofMillis(20),
                patience,
                new KeptSvid(client.resolve("kept"), KeyMatch.BY_SIGNATURE));
    }

    @Test
    void begins_with_the_last_svid_and_the_last_revocations_while_the_server_is_away() throws Exception {
        revoked = "1f\n";
        Svid first;
        try (ServerSvidSource source = keeping(Duration.ZERO)) {
            first = source.svid();
            assertThat(source.revocations()).isEqualTo(Revocations.parse("1f"));
            revoked = "1f\n2e\n";
            await().until(() -> source.revocations().size() == 2);
            await().until(() ->
                    Files.readString(client.resolve("kept/revoked.txt")).contains("2e"));
        }
        assertThat(Files.getPosixFilePermissions(client.resolve("kept/key.pem")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        answer = (token, csr) -> new Said(503, "");

        try (ServerSvidSource source = keeping(Duration.ZERO)) {
            assertThat(source.svid().pkcs8Key()).isEqualTo(first.pkcs8Key());
            assertThat(source.svid().notAfter()).isEqualTo(first.notAfter());
            assertThat(source.bundle()).isEqualTo(authority.bundle());
            assertThat(source.revocations()).isEqualTo(Revocations.parse("1f\n2e"));

            answer = this::sign;
            await().until(() -> {
                clock.advance(Duration.ofSeconds(1));
                return !Arrays.equals(source.svid().pkcs8Key(), first.pkcs8Key());
            });
        }
    }

    @Test
    void does_not_begin_with_what_has_expired_is_incomplete_or_was_refused_since() throws Exception {
        keeping(Duration.ZERO).close();
        answer = (token, csr) -> new Said(403, "");
        assertThatThrownBy(() -> keeping(Duration.ZERO).close()).isInstanceOf(SvidUnavailableException.class);

        answer = (token, csr) -> new Said(503, "");
        keeping(Duration.ZERO).close();
        byte[] key = Files.readAllBytes(client.resolve("kept/key.pem"));
        SvidFiles.write(
                client.resolve("other"),
                authority.issueLocal(ServiceAccountRef.GATEWAY.spiffeId("cluster.local"), SanNames.NONE),
                authority.bundle());
        Files.write(client.resolve("kept/key.pem"), Files.readAllBytes(client.resolve("other/key.pem")));
        assertThatThrownBy(() -> keeping(Duration.ZERO).close()).isInstanceOf(SvidUnavailableException.class);

        Files.write(client.resolve("kept/key.pem"), key);
        keeping(Duration.ZERO).close();
        clock.advance(Duration.ofHours(2));
        assertThatThrownBy(() -> keeping(Duration.ZERO).close()).isInstanceOf(SvidUnavailableException.class);
    }

    @Test
    void sends_no_token_without_tls() {
        assertThatThrownBy(() -> new ServerSvidOptions(
                        URI.create("http://127.0.0.1:1"), client.resolve("ca.pem"), client.resolve("token")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "line\r\nX-Header: y"})
    void sends_no_file_that_is_no_token(String text) throws Exception {
        Files.writeString(client.resolve("token"), text);

        SvidUnavailableException refusal = refusal();

        assertThat(refusal.getMessage()).contains("holds no bearer token");
        assertThat(refusal.isTransient()).isFalse();
        assertThat(requests).hasValue(0);
    }

    private ServerSvidSource source() {
        return ServerSvidSource.checking(
                new ServerSvidOptions(address(), client.resolve("ca.pem"), client.resolve("token")),
                clock,
                Duration.ofMillis(20),
                Duration.ofMillis(5));
    }

    private SvidUnavailableException refusal() {
        SvidUnavailableException refusal = catchThrowableOfType(SvidUnavailableException.class, () -> source().close());
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }

    private URI address() {
        return URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    }

    private void writeToken(ServiceAccountRef account) throws IOException {
        Files.writeString(client.resolve("token"), tokens.create(account, Duration.ofHours(1)) + "\n");
    }

    private void serve(Svid svid) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, new char[0]);
        Certificate leaf = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(svid.chainDer().getFirst()));
        store.setKeyEntry(
                "svid",
                KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(svid.pkcs8Key())),
                new char[0],
                new Certificate[] {leaf});
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.setExecutor(threads);
        server.createContext("/v1/svid", this::handle);
        server.createContext("/v1/trust", this::trust);
        server.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.incrementAndGet();
            String csr = JSON.readTree(exchange.getRequestBody()).get("csr").stringValue();
            String token =
                    exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
            Said said = exchange.getRequestMethod().equals("POST") ? answer.to(token, csr) : new Said(405, "");
            exchange.getResponseHeaders().add("Location", "/v1/svid");
            byte[] body = said.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(said.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void trust(HttpExchange exchange) throws IOException {
        try (exchange) {
            trustAsked.incrementAndGet();
            String body = JSON.writeValueAsString(Map.of(
                    "trust_domain",
                    "cluster.local",
                    "bundle",
                    authority.bundle().toPem("cluster.local"),
                    "revoked",
                    revoked));
            byte[] octets = body.getBytes(StandardCharsets.UTF_8);
            boolean known = ("\"" + revoked.hashCode() + "\"")
                    .equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
            exchange.getResponseHeaders().add("ETag", "\"" + revoked.hashCode() + "\"");
            int status = revoked.equals("-") ? 503 : known ? 304 : 200;
            exchange.sendResponseHeaders(status, status == 200 ? octets.length : -1);
            if (status == 200) {
                exchange.getResponseBody().write(octets);
            }
        }
    }

    private Said sign(String token, String csr) {
        SvidService service =
                new SvidService(authority, tokens, proven -> SLEEP.equals(proven.account()), SanNames.NONE);
        try {
            return said(service.sign(token, csr));
        } catch (SvidRefusedException e) {
            return new Said(403, JSON.writeValueAsString(Map.of("message", e.getMessage())));
        }
    }

    private Said said(IssuedSvid issued) {
        return new Said(
                200,
                JSON.writeValueAsString(Map.of(
                        "svid", issued.chainPem(),
                        "bundle", authority.bundle().toPem("cluster.local"),
                        "trust_domain", "cluster.local",
                        "id", issued.id().toString())));
    }
}
