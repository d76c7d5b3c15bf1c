package dev.exeat.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.exeat.model.SpiffeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FederatedSvidSourceTest {
    private static final Duration SOON = Duration.ofSeconds(2);

    @TempDir
    Path ours;

    @TempDir
    Path theirs;

    private final TestClock clock = new TestClock();
    private final AtomicInteger changes = new AtomicInteger();
    private Authority own;
    private Authority other;
    private AuthoritySvidSource source;
    private Path file;

    @BeforeEach
    void open() {
        own = Authority.open(ours, "own.test", Duration.ofHours(1), clock);
        other = Authority.open(theirs, "other.test", Duration.ofHours(1), clock);
        source = AuthoritySvidSource.open(own, ServiceAccountRef.GATEWAY.spiffeId("own.test"), SanNames.NONE, clock);
        file = theirs.resolve("federated.pem");
    }

    @AfterEach
    void close() {
        source.close();
        own.close();
        other.close();
    }

    private FederatedSvidSource federated() {
        FederatedSvidSource federated = FederatedSvidSource.open(source, Map.of("other.test", file));
        federated.onChange(changes::incrementAndGet);
        return federated;
    }

    private boolean trusts(SvidSource judge, Authority authority) {
        SpiffeId id = SpiffeId.ofServiceAccount(authority.trustDomain(), "default", "sleep");
        try {
            new SvidValidator(judge::bundle, judge::revocations, clock)
                    .validate(authority.issueLocal(id, SanNames.NONE).chainDer(), PeerRole.CLIENT);
            return true;
        } catch (InvalidSvidException e) {
            return false;
        }
    }

    @Test
    void trusts_another_domain_from_when_its_file_comes_until_it_goes() throws Exception {
        try (FederatedSvidSource federated = federated()) {
            assertThat(trusts(federated, own)).isTrue();
            assertThat(trusts(federated, other)).isFalse();

            SvidFiles.writeBundle(file, other.bundle(), "other.test");
            await().atMost(SOON).until(() -> trusts(federated, other));
            assertThat(trusts(federated, own)).isTrue();
            assertThat(federated.bundle()).isSameAs(federated.bundle());

            Files.delete(file);
            await().atMost(SOON).until(() -> !trusts(federated, other));
            assertThat(trusts(federated, own)).isTrue();
            assertThat(changes).hasValue(2);
        }
    }

    @Test
    void keeps_the_last_good_roots_while_the_file_is_broken_or_names_another_domain(@TempDir Path third)
            throws Exception {
        SvidFiles.writeBundle(file, other.bundle(), "other.test");
        try (FederatedSvidSource federated = federated();
                Authority stranger = Authority.open(third, "third.test", Duration.ofHours(1), clock)) {
            Files.writeString(file, "garbage");
            SvidFiles.writeBundle(file, stranger.bundle(), "third.test");
            await().during(Duration.ofMillis(1200)).atMost(SOON).until(() -> trusts(federated, other));
            assertThat(changes).hasValue(0);
        }
    }

    @Test
    void does_not_begin_with_a_broken_file_or_one_of_another_domain() throws Exception {
        SvidFiles.writeBundle(file, own.bundle(), "own.test");
        assertThatThrownBy(this::federated)
                .isInstanceOf(SvidUnavailableException.class)
                .hasMessageContaining("names another trust domain");

        Files.writeString(file, "garbage");
        assertThatThrownBy(this::federated).isInstanceOf(SvidUnavailableException.class);
    }

    @Test
    void takes_no_federated_bundle_for_the_own_domain() {
        assertThatThrownBy(() -> FederatedSvidSource.open(source, Map.of("own.test", file)))
                .isInstanceOf(SvidUnavailableException.class)
                .hasMessageContaining("the own trust domain");
    }
}
