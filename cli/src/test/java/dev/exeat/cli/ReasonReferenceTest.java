package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The reference of reasons tells of each, in the order of the code, with the alert that clients get. */
class ReasonReferenceTest {
    private static final Path REFERENCE = Path.of("..", "docs", "reasons.md");

    @Test
    void tells_of_every_reason_and_its_alert() throws IOException {
        List<String> rows = Files.readAllLines(REFERENCE).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(0, line.indexOf('|', line.indexOf('|', 2) + 1)))
                .map(String::strip)
                .toList();

        assertThat(rows)
                .containsExactlyElementsOf(Arrays.stream(Reason.values())
                        .map(ReasonReferenceTest::row)
                        .toList());
    }

    private static String row(Reason reason) {
        String alert = reason.alert().name().toLowerCase(Locale.ROOT);
        return "| `" + reason.code() + "` | `" + alert + "` (" + reason.alert().code() + ")";
    }
}
