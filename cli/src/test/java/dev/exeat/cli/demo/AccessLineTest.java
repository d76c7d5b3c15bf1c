package dev.exeat.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class AccessLineTest {
    private static final Workload SLEEP_US = new Workload("sleep-us", "127.0.0.1:1", Map.of());
    private static final Workload SLEEP = new Workload("sleep", "127.0.0.1:1", Map.of());
    private static final String LINE = """
            {"level":"info","time":"2019-01-10T17:33:55.559093Z","instance":"egress-access.instance.istio-system",\
            "connectionEvent":"open","destinationApp":"","requestedServerName":"en.wikipedia.org",\
            "source":"istio-egressgateway-with-sni-proxy","sourceNamespace":"default",\
            "sourcePrincipal":"cluster.local/ns/default/sa/sleep-us",\
            "sourceWorkload":"istio-egressgateway-with-sni-proxy"}""";

    @Test
    void knows_the_line_that_istio_printed() {
        assertThat(AccessLine.tells(LINE, SLEEP_US, Site.ENGLISH)).isTrue();
    }

    @Test
    void is_strict_about_everything_but_the_time() {
        assertThat(AccessLine.tells(LINE, SLEEP, Site.ENGLISH)).isFalse();
        assertThat(AccessLine.tells(LINE, SLEEP_US, Site.GERMAN)).isFalse();
        assertThat(AccessLine.tells(LINE + " ", SLEEP_US, Site.ENGLISH)).isFalse();
        assertThat(AccessLine.tells(LINE.replace("093Z", "09Z"), SLEEP_US, Site.ENGLISH))
                .isFalse();
        assertThat(AccessLine.tells(LINE.replace("open", "close"), SLEEP_US, Site.ENGLISH))
                .isFalse();
        assertThat(AccessLine.tells("", SLEEP_US, Site.ENGLISH)).isFalse();
    }
}
