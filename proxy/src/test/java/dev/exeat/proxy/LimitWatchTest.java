package dev.exeat.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.flow.Metrics;
import dev.exeat.model.IpAddress;
import dev.exeat.model.Limit;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Reason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class LimitWatchTest {
    private final Metrics metrics = new Metrics("test");
    private final LimitWatch watch = new LimitWatch(metrics, new AtomicLong()::get);

    private static ConnectionTrace ended(Verdict verdict, Reason reason, String flag) {
        Arrival arrival = new Arrival(
                "id", ListenerKind.TUNNEL, TunnelMode.UNKNOWN, null, IpAddress.parse("192.0.2.1"), null, null);
        ConnectionTrace trace = new ConnectionTrace(arrival, 1, Instant.EPOCH);
        trace.end(verdict, reason, "", flag);
        return trace;
    }

    private String scraped() {
        return new String(metrics.scrape("").body(), StandardCharsets.UTF_8);
    }

    @Test
    void counts_what_a_limit_refused_and_what_it_ended() {
        watch.ended(ended(Verdict.DENIED, Reason.LIMIT_SOURCE, ""));
        watch.ended(ended(Verdict.DENIED, Reason.LIMIT_SOURCE, ""));
        watch.ended(ended(Verdict.ALLOWED, null, "idle"));
        watch.ended(ended(Verdict.DENIED, Reason.POLICY_DENIED, ""));

        assertThat(scraped())
                .contains("exeat_limit_hits_total{limit=\"max-connections-per-source\"} 2.0")
                .contains("exeat_limit_hits_total{limit=\"idle-timeout\"} 1.0")
                .contains("exeat_limit_hits_total{limit=\"max-connections\"} 0.0");
    }

    @Test
    void the_alert_that_refers_to_the_log_is_for_limits_that_have_a_line_there() throws Exception {
        Matcher alert = Pattern.compile("exeat_limit_hits_total\\{\\s*limit=~\"([^\"]*)\"")
                .matcher(Files.readString(Path.of("../deploy/prometheus/alerts.yaml")));

        assertThat(alert.find()).isTrue();
        assertThat(alert.group(1).split("\\|"))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Limit.values())
                        .filter(LimitWatch::isWorthALine)
                        .map(Limit::option)
                        .toList());
    }
}
