package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenAuthorityTest {
    private static final ServiceAccountRef SLEEP = new ServiceAccountRef("default", "sleep-us");

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");

    private TokenAuthority open() {
        return TokenAuthority.open(directory, () -> now);
    }

    @Test
    void verifies_what_it_made_also_after_a_restart() {
        String token = open().create(SLEEP, Duration.ofHours(1));

        assertThat(open().verify(token).account()).isEqualTo(SLEEP);
    }

    @Test
    void writes_the_claims_that_others_may_read() throws Exception {
        SignedJWT jwt = SignedJWT.parse(open().create(SLEEP, Duration.ofHours(1)));

        assertThat(jwt.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        JWTClaimsSet claims = jwt.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("exeat");
        assertThat(claims.getSubject()).isEqualTo("system:serviceaccount:default:sleep-us");
        assertThat(claims.getAudience()).containsExactly("exeat");
        assertThat(claims.getIssueTime()).isEqualTo(Date.from(now));
        assertThat(claims.getExpirationTime()).isEqualTo(Date.from(now.plusSeconds(3600)));
        assertThat(claims.getJWTID()).isNotBlank();
    }

    @Test
    void proves_the_object_and_the_audiences_that_it_was_made_for() {
        TokenAuthority tokens = open();
        String token = tokens.create(SLEEP, "u-1", List.of("vault", "exeat"), Duration.ofHours(1));

        AccountToken proven = tokens.verify(token);
        assertThat(proven.uid()).isEqualTo("u-1");
        assertThat(proven.audiences()).containsExactly("vault", "exeat");
        assertThat(proven.notAfter()).isEqualTo(now.plusSeconds(3600));
        assertThat(tokens.verify(token, Set.of("vault"))).isEqualTo(proven);
        assertThatThrownBy(() -> tokens.verify(token, Set.of("elsewhere"))).isInstanceOf(InvalidTokenException.class);
        assertThat(tokens.verify(tokens.create(SLEEP, Duration.ofHours(1))).uid())
                .isEmpty();
    }

    @Test
    void refuses_a_token_that_is_bound_to_something_else() throws Exception {
        for (Object binding : List.of("x", Map.of(), Map.of("pod", Map.of("uid", "u")), Map.of("serviceaccount", 1))) {
            assertRefused(open(), own(c -> c.claim("kubernetes.io", binding)));
        }
    }

    @Test
    void ends_with_the_lifetime() {
        TokenAuthority tokens = open();
        String token = tokens.create(SLEEP, Duration.ofHours(1));

        now = now.plusSeconds(3599);
        assertThat(tokens.verify(token).account()).isEqualTo(SLEEP);
        now = now.plusSeconds(1);
        assertThatThrownBy(() -> tokens.verify(token))
                .isInstanceOf(InvalidTokenException.class)
                .hasMessageContaining("expired");
    }

    @Test
    void refuses_every_changed_character() {
        TokenAuthority tokens = open();
        String token = tokens.create(SLEEP, Duration.ofHours(1));

        for (int i = 0; i < token.length(); i++) {
            StringBuilder changed = new StringBuilder(token);
            // Not the neighbour: the last character of Base64 has bits that stand for nothing.
            changed.setCharAt(i, token.charAt(i) == 'A' ? 'z' : 'A');
            if (i == token.length() - 1) {
                changed.append("AAAA");
            }
            assertRefused(tokens, changed.toString());
        }
        for (int i = 0; i < token.length(); i++) {
            assertRefused(tokens, token.substring(0, i));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".", "..", "a.b.c", "not a token", "e30.e30.", "\u0000", "eyJhbGciOiJFUzI1NiJ9..", "[].[].[]"
            })
    void refuses_what_is_no_token(String text) {
        assertRefused(open(), text);
    }

    @Test
    void refuses_an_endless_token() {
        assertRefused(open(), "a".repeat(1 << 20));
        assertRefused(open(), ("{\"a\":".repeat(1000)));
    }

    @Test
    void refuses_a_token_without_signature() {
        String payload = open().create(SLEEP, Duration.ofHours(1)).split("\\.")[1];

        for (String alg : List.of("none", "None", "NONE", "HS256", "ES384", "RS256")) {
            String header = base64("{\"alg\":\"" + alg + "\",\"typ\":\"JWT\"}");
            assertRefused(open(), header + "." + payload + ".");
            assertRefused(open(), header + "." + payload + ".AAAA");
        }
    }

    @Test
    void refuses_a_signature_made_with_the_public_key_as_a_secret() throws Exception {
        KeyPair keys = KeyFile.openOrCreate(directory.resolve("token-key.pem"));

        assertRefused(
                open(),
                signed(
                        claims().build(),
                        JWSAlgorithm.HS256,
                        new MACSigner(keys.getPublic().getEncoded())));
    }

    @Test
    void refuses_another_authoritys_token(@TempDir Path elsewhere) {
        String token = TokenAuthority.open(elsewhere, () -> now).create(SLEEP, Duration.ofHours(1));

        assertRefused(open(), token);
    }

    @Test
    void refuses_rightly_signed_claims_that_are_not_for_it() throws Exception {
        assertThat(open().verify(own(c -> c)).account()).isEqualTo(SLEEP);

        assertRefused(open(), own(c -> c.issuer("kubernetes/serviceaccount")));
        assertRefused(open(), own(c -> c.issuer(null)));
        assertRefused(open(), own(c -> c.audience("other")));
        assertRefused(open(), own(c -> c.audience(List.of("others", "other"))));
        assertRefused(open(), own(c -> c.audience((String) null)));
        assertRefused(open(), own(c -> c.jwtID(null)));
        assertRefused(open(), own(c -> c.expirationTime(null)));
        assertRefused(open(), own(c -> c.issueTime(null)));
        assertRefused(open(), own(c -> c.issueTime(Date.from(now.plusSeconds(120)))));
        assertRefused(open(), own(c -> c.expirationTime(Date.from(now.plus(Duration.ofDays(3650))))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sleep",
                "system:serviceaccount:",
                "system:serviceaccount:default",
                "system:serviceaccount:default:",
                "system:serviceaccount::sleep",
                "system:serviceaccount:default:sleep:x",
                "system:serviceaccount:Default:sleep",
                "system:serviceaccount:default:../x",
                "system:serviceaccount:default:a/sa/b"
            })
    void refuses_subjects_that_are_no_account(String subject) throws Exception {
        assertRefused(open(), own(c -> c.subject(subject)));
    }

    @Test
    void bounds_the_lifetime() {
        TokenAuthority tokens = open();

        assertThat(tokens.verify(tokens.create(SLEEP, TokenAuthority.MAX_LIFETIME))
                        .account())
                .isEqualTo(SLEEP);
        for (Duration bad : List.of(Duration.ZERO, Duration.ofHours(-1), TokenAuthority.MAX_LIFETIME.plusSeconds(1))) {
            assertThatThrownBy(() -> tokens.create(SLEEP, bad)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void racing_openers_get_one_key() throws Exception {
        int racers = 8;
        CountDownLatch start = new CountDownLatch(1);
        List<Future<String>> tokens = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(racers)) {
            for (int i = 0; i < racers; i++) {
                tokens.add(threads.submit(() -> {
                    start.await();
                    return open().create(SLEEP, Duration.ofHours(1));
                }));
            }
            start.countDown();
            for (Future<String> token : tokens) {
                assertThat(open().verify(token.get()).account()).isEqualTo(SLEEP);
            }
        }
        try (var files = Files.list(directory)) {
            assertThat(files).as("no left-over of the race").hasSize(1);
        }
    }

    @Test
    void keeps_its_key_to_the_owner() throws Exception {
        open();
        Path key = directory.resolve("token-key.pem");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));

        assertThatThrownBy(this::open)
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("chmod 600 " + key);
    }

    @Test
    void makes_no_new_key_in_place_of_a_broken_one() throws Exception {
        open();
        Path key = directory.resolve("token-key.pem");
        Files.writeString(key, "");

        assertThatThrownBy(this::open)
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining(key.toString());
        assertThat(key).isEmptyFile();
    }

    private static void assertRefused(TokenAuthority tokens, String token) {
        InvalidTokenException refusal = catchThrowableOfType(InvalidTokenException.class, () -> tokens.verify(token));
        assertThat(refusal).as(token).isNotNull();
        assertThat(refusal.getCause()).isNull();
        for (String part : token.split("[.: ]")) {
            if (part.length() > 8) {
                assertThat(refusal.getMessage()).doesNotContain(part);
            }
        }
    }

    private JWTClaimsSet.Builder claims() {
        return new JWTClaimsSet.Builder()
                .issuer("exeat")
                .subject("system:serviceaccount:default:sleep-us")
                .audience("exeat")
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(60)))
                .jwtID("1");
    }

    private String own(UnaryOperator<JWTClaimsSet.Builder> change) throws Exception {
        KeyPair keys = KeyFile.openOrCreate(directory.resolve("token-key.pem"));
        return signed(
                change.apply(claims()).build(), JWSAlgorithm.ES256, new ECDSASigner((ECPrivateKey) keys.getPrivate()));
    }

    private static String signed(JWTClaimsSet claims, JWSAlgorithm algorithm, JWSSigner signer) throws Exception {
        SignedJWT jwt = new SignedJWT(new JWSHeader(algorithm), claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
