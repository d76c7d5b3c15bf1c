package dev.exeat.control.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.control.access.Authorizer.Reach;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlowLinesTest {
    private long now;
    private Reach reach = new Reach(false, Set.of("default", "other"));
    private int flushes;
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream() {
        @Override
        public void flush() {
            flushes++;
        }
    };
    private FlowLines lines;

    @BeforeEach
    void begin() throws IOException {
        lines = new FlowLines(sent, new Sight(() -> reach, () -> now), () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private static byte[] line(String text) {
        return (text + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    private String sent() {
        return sent.toString(StandardCharsets.US_ASCII);
    }

    @Test
    void the_head_leaves_at_once() {
        assertThat(flushes).isEqualTo(1);
    }

    @Test
    void an_empty_line_is_sent_where_nothing_is_for_long() {
        pass(Duration.ofSeconds(4));
        assertThat(lines.goesOn()).isTrue();
        assertThat(sent()).isEmpty();

        pass(Duration.ofSeconds(2));
        assertThat(lines.goesOn()).isTrue();
        assertThat(sent()).isEqualTo("\n");

        lines.write("default", line("a"));
        pass(Duration.ofSeconds(6));
        assertThat(lines.goesOn()).isTrue();
        assertThat(sent()).isEqualTo("\na\n");
    }

    @Test
    void what_a_caller_may_see_no_more_is_not_sent() throws IOException {
        lines.write("default", line("a"));
        lines.write("elsewhere", line("b"));
        reach = new Reach(false, Set.of("other"));
        pass(Duration.ofSeconds(2));
        assertThat(lines.goesOn()).isTrue();
        lines.write("default", line("c"));
        lines.write("other", line("d"));
        lines.end();

        assertThat(sent()).isEqualTo("a\nd\n");
    }

    @Test
    void an_answer_is_not_whole_to_whom_may_see_nothing_any_more() {
        reach = new Reach(false, Set.of());
        pass(Duration.ofSeconds(2));

        assertThat(lines.goesOn()).isFalse();
        assertThatThrownBy(lines::end).isInstanceOf(IOException.class);
    }
}
