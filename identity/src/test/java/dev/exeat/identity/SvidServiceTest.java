package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.exeat.identity.SvidRefusedException.Kind;
import dev.exeat.testkit.Case;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvidServiceTest {
    private static final ServiceAccountRef SLEEP = new ServiceAccountRef("default", "sleep");
    private static final ServiceAccountRef SLEEP_US = new ServiceAccountRef("default", "sleep-us");
    private static final ServiceAccountRef NOBODY = new ServiceAccountRef("default", "nobody");

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private Authority authority;
    private TokenAuthority tokens;
    private SvidService service;

    @BeforeEach
    void open() {
        authority = Authority.open(directory, "cluster.local", Authority.DEFAULT_LIFETIME, () -> now);
        tokens = TokenAuthority.open(directory, () -> now);
        SanNames names = SanNames.loopbackAnd(List.of("gateway.example"));
        service = new SvidService(
                authority, tokens, token -> Set.of(SLEEP, SLEEP_US).contains(token.account()), names, nanos::get);
    }

    @AfterEach
    void close() {
        authority.close();
    }

    @Test
    @Case("C01")
    void signs_in_the_name_of_the_tokens_account_alone() throws Exception {
        byte[] asksForAnother = Csr.greedy(KeyFile.newKeyPair(), "spiffe://cluster.local/ns/default/sa/sleep-us");

        IssuedSvid issued = service.sign(token(SLEEP), asksForAnother);

        assertThat(issued.id()).hasToString("spiffe://cluster.local/ns/default/sa/sleep");
        assertThat(LeafRules.spiffeId(Certificates.parse(issued.chainDer().getFirst())))
                .isEqualTo(issued.id());
    }

    @Test
    void signs_a_request_in_pem() {
        IssuedSvid issued = service.sign(token(SLEEP), Pem.encode(Pem.CERTIFICATE_REQUEST, Csr.good()));

        assertThat(Pem.decode(Pem.CERTIFICATE, issued.chainPem())).hasSize(1);
    }

    @Test
    void knows_the_gateway_and_gives_it_alone_its_names() throws Exception {
        byte[] gateway = service.sign(token(ServiceAccountRef.GATEWAY), Csr.good())
                .chainDer()
                .getFirst();
        byte[] sleep = service.sign(token(SLEEP), Csr.good()).chainDer().getFirst();

        assertThat(Certificates.parse(gateway).getSubjectAlternativeNames())
                .extracting(n -> String.valueOf(n.get(1)))
                .contains(
                        "spiffe://cluster.local/ns/exeat-system/sa/exeat-gateway",
                        "localhost",
                        "gateway.example",
                        "127.0.0.1");
        assertThat(Certificates.parse(sleep).getSubjectAlternativeNames()).hasSize(1);
    }

    @Test
    @Case("C12")
    void refuses_what_proves_nothing_before_anything_else() {
        for (String token : List.of("", "x", token(SLEEP) + "x")) {
            assertThat(refusal(token, new byte[0]).kind()).isEqualTo(Kind.UNAUTHENTICATED);
        }
        String expired = token(SLEEP);
        now = now.plus(Duration.ofHours(1));
        assertThat(refusal(expired, Csr.good()).kind()).isEqualTo(Kind.UNAUTHENTICATED);
        assertThat(directory.resolve("ledger.jsonl")).isEmptyFile();
    }

    @Test
    void says_how_to_make_an_unknown_account_known() {
        SvidRefusedException refusal = refusal(token(NOBODY), Csr.good());

        assertThat(refusal.kind()).isEqualTo(Kind.UNKNOWN_ACCOUNT);
        assertThat(refusal)
                .hasMessageStartingWith("service account default/nobody is not known; apply a ServiceAccount");
    }

    @Test
    void refuses_bad_requests() {
        assertThat(refusal(token(SLEEP), new byte[10]).kind()).isEqualTo(Kind.BAD_CSR);
        for (String pem : List.of("", "text", "-----BEGIN CERTIFICATE REQUEST-----\n", "x".repeat(1 << 20))) {
            SvidRefusedException refusal =
                    catchThrowableOfType(SvidRefusedException.class, () -> service.sign(token(SLEEP), pem));
            assertThat(refusal.kind()).isEqualTo(Kind.BAD_CSR);
        }
    }

    @Test
    @Case("C16")
    void limits_each_identity_alone() {
        byte[] bad = {};
        String token = token(SLEEP);
        for (int i = 0; i < IssuanceLimit.BURST; i++) {
            assertThat(refusal(token, bad).kind()).isEqualTo(Kind.BAD_CSR);
        }

        assertThat(refusal(token, bad).kind()).isEqualTo(Kind.RATE_LIMITED);
        assertThat(service.sign(token(SLEEP_US), Csr.good())).isNotNull();

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(service.sign(token, Csr.good())).isNotNull();
        assertThat(refusal(token, bad).kind()).isEqualTo(Kind.RATE_LIMITED);

        nanos.addAndGet(Duration.ofHours(1).toNanos());
        for (int i = 0; i < IssuanceLimit.BURST; i++) {
            assertThat(refusal(token, bad).kind()).isEqualTo(Kind.BAD_CSR);
        }
        assertThat(refusal(token, bad).kind()).isEqualTo(Kind.RATE_LIMITED);
    }

    @Test
    @Case("L08")
    void never_repeats_the_token_or_the_request() {
        String token = token(NOBODY);
        assertThat(refusal(token, Csr.good()).getMessage()).doesNotContain(token.split("\\.")[1]);
        assertThat(refusal(token(SLEEP), "secret text".getBytes(StandardCharsets.US_ASCII))
                        .getMessage())
                .doesNotContain("secret");
    }

    private String token(ServiceAccountRef account) {
        return tokens.create(account, Duration.ofHours(1));
    }

    private SvidRefusedException refusal(String token, byte[] csr) {
        SvidRefusedException refusal = catchThrowableOfType(SvidRefusedException.class, () -> service.sign(token, csr));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal;
    }
}
