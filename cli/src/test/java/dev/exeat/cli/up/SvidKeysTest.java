package dev.exeat.cli.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.identity.Authority;
import dev.exeat.identity.AuthoritySvidSource;
import dev.exeat.identity.SanNames;
import dev.exeat.identity.ServiceAccountRef;
import dev.exeat.identity.SvidSource;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SvidKeysTest {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    @TempDir
    private Path directory;

    private Instant now = START;

    @Test
    void signs_with_the_gateways_svid_while_it_is_valid_and_not_without_one() throws Exception {
        SvidKeys keys = new SvidKeys(() -> now);
        assertThatThrownBy(keys::current)
                .isInstanceOf(GeneralSecurityException.class)
                .hasMessageContaining("no SVID yet");

        InstantSource issued = InstantSource.fixed(START);
        try (Authority authority = Authority.open(directory, "cluster.local", Duration.ofHours(1), issued);
                SvidSource source = AuthoritySvidSource.open(
                        authority,
                        ServiceAccountRef.GATEWAY.spiffeId("cluster.local"),
                        SanNames.loopbackAnd(List.of()),
                        issued)) {
            keys.from(source);
            assertThat(keys.current().chainDer()).isEqualTo(source.svid().chainDer());

            now = source.svid().notAfter().plusSeconds(1);
            assertThatThrownBy(keys::current).isInstanceOf(CertificateExpiredException.class);
        }
    }
}
