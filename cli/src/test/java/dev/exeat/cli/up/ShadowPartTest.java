package dev.exeat.cli.up;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.control.Configuration;
import dev.exeat.control.DirectorySource;
import dev.exeat.control.ProviderLists;
import dev.exeat.flow.Metrics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShadowPartTest {
    private final Metrics metrics = new Metrics("1.2.3");

    private String scraped() {
        return new String(metrics.scrape("").body(), StandardCharsets.UTF_8);
    }

    @Test
    void a_fault_at_the_start_ends_nothing_but_the_shadow() {
        ShadowPart part = ShadowPart.start(
                () -> {
                    throw new IllegalStateException("broken");
                },
                metrics.shadow());

        assertThat(part).isNull();
        assertThat(scraped()).contains("exeat_shadow_problems{severity=\"error\"} 1.0");
    }

    @Test
    void what_says_that_everything_is_denied_says_that_nothing_changes(@TempDir Path directory) {
        ProviderLists lists = new ProviderLists(Clock.systemUTC());
        DirectorySource source = DirectorySource.open(List.of(directory.resolve("missing")), new InotifyWatcher());
        try (Configuration configuration = Configuration.open(source, Compilers.strict(), lists, Clock.systemUTC())) {
            ShadowPart part = ShadowPart.start(() -> configuration, metrics.shadow());

            assertThat(part.pieces().map(Object::toString))
                    .anySatisfy(piece -> assertThat(piece)
                            .contains("every connection is denied by the shadow, which changes nothing"));
        }
        assertThat(scraped()).contains("exeat_shadow_problems{severity=\"error\"} 2.0");
    }
}
