package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.exeat.model.SpiffeId;
import dev.exeat.testkit.CommandRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DirectorySvidSourceTest {
    private static final SpiffeId SLEEP = SpiffeId.ofServiceAccount("cluster.local", "default", "sleep");
    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    Path data;

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final AtomicInteger changes = new AtomicInteger();
    private Authority authority;

    @BeforeEach
    void write() {
        authority = Authority.open(data, "cluster.local", Duration.ofHours(1), clock);
        SvidFiles.write(directory, authority.issueLocal(SLEEP, SanNames.NONE), authority.bundle());
    }

    @AfterEach
    void close() {
        authority.close();
    }

    private DirectorySvidSource open() {
        DirectorySvidSource source = DirectorySvidSource.open(directory, clock, KeyMatch.BY_SIGNATURE);
        source.onChange(changes::incrementAndGet);
        return source;
    }

    @Test
    void reads_what_was_written() throws Exception {
        try (DirectorySvidSource source = open()) {
            assertThat(source.svid().id()).isEqualTo(SLEEP);
            assertThat(source.bundle()).isEqualTo(authority.bundle());
            assertThat(source.revocations()).isEqualTo(Revocations.NONE);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("key.pem"))))
                    .isEqualTo("rw-------");
        }
    }

    @Test
    void takes_over_a_rotation_within_a_second_or_so() {
        try (DirectorySvidSource source = open()) {
            Svid first = source.svid();
            clock.advance(Duration.ofMinutes(40));
            SvidFiles.write(directory, authority.issueLocal(SLEEP, SanNames.NONE), authority.bundle());

            await().atMost(SOON).until(() -> changes.get() == 1);

            assertThat(source.svid().notAfter()).isEqualTo(first.notAfter().plus(Duration.ofMinutes(40)));
            assertThat(source.bundle()).isSameAs(source.bundle());
        }
    }

    @Test
    void takes_over_a_changed_bundle_and_revocations(@TempDir Path other) throws Exception {
        try (DirectorySvidSource source = open();
                Authority next = Authority.open(other, "cluster.local", Duration.ofHours(1), clock)) {
            Svid svid = source.svid();
            Files.writeString(
                    directory.resolve("bundle.pem"),
                    authority.bundle().toPem("cluster.local") + next.bundle().toPem("cluster.local"));
            await().atMost(SOON)
                    .until(() -> source.bundle().roots("cluster.local").size() == 2);

            Files.writeString(directory.resolve("revoked.txt"), "abcd");
            await().atMost(SOON).until(() -> source.revocations().size() == 1);
            assertThat(source.svid().chainDer().getFirst())
                    .isEqualTo(svid.chainDer().getFirst());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"svid.pem", "key.pem", "bundle.pem", "revoked.txt"})
    void keeps_the_last_good_files_through_a_broken_one(String file) throws Exception {
        try (DirectorySvidSource source = open()) {
            Svid first = source.svid();
            Files.writeString(directory.resolve(file), "-----BEGIN CERTIFICATE-----\nMIIB");
            await().during(Duration.ofMillis(1200)).until(() -> source.svid() == first && changes.get() == 0);

            clock.advance(Duration.ofMinutes(1));
            Files.deleteIfExists(directory.resolve("revoked.txt"));
            SvidFiles.write(directory, authority.issueLocal(SLEEP, SanNames.NONE), authority.bundle());

            await().atMost(SOON).until(() -> changes.get() == 1);
            assertThat(source.svid().notAfter()).isAfter(first.notAfter());
        }
    }

    @Test
    void takes_no_key_of_another_certificate() throws Exception {
        SvidFiles.write(data, authority.issueLocal(SLEEP, SanNames.NONE), authority.bundle());
        Files.copy(data.resolve("key.pem"), directory.resolve("key.pem"), StandardCopyOption.REPLACE_EXISTING);

        assertUnusable("does not belong");
    }

    @Test
    void takes_no_expired_svid_and_no_open_key_and_no_missing_file() throws Exception {
        Files.setPosixFilePermissions(directory.resolve("key.pem"), PosixFilePermissions.fromString("rw-r--r--"));
        assertUnusable("chmod 600");
        Files.setPosixFilePermissions(directory.resolve("key.pem"), PosixFilePermissions.fromString("r--------"));
        open().close();

        clock.advance(Duration.ofHours(2));
        assertUnusable("expired");
        Files.delete(directory.resolve("bundle.pem"));
        assertUnusable("bundle.pem");
    }

    @Test
    void takes_no_certificate_that_is_no_svid() throws Exception {
        Files.writeString(directory.resolve("svid.pem"), authority.bundle().toPem("cluster.local"));

        assertUnusable("SPIFFE ID");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rsa", "ec"})
    void takes_the_older_forms_of_private_keys(String kind) throws Exception {
        Path key = directory.resolve("key.pem");
        Path csr = directory.resolve("request.der");
        String[] generate = kind.equals("rsa")
                ? new String[] {"openssl", "genrsa", "-traditional", "-out", key.toString(), "2048"}
                : new String[] {"openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", key.toString()};
        run(generate);
        run(
                "openssl",
                "req",
                "-new",
                "-key",
                key.toString(),
                "-subj",
                "/CN=x",
                "-outform",
                "DER",
                "-out",
                csr.toString());
        Files.writeString(
                directory.resolve("svid.pem"),
                authority.issue(Files.readAllBytes(csr), SLEEP, SanNames.NONE).chainPem());
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(Files.readString(key)).contains("BEGIN " + kind.toUpperCase(Locale.ROOT) + " PRIVATE KEY");

        try (DirectorySvidSource source = open()) {
            assertThat(source.svid().id()).isEqualTo(SLEEP);
        }
    }

    private static void run(String... command) {
        CommandRun run = CommandRun.of(command);
        assertThat(run.exitCode()).as(run::toString).isZero();
    }

    private void assertUnusable(String why) {
        assertThatThrownBy(this::open)
                .isInstanceOf(SvidUnavailableException.class)
                .hasMessageContaining(why);
    }
}
