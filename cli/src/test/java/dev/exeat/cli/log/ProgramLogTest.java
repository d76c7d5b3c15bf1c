package dev.exeat.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.exeat.cli.settings.LogFormat;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class ProgramLogTest {

    @Test
    void writes_time_level_message_and_keys_for_people() {
        String line = logged(
                LogFormat.TEXT,
                false,
                log -> log.atInfo()
                        .addKeyValue("file", "a b.yaml")
                        .addKeyValue("took", Duration.ofMillis(5))
                        .log("took up policies"));

        assertThat(line)
                .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  took up policies file=\"a b.yaml\" took=PT0.005S\n");
    }

    @Test
    void lets_no_peer_write_a_line_of_its_own() {
        String line = logged(
                LogFormat.TEXT,
                false,
                log -> log.atWarn()
                        .addKeyValue("sni", "a\n12:00:00 INFO forged \u001b[2J")
                        .log("refused\r\nforged"));

        assertThat(line).endsWith("refused\\u000d\\u000aforged sni=\"a\\u000a12:00:00 INFO forged \\u001b[2J\"\n");
        assertThat(line.chars().filter(c -> c == '\n').count()).isOne();
    }

    @Test
    void writes_json_for_machines() {
        String line = logged(
                LogFormat.JSON,
                false,
                log -> log.atError()
                        .addKeyValue("count", 3)
                        .addKeyValue("name", "\"\n")
                        .setCause(new IllegalStateException("broken"))
                        .log("it broke"));

        assertThat(line)
                .contains("\"level\":\"error\"")
                .contains("\"message\":\"it broke\"")
                .contains("\"count\":3")
                .contains("\"name\":\"\\\"\\n\"")
                .contains("\"error\":\"java.lang.IllegalStateException: broken\\n")
                .endsWith("}\n");
        assertThat(line.chars().filter(c -> c == '\n').count()).isOne();
    }

    @Test
    void colours_the_level_alone() {
        assertThat(logged(LogFormat.TEXT, true, log -> log.error("no"))).contains("\u001b[31mERROR\u001b[0m no\n");
    }

    @Test
    void leaves_out_what_is_below_info() {
        assertThat(logged(LogFormat.TEXT, false, log -> log.debug("detail"))).isEmpty();
    }

    private static String logged(LogFormat format, boolean coloured, Consumer<Logger> what) {
        LoggerContext context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProgramLog.install(context, out, format, coloured);
        what.accept(context.getLogger("test"));
        context.stop();
        return out.toString(StandardCharsets.UTF_8);
    }
}
