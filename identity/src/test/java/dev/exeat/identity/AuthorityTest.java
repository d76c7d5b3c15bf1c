package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.exeat.model.SpiffeId;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.CommandRun;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthorityTest {
    private static final String DOMAIN = "cluster.local";
    private static final SpiffeId SLEEP = SpiffeId.ofServiceAccount(DOMAIN, "default", "sleep");

    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private final List<Authority> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(Authority::close);
    }

    private Authority open() {
        return open(Authority.DEFAULT_LIFETIME);
    }

    private Authority open(Duration lifetime) {
        Authority authority = Authority.open(directory, DOMAIN, lifetime, () -> now);
        opened.add(authority);
        return authority;
    }

    private Authority reopen() {
        close();
        opened.clear();
        return open();
    }

    @Test
    void makes_its_root_once() throws Exception {
        Authority first = open();
        X509Certificate root = first.bundle().roots(DOMAIN).getFirst();

        assertThat(root.getBasicConstraints()).isNotNegative();
        assertThat(root.getKeyUsage()).containsExactly(false, false, false, false, false, true, true, false, false);
        assertThat(root.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
        assertThat(uris(root)).containsExactly("spiffe://cluster.local");
        assertThat(root.getNotAfter().toInstant())
                .isBetween(now.plus(Duration.ofDays(3650)), now.plus(Duration.ofDays(3660)));
        assertThat(permissions("ca-key.pem")).isEqualTo("rw-------");
        assertThat(reopen().bundle())
                .isEqualTo(TrustBundle.fromPem(DOMAIN, first.bundle().toPem(DOMAIN)));
    }

    @Test
    void makes_its_directory_for_the_owner_alone() throws Exception {
        directory = directory.resolve("new/data");
        open();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(permissions("ledger.jsonl")).isEqualTo("rw-------");
    }

    @Test
    void issues_what_the_standard_demands_of_a_leaf() throws Exception {
        Authority authority = open();
        KeyPair keys = KeyFile.newKeyPair();

        IssuedSvid issued = authority.issue(Csr.of(keys), SLEEP, SanNames.NONE);

        X509Certificate leaf = Certificates.parse(issued.chainDer().getFirst());
        assertThat(leaf.getPublicKey()).isEqualTo(keys.getPublic());
        assertThat(uris(leaf)).containsExactly(SLEEP.toString());
        assertThat(leaf.getSubjectAlternativeNames()).hasSize(1);
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getKeyUsage()).containsExactly(true, false, false, false, false, false, false, false, false);
        assertThat(leaf.getCriticalExtensionOIDs()).containsExactlyInAnyOrder("2.5.29.15", "2.5.29.19");
        assertThat(leaf.getExtendedKeyUsage())
                .containsExactlyInAnyOrder(PeerRole.CLIENT.purposeId(), PeerRole.SERVER.purposeId());
        assertThat(leaf.getNotBefore().toInstant())
                .isEqualTo(now.minusSeconds(60))
                .isEqualTo(issued.notBefore());
        assertThat(leaf.getNotAfter().toInstant())
                .isEqualTo(now.plus(Duration.ofHours(24)))
                .isEqualTo(issued.notAfter());
        for (PeerRole role : PeerRole.values()) {
            assertThat(validator(authority).verify(issued.chainDer(), role))
                    .isEqualTo(new VerifiedSvid(SLEEP, issued.notAfter(), issued.serial()));
        }
    }

    @Test
    void issues_what_openssl_verifies(@TempDir Path files) {
        now = Instant.now();
        Authority authority = open();
        SanNames names = SanNames.loopbackAnd(List.of("gateway.example", "192.0.2.7"));
        Svid svid = authority.issueLocal(ServiceAccountRef.GATEWAY.spiffeId(DOMAIN), names);
        SvidFiles.write(files, svid, authority.bundle());

        for (String host : List.of(
                "-verify_hostname localhost",
                "-verify_ip 127.0.0.1",
                "-verify_ip ::1",
                "-verify_hostname gateway.example",
                "-verify_ip 192.0.2.7")) {
            String[] option = host.split(" ");
            CommandRun run = CommandRun.of(
                    "openssl",
                    "verify",
                    "-x509_strict",
                    "-purpose",
                    "sslserver",
                    option[0],
                    option[1],
                    "-CAfile",
                    files.resolve("bundle.pem").toString(),
                    files.resolve("svid.pem").toString());
            assertThat(run.exitCode()).as(run::toString).isZero();
        }
    }

    @Test
    @Case("C01")
    void takes_nothing_but_the_key_from_a_request() throws Exception {
        byte[] greedy = Csr.greedy(KeyFile.newKeyPair(), "spiffe://cluster.local/ns/default/sa/other");

        IssuedSvid issued = open().issue(greedy, SLEEP, SanNames.NONE);

        X509Certificate leaf = Certificates.parse(issued.chainDer().getFirst());
        assertThat(uris(leaf)).containsExactly(SLEEP.toString());
        assertThat(leaf.getSubjectAlternativeNames()).hasSize(1);
        assertThat(leaf.getBasicConstraints()).isEqualTo(-1);
        assertThat(leaf.getKeyUsage()[Certificates.KEY_USAGE_CERT_SIGN]).isFalse();
    }

    @Test
    @Case("C09")
    void never_outlives_its_root() {
        Authority authority = open(Duration.ofDays(20 * 365));
        Instant rootEnd =
                authority.bundle().roots(DOMAIN).getFirst().getNotAfter().toInstant();

        assertThat(authority.issueLocal(SLEEP, SanNames.NONE).notAfter()).isEqualTo(rootEnd);
        now = rootEnd;
        assertThatThrownBy(() -> authority.issueLocal(SLEEP, SanNames.NONE))
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("expired");
        assertThatThrownBy(() -> {
                    now = rootEnd.plusSeconds(1);
                    reopen();
                })
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("expired");
    }

    @Test
    @Case("C09")
    void bounds_the_lifetime_and_the_trust_domain() {
        assertThatThrownBy(() -> open(Duration.ofSeconds(59))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> open().issueLocal(SpiffeId.ofServiceAccount("other.test", "a", "b"), SanNames.NONE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void gives_every_certificate_another_serial_number() {
        Authority authority = open();
        Set<BigInteger> serials = new HashSet<>();

        for (int i = 0; i < 50; i++) {
            BigInteger serial =
                    authority.issue(Csr.good(), SLEEP, SanNames.NONE).serial();
            assertThat(serial).isPositive();
            assertThat(serial.bitLength()).isBetween(64, 128);
            serials.add(serial);
        }

        assertThat(serials).hasSize(50);
    }

    @Test
    void refuses_a_key_that_others_can_read() throws Exception {
        open();
        Path key = directory.resolve("ca-key.pem");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));

        assertThatThrownBy(this::reopen)
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("chmod 600 " + key);
    }

    @Test
    void refuses_a_directory_that_others_can_write() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));

        assertThatThrownBy(this::open)
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("chmod go-w");
    }

    @Test
    void refuses_a_certificate_without_its_key_or_with_another() throws Exception {
        open();
        Path key = directory.resolve("ca-key.pem");
        byte[] own = Files.readAllBytes(key);
        Files.delete(key);
        assertThatThrownBy(this::reopen)
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("restore the key");
        assertThat(key).doesNotExist();

        KeyFile.openOrCreate(key);
        assertThatThrownBy(this::reopen)
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("does not belong");

        Files.write(key, own);
        assertThat(reopen().bundle().roots(DOMAIN)).hasSize(1);
    }

    @Test
    void finishes_a_first_start_that_was_cut_off_between_its_files() throws Exception {
        open();
        Files.delete(directory.resolve("ca-cert.pem"));

        Authority again = reopen();

        assertThat(validator(again)
                        .validate(again.issueLocal(SLEEP, SanNames.NONE).chainDer(), PeerRole.CLIENT))
                .isEqualTo(SLEEP);
    }

    @Test
    void refuses_the_directory_of_another_trust_domain() {
        open();
        close();

        assertThatThrownBy(() -> Authority.open(directory, "other.test", Authority.DEFAULT_LIFETIME, () -> now))
                .isInstanceOf(IdentityStoreException.class)
                .hasMessageContaining("other.test");
    }

    @Test
    void puts_a_changed_list_of_revocations_in_force_within_a_second() throws Exception {
        Authority authority = open();
        SvidValidator validator = validator(authority);
        IssuedSvid svid = authority.issue(Csr.good(), SLEEP, SanNames.NONE);
        AtomicInteger told = new AtomicInteger();
        authority.onRevocation(told::incrementAndGet);
        assertThat(validator.validate(svid.chainDer(), PeerRole.CLIENT)).isEqualTo(SLEEP);

        Path list = Files.writeString(
                directory.resolve("revoked.txt"), "# stolen\n" + svid.serial().toString(16) + "\n");
        await().atMost(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(told).hasValue(1));
        assertThatThrownBy(() -> validator.validate(svid.chainDer(), PeerRole.CLIENT))
                .isInstanceOfSatisfying(
                        InvalidSvidException.class,
                        e -> assertThat(e.kind()).isEqualTo(InvalidSvidException.Kind.REVOKED));

        Files.writeString(list, "no serial number");
        await().during(Duration.ofMillis(1200))
                .until(() -> authority.revocations().size() == 1);

        Files.writeString(list, "");
        await().atMost(Duration.ofSeconds(1))
                .until(() -> authority.revocations().size() == 0);
        assertThat(validator.validate(svid.chainDer(), PeerRole.CLIENT)).isEqualTo(SLEEP);
    }

    @Test
    @Case("C11")
    void shows_its_keys_nowhere() throws Exception {
        Authority authority = open();
        Svid svid = authority.issueLocal(SLEEP, SanNames.NONE);
        String key = Files.readString(directory.resolve("ca-key.pem"))
                .lines()
                .toList()
                .get(1);

        assertThat(svid.toString())
                .isEqualTo("Svid[spiffe://cluster.local/ns/default/sa/sleep, until 2026-11-24T10:00:00Z]");
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(f -> !f.endsWith("ca-key.pem")).toList()) {
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain(key, "PRIVATE");
            }
        }
    }

    private static List<String> uris(X509Certificate certificate) {
        return SubjectAltNames.uris(certificate).stream()
                .map(uri -> new String(uri, StandardCharsets.US_ASCII))
                .toList();
    }

    private SvidValidator validator(Authority authority) {
        return new SvidValidator(authority::bundle, authority::revocations, () -> now);
    }

    private String permissions(String file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(file)));
    }
}
