package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.exeat.identity.InvalidSvidException.Kind;
import dev.exeat.testkit.Case;
import dev.exeat.testkit.SvidMint;
import dev.exeat.testkit.SvidMint.Verdict;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SvidValidatorTest {
    private static final String DOMAIN = "rig.test";

    /** The refusals whose alert is not bad_certificate. */
    private static final Map<String, Kind> OTHER_KINDS = Map.ofEntries(
            Map.entry("foreign-td", Kind.UNKNOWN_CA),
            Map.entry("foreign-root", Kind.UNKNOWN_CA),
            Map.entry("other-own", Kind.UNKNOWN_CA),
            Map.entry("rogue-root", Kind.UNKNOWN_CA),
            Map.entry("td-suffix", Kind.UNKNOWN_CA),
            Map.entry("td-prefix", Kind.UNKNOWN_CA),
            Map.entry("via-int-missing", Kind.UNKNOWN_CA),
            Map.entry("expired", Kind.EXPIRED),
            Map.entry("future", Kind.EXPIRED));

    @TempDir
    static Path directory;

    private static SvidMint mint;
    private static TrustBundle own;
    private static TrustBundle other;

    private TrustBundle bundle = own;
    private Revocations revocations = Revocations.NONE;
    private Instant now = Instant.now();
    private final SvidValidator validator = new SvidValidator(() -> bundle, () -> revocations, () -> now);

    @BeforeAll
    static void mint() throws IOException {
        mint = SvidMint.mint(directory, DOMAIN);
        own = TrustBundle.fromPem(DOMAIN, Files.readString(directory.resolve("ca.crt")));
        other = TrustBundle.fromPem("other.test", Files.readString(directory.resolve("otherca.crt")));
    }

    @BeforeEach
    void trustOwn() {
        bundle = own;
    }

    static Stream<String> names() {
        return mint.all().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void judges_a_client_as_the_standard_does(String name) throws IOException {
        Verdict verdict = mint.svid(name).verdict();
        List<byte[]> chain = chain(name);

        InvalidSvidException refusal =
                catchThrowableOfType(InvalidSvidException.class, () -> validator.validate(chain, PeerRole.CLIENT));

        switch (verdict) {
            case ACCEPT, ACCEPT_WITHOUT_POLICY, ACCEPT_THEN_EXPIRE, SERVER, REJECT_WHEN_REVOKED ->
                assertThat(refusal).isNull();
            case REJECT, REJECT_UNLESS_FEDERATED ->
                assertThat(refusal.kind())
                        .as(refusal.getMessage())
                        .isEqualTo(OTHER_KINDS.getOrDefault(name, Kind.BAD_CERTIFICATE));
        }
    }

    @Test
    void tells_the_id_the_end_and_the_serial() throws IOException {
        VerifiedSvid svid = validator.verify(chain("a"), PeerRole.CLIENT);

        assertThat(svid.id()).hasToString("spiffe://rig.test/ns/default/sa/sleep-us");
        assertThat(svid.notAfter()).isBetween(now.plus(Duration.ofHours(23)), now.plus(Duration.ofHours(25)));
        assertThat(svid.serial()).isPositive();
    }

    @Test
    void takes_a_server_certificate_only_in_its_role() throws IOException {
        List<byte[]> chain = chain("eku-server");

        assertThat(validator.validate(chain, PeerRole.SERVER).serviceAccount()).isEqualTo("sleep-us");
        assertThat(refusal(chain, PeerRole.CLIENT)).isEqualTo(Kind.BAD_CERTIFICATE);
    }

    @Test
    @Case("I42")
    void follows_federation_on_and_off() throws IOException {
        List<byte[]> chain = chain("other-own");

        bundle = own.with(other);
        assertThat(validator.validate(chain, PeerRole.CLIENT))
                .hasToString("spiffe://other.test/ns/default/sa/sleep-us");
        assertThat(refusal(chain("foreign-root"), PeerRole.CLIENT)).isEqualTo(Kind.UNKNOWN_CA);
        assertThat(refusal(chain("foreign-td"), PeerRole.CLIENT)).isEqualTo(Kind.UNKNOWN_CA);

        bundle = own;
        assertThat(refusal(chain, PeerRole.CLIENT)).isEqualTo(Kind.UNKNOWN_CA);
    }

    @Test
    @Case("I38")
    void follows_a_root_that_is_replaced() throws IOException {
        String both = Files.readString(directory.resolve("ca.crt")) + Files.readString(directory.resolve("rogue.crt"));
        bundle = TrustBundle.fromPem(DOMAIN, both);
        assertThat(validator.validate(chain("a"), PeerRole.CLIENT)).isNotNull();
        assertThat(validator.validate(chain("rogue-root"), PeerRole.CLIENT)).isNotNull();

        bundle = TrustBundle.fromPem(DOMAIN, Files.readString(directory.resolve("rogue.crt")));
        assertThat(refusal(chain("a"), PeerRole.CLIENT)).isEqualTo(Kind.UNKNOWN_CA);
        assertThat(validator.validate(chain("rogue-root"), PeerRole.CLIENT)).isNotNull();
    }

    @Test
    void refuses_a_revoked_leaf_also_when_it_was_verified_before() throws IOException {
        List<byte[]> chain = chain("revoked");
        BigInteger serial = validator.verify(chain, PeerRole.CLIENT).serial();

        revocations = Revocations.parse(serial.toString(16));

        assertThat(refusal(chain, PeerRole.CLIENT)).isEqualTo(Kind.REVOKED);
        assertThat(validator.validate(chain("a"), PeerRole.CLIENT)).isNotNull();
        revocations = Revocations.NONE;
        assertThat(validator.validate(chain, PeerRole.CLIENT)).isNotNull();
    }

    @Test
    void refuses_what_a_revoked_intermediate_vouches_for() throws Exception {
        List<byte[]> chain = chain("via-int");
        revocations = Revocations.parse(
                Certificates.parse(chain.get(1)).getSerialNumber().toString(16));

        assertThat(refusal(chain, PeerRole.CLIENT)).isEqualTo(Kind.REVOKED);
    }

    @Test
    void refuses_a_remembered_chain_once_it_has_expired() throws IOException {
        List<byte[]> chain = chain("short");
        Instant end = validator.verify(chain, PeerRole.CLIENT).notAfter();

        now = end;
        assertThat(validator.validate(chain, PeerRole.CLIENT)).isNotNull();
        now = end.plusMillis(1);
        assertThat(refusal(chain, PeerRole.CLIENT)).isEqualTo(Kind.EXPIRED);
    }

    @Test
    void trusts_no_root_that_has_expired() throws IOException {
        bundle = TrustBundle.fromPem(DOMAIN, Files.readString(directory.resolve("ca.crt")));
        now = now.plus(Duration.ofDays(3660));

        assertThat(refusal(chain("a"), PeerRole.CLIENT)).isEqualTo(Kind.UNKNOWN_CA);
    }

    @Test
    void leaves_aside_what_follows_the_path() throws IOException {
        List<byte[]> chain = new ArrayList<>(chain("via-int"));
        chain.addAll(pem("ca.crt"));
        chain.addAll(pem("otherca.crt"));

        assertThat(validator.validate(chain, PeerRole.CLIENT)).isNotNull();
    }

    @Test
    @Case("I40")
    void bounds_what_a_peer_may_send() throws IOException {
        byte[] leaf = chain("a").getFirst();

        assertThat(refusal(List.of(), PeerRole.CLIENT)).isEqualTo(Kind.BAD_CERTIFICATE);
        assertThat(refusal(Collections.nCopies(6, leaf), PeerRole.CLIENT)).isEqualTo(Kind.BAD_CERTIFICATE);
        assertThat(refusal(List.of(leaf, new byte[SvidValidator.MAX_CHAIN_OCTETS]), PeerRole.CLIENT))
                .isEqualTo(Kind.BAD_CERTIFICATE);
    }

    @Test
    void refuses_every_cut() throws IOException {
        byte[] leaf = chain("a").getFirst();

        for (int i = 0; i < leaf.length; i++) {
            assertThat(refusal(List.of(Arrays.copyOf(leaf, i)), PeerRole.CLIENT))
                    .as("cut at %d", i)
                    .isEqualTo(Kind.BAD_CERTIFICATE);
        }
        assertThat(refusal(List.of(Arrays.copyOf(leaf, leaf.length + 1)), PeerRole.CLIENT))
                .isEqualTo(Kind.BAD_CERTIFICATE);
    }

    @Test
    void refuses_every_changed_octet() throws IOException {
        byte[] leaf = chain("a").getFirst();

        for (int i = 0; i < leaf.length; i += 3) {
            assertRefusesChanged(leaf, i, i % 8);
        }
        // The signature begins some 73 octets before the end, with the octet that counts its unused bits.
        for (int i = leaf.length - 76; i < leaf.length - 68; i++) {
            for (int bit = 0; bit < 8; bit++) {
                assertRefusesChanged(leaf, i, bit);
            }
        }
    }

    private void assertRefusesChanged(byte[] leaf, int at, int bit) {
        byte[] changed = leaf.clone();
        changed[at] ^= (byte) (1 << bit);
        assertThat(catchThrowableOfType(
                        InvalidSvidException.class, () -> validator.validate(List.of(changed), PeerRole.CLIENT)))
                .as("bit %d changed at %d of %d", bit, at, leaf.length)
                .isNotNull();
    }

    @Test
    @Case("L03")
    void never_repeats_text_of_the_certificate() throws IOException {
        for (String name : mint.all().keySet()) {
            InvalidSvidException refusal = catchThrowableOfType(
                    InvalidSvidException.class, () -> validator.validate(chain(name), PeerRole.CLIENT));
            if (refusal != null) {
                assertThat(refusal.getMessage())
                        .doesNotContain("sleep", "example.com")
                        .matches("\\p{Print}{1,200}");
            }
        }
    }

    @Test
    void names_the_alert_of_each_refusal() {
        assertThat(Stream.of(Kind.values()).map(Kind::alertCode)).containsExactly(48, 45, 44, 42);
    }

    private Kind refusal(List<byte[]> chain, PeerRole role) {
        InvalidSvidException refusal =
                catchThrowableOfType(InvalidSvidException.class, () -> validator.validate(chain, role));
        assertThat(refusal).as("a refusal").isNotNull();
        return refusal.kind();
    }

    private static List<byte[]> chain(String name) throws IOException {
        return pem(name + ".crt");
    }

    private static List<byte[]> pem(String file) throws IOException {
        return Pem.decode(Pem.CERTIFICATE, Files.readString(directory.resolve(file)));
    }
}
