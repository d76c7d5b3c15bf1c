package dev.exeat.flow.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.exeat.flow.profile.LogProfile;
import java.net.URI;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTargetTest {
    @Test
    void reads_each_form() {
        assertThat(LogTarget.parse("-")).isEqualTo(new LogTarget.StandardOutput());
        assertThat(LogTarget.parse("/var/log/a=b")).isEqualTo(new LogTarget.File(Path.of("/var/log/a=b")));
        assertThat(LogTarget.parse("sealed:/var/lib/audit")).isEqualTo(new LogTarget.Sealed(Path.of("/var/lib/audit")));
        assertThat(LogTarget.parse("syslog:unix:/dev/log")).isEqualTo(new LogTarget.SyslogSocket(Path.of("/dev/log")));
        assertThat(LogTarget.parse("syslog:udp://[2001:db8::1]:514"))
                .isEqualTo(new LogTarget.SyslogUdp("2001:db8::1", 514));
        assertThat(LogTarget.parse("syslog:tcp://logs.test:601")).isEqualTo(new LogTarget.SyslogTcp("logs.test", 601));
        assertThat(LogTarget.parse("otlp:http://127.0.0.1:4318"))
                .isEqualTo(new LogTarget.Collector(URI.create("http://127.0.0.1:4318/v1/logs")));
        assertThat(LogTarget.parse("otlp:https://collector.test/own/logs"))
                .isEqualTo(new LogTarget.Collector(URI.create("https://collector.test/own/logs")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sealed:",
                "syslog:",
                "syslog:unix:",
                "syslog:/dev/log",
                "syslog:tcp://logs.test",
                "syslog:tcp://logs.test:0",
                "syslog:tcp://logs.test:65536",
                "syslog:tcp://logs.test:601/path",
                "syslog:tcp://me@logs.test:601",
                "syslog:tls://logs.test:601",
                "otlp:",
                "otlp:grpc://collector.test:4317",
                "otlp:http://me:secret@collector.test",
                "otlp:http://collector.test?a=b",
                "otlp:http://[::1"
            })
    void says_of_anything_else_what_it_may_be(String text) {
        assertThatThrownBy(() -> LogTarget.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("syslog:tcp://HOST:PORT");
    }

    @Test
    void a_collector_takes_one_profile() {
        LogTarget collector = LogTarget.parse("otlp:http://127.0.0.1:4318");

        assertThat(new LogChoice("a", LogProfile.OTEL, collector).target()).isEqualTo(collector);
        assertThatThrownBy(() -> new LogChoice("a", LogProfile.ECS, collector))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("otel");
    }
}
