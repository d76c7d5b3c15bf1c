package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.exeat.model.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuthoritySvidSourceTest {
    private static final SpiffeId SLEEP = SpiffeId.ofServiceAccount("cluster.local", "default", "sleep");

    @TempDir
    Path directory;

    private final TestClock clock = new TestClock();
    private final AtomicInteger changes = new AtomicInteger();
    private Authority authority;
    private AuthoritySvidSource source;

    @BeforeEach
    void open() {
        authority = Authority.open(directory, "cluster.local", Duration.ofHours(1), clock);
        source = AuthoritySvidSource.open(authority, SLEEP, SanNames.NONE, clock, Duration.ofMillis(5));
        source.onChange(changes::incrementAndGet);
    }

    @AfterEach
    void close() {
        source.close();
        authority.close();
    }

    @Test
    void gives_an_svid_that_its_bundle_vouches_for() {
        SvidValidator validator = new SvidValidator(source::bundle, source::revocations, clock);

        assertThat(validator.validate(source.svid().chainDer(), PeerRole.SERVER))
                .isEqualTo(SLEEP);
        assertThat(source.svid()).isSameAs(source.svid());
    }

    @Test
    void renews_at_two_thirds_of_the_life_and_not_before() {
        Svid first = source.svid();
        TrustBundle bundle = source.bundle();
        clock.advance(Duration.ofMinutes(36));
        await().during(Duration.ofMillis(100)).until(() -> source.svid() == first);

        clock.advance(Duration.ofMinutes(8));

        await().until(() -> changes.get() == 1);
        Svid second = source.svid();
        assertThat(second.notAfter()).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
        assertThat(second.pkcs8Key()).isNotEqualTo(first.pkcs8Key());
        assertThat(source.bundle()).isSameAs(bundle);
    }

    @Test
    void keeps_the_svid_while_the_ledger_fails_and_goes_on_trying() throws Exception {
        Svid first = source.svid();
        // A ledger that is closed reopens its file, and a directory is none.
        authority.close();
        Path ledger = directory.resolve("ledger.jsonl");
        Files.delete(ledger);
        Files.createDirectory(ledger);
        clock.advance(Duration.ofMinutes(50));
        await().during(Duration.ofMillis(200)).until(() -> source.svid() == first);

        Files.delete(ledger);

        await().until(() -> {
            clock.advance(Duration.ofSeconds(1));
            return source.svid() != first;
        });
        assertThat(ledger).isRegularFile();
    }

    @Test
    void tells_of_revocations() throws Exception {
        Svid svid = source.svid();
        Files.writeString(directory.resolve("revoked.txt"), "1234\n");

        await().atMost(Duration.ofSeconds(2)).until(() -> changes.get() == 1);

        assertThat(source.revocations().size()).isEqualTo(1);
        assertThat(source.svid()).isSameAs(svid);
    }

    @Test
    void renews_no_more_when_closed() {
        Svid first = source.svid();
        source.close();
        clock.advance(Duration.ofMinutes(59));

        await().during(Duration.ofMillis(100)).until(() -> source.svid() == first);
    }
}
