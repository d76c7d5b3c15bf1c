package dev.exeat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final PrintStream NOWHERE =
            new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
    private static final Console CONSOLE = new Console(InputStream.nullInputStream(), NOWHERE, NOWHERE, false, false);

    @Test
    void is_measured_by_the_places_that_were_passed_where_few_of_them_are_wanted() {
        try (Progress progress = new Progress(CONSOLE, 1_000, "records")) {
            progress.at(900);
            assertThat(progress.text()).isEqualTo("  0 % of 100 records");
            progress.at(950);
            assertThat(progress.text()).isEqualTo(" 50 % of 100 records");
            progress.at(1_000);
            progress.at(920);
            assertThat(progress.text()).isEqualTo("100 % of 100 records");
        }
    }

    @Test
    void is_a_count_where_nobody_knows_how_much_there_is() {
        try (Progress progress = new Progress(CONSOLE, 0, "pairs")) {
            progress.add(3);
            progress.add(4);
            assertThat(progress.text()).isEqualTo("7 pairs");
        }
    }
}
