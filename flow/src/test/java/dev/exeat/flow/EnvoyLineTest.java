package dev.exeat.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.ConnectionRecord.Verdict;
import dev.exeat.model.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvoyLineTest {

    @Test
    void a_carried_connection_is_told_as_istios_gateways_tell_it() {
        assertThat(EnvoyLine.of(Records.record(Verdict.ALLOWED, null, "EN.wikipedia.org")))
                .isEqualTo(
                        "[2026-01-02T03:04:05.678Z] \"- - -\" 0 - - - \"PERMISSION_DENIED:x\" 10 20 0 - \"-\" \"-\" \"-\""
                                + " \"-\" \"1.2.3.4:443\" outbound|443||en.wikipedia.org - - 10.1.2.3:4567 en.wikipedia.org -");
    }

    @Test
    void what_is_not_known_is_a_hyphen() {
        assertThat(EnvoyLine.of(Records.least()))
                .isEqualTo(
                        "[2026-01-02T03:04:05.678Z] \"- - -\" 0 DPE - - \"-\" 0 0 0 - \"-\" \"-\" \"-\" \"-\" \"-\" - - -"
                                + " 10.1.2.3:4567 - -");
    }

    @ParameterizedTest
    @CsvSource({"POLICY_DENIED, UAEX", "HOST_UNKNOWN, NR", "DNS_TIMEOUT, DF", "DIAL_FAILED, UF", "LIMIT_RATE, RL"})
    void a_refusal_has_a_flag(Reason reason, String flag) {
        assertThat(EnvoyLine.of(Records.record(Verdict.DENIED, reason, "x"))).contains("\" 0 " + flag + " - - \"");
    }

    @Test
    void the_address_of_a_client_over_ipv6_stands_in_brackets() {
        assertThat(EnvoyLine.of(Records.from(new ConnectionRecord.Source(null, "2001:db8::1", 4567))))
                .contains(" - - [2001:db8::1]:4567 ");
    }

    @Test
    void a_blank_in_a_name_makes_no_second_field() {
        ConnectionRecord least = Records.least();
        ConnectionRecord record = new ConnectionRecord(
                least.id(),
                least.time(),
                least.event(),
                least.listener(),
                least.mode(),
                least.source(),
                new ConnectionRecord.Names("a b.test", null, 443),
                least.route(),
                least.ruling(),
                null,
                null,
                least.traffic(),
                least.durations());

        assertThat(EnvoyLine.of(record)).endsWith(" 10.1.2.3:4567 a?b.test -");
    }

    @Test
    void hostile_text_makes_neither_a_second_line_nor_a_second_field() {
        String line = EnvoyLine.of(Records.hostile("a\"\n[2026\u0007é"));

        assertThat(line).doesNotContain("\n", "\u0007", "a\"").contains("a??[2026??");
    }
}
