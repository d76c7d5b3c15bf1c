package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class WriterReportTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(WriterReport.class);
    private final ListAppender<ILoggingEvent> heard = new ListAppender<>();
    private long nanos = -5;
    private final WriterReport report = new WriterReport("here", () -> nanos);

    @BeforeEach
    void listen() {
        heard.start();
        logger.addAppender(heard);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(heard);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private List<String> said() {
        return heard.list.stream()
                .filter(event -> event.getKeyValuePairs().toString().contains("sink=\"here\""))
                .map(event -> event.getLevel() + " " + event.getKeyValuePairs().get(1).value)
                .toList();
    }

    @Test
    void says_a_fault_once_until_the_sink_works_again() {
        for (int i = 0; i < 100; i++) {
            report.failed(new IOException("full"));
            pass(Duration.ofSeconds(60));
        }
        report.works();
        report.works();

        assertThat(heard.list).extracting(event -> event.getLevel().toString()).containsExactly("ERROR", "INFO");
        assertThat(heard.list.getFirst().getKeyValuePairs().toString()).contains("cause=\"java.io.IOException: full\"");
    }

    @Test
    void a_sink_that_comes_and_goes_is_said_at_most_every_ten_seconds() {
        for (int i = 0; i < 100; i++) {
            report.failed(new IOException("full"));
            report.works();
            pass(Duration.ofMillis(199));
        }

        assertThat(heard.list.stream()
                        .filter(event -> event.getLevel().toString().equals("ERROR")))
                .hasSize(2);
    }

    @Test
    void a_fault_that_lasts_is_said_although_it_began_too_soon_after_another() {
        report.failed(new IOException("full"));
        report.works();
        pass(Duration.ofSeconds(1));
        report.failed(new IOException("full"));
        pass(Duration.ofSeconds(9));
        report.failed(new IOException("gone"));
        report.failed(new IOException("gone"));
        report.works();

        assertThat(heard.list)
                .extracting(event -> event.getLevel().toString())
                .containsExactly("ERROR", "INFO", "ERROR", "INFO");
    }

    @Test
    void says_drops_at_most_every_ten_seconds_and_leaves_none_unsaid() {
        report.dropped(0);
        report.dropped(3);
        pass(Duration.ofSeconds(9));
        report.dropped(10);
        pass(Duration.ofSeconds(1));
        report.dropped(11);
        report.dropped(12);
        report.ended(20);
        report.ended(20);

        assertThat(said()).containsExactly("WARN 3", "WARN 8", "WARN 9");
    }

    @Test
    void what_is_neglected_is_said_once_apart_from_what_is_written() {
        report.neglected(new IOException("locked"));
        report.works();
        report.neglected(new IOException("locked"));
        report.tended();
        report.tended();

        assertThat(heard.list).extracting(event -> event.getLevel().toString()).containsExactly("ERROR", "INFO");
        assertThat(heard.list.getFirst().getMessage())
                .contains("cannot be pruned")
                .doesNotContain("dropped");
    }
}
