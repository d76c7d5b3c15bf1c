package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.identity.DirectorySvidSource;
import dev.exeat.identity.SvidUnavailableException;
import dev.exeat.testkit.SvidMint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OuterTlsTest {
    @TempDir
    private Path directory;

    private DirectorySvidSource open(Path certificate, Path key, Path bundle) throws IOException {
        Path own = Files.createDirectory(directory.resolve("own"));
        Files.copy(certificate, own.resolve("svid.pem"));
        Files.copy(key, own.resolve("key.pem"));
        Files.setPosixFilePermissions(own.resolve("key.pem"), PosixFilePermissions.fromString("rw-------"));
        Files.copy(bundle, own.resolve("bundle.pem"));
        return DirectorySvidSource.open(own, InstantSource.system(), OuterTls.KEY_MATCH);
    }

    private SvidMint mint(String name) throws IOException {
        return SvidMint.mint(Files.createDirectory(directory.resolve(name)), "test.test");
    }

    @Test
    void takes_the_key_of_its_certificate() throws Exception {
        SvidMint mint = mint("one");

        try (DirectorySvidSource source =
                open(mint.svid("gw").certificate(), mint.svid("gw").key(), mint.bundle())) {
            assertThat(source.svid().id().trustDomain()).isEqualTo("test.test");
        }
    }

    @Test
    void takes_no_key_of_another_certificate() throws Exception {
        SvidMint mint = mint("one");
        SvidMint other = mint("other");

        assertThatThrownBy(() ->
                        open(mint.svid("gw").certificate(), other.svid("gw").key(), mint.bundle()))
                .isInstanceOf(SvidUnavailableException.class)
                .hasMessageContaining("does not belong");
    }
}
