package dev.exeat.flow.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.flow.query.FlowFilter.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlowFilterTest {
    private static final Flow FLOW = new FlowReader().read("""
                    {"version":1,"time":"2026-01-02T03:04:05.000006Z","id":"abc-7","event":"final","listener":"tunnel",\
                    "mode":"connect-h2","identity":"spiffe://cluster.local/ns/default/sa/sleep-us","namespace":"default",\
                    "service_account":"sleep-us","source_address":"10.0.0.7","source_port":4711,\
                    "sni":"en.wikipedia.org","connect_name":"en.wikipedia.org","port":443,"verdict":"allowed",\
                    "would_verdict":"denied","would_reason":"policy_denied",\
                    "rule":{"kind":"EgressPolicy","namespace":"default","name":"sleep","index":1},\
                    "policy_digest":"0123456789abcdef",\
                    "hello":{"tls_versions":["TLSv1.3","TLSv1.2"],"alpn":["h2"],"ech":false,"post_quantum":true,"size":9},\
                    "bytes_received":3,"bytes_sent":4,"flag":"idle","durations_us":{"total":1500}}""");

    @ParameterizedTest
    @CsvSource({
        "IDENTITY, spiffe://cluster.local/ns/default/sa/sleep-us, true",
        "IDENTITY, default/sleep-us, true",
        "IDENTITY, default/*, true",
        "IDENTITY, default, false",
        "NAMESPACE, default, true",
        "NAMESPACE, def, false",
        "HOST, en.wikipedia.org, true",
        "HOST, *.wikipedia.org, true",
        "HOST, *.en.wikipedia.org, false",
        "PORT, 443, true",
        "PORT, 44, false",
        "VERDICT, allowed, true",
        "VERDICT, would-deny, true",
        "VERDICT, denied, false",
        "REASON, policy_denied, true",
        "RULE, sleep, true",
        "RULE, default/sleep, true",
        "RULE, EgressPolicy/default/sleep, true",
        "RULE, EgressPolicy, false",
        "POLICY, 0123, true",
        "POLICY, 123, false",
        "ECH, false, true",
        "PQ, true, true",
        "TLS, TLSv1.2, true",
        "TLS, TLSv1.1, false",
        "EVENT, final, true",
        "EVENT, open, false",
        "FLAG, idle, true",
        "ADDRESS, 10.0.0.*, true",
        "ID, abc-7, true",
    })
    void holds_a_value_against_a_field(FlowField field, String value, boolean fits) {
        assertThat(FlowFilter.ALL
                        .and(Condition.of(field, List.of(value), false))
                        .test(FLOW))
                .isEqualTo(fits);
        assertThat(FlowFilter.ALL.and(Condition.of(field, List.of(value), true)).test(FLOW))
                .isEqualTo(!fits);
        assertThat(FlowFilter.ALL
                        .and(Condition.of(field, List.of("nothing", value), false))
                        .test(FLOW))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "denied, address_forbidden, denied, true",
        "denied, address_forbidden, would-deny, false",
        "failed, dial_failed, failed, true",
        "failed, dial_failed, would-deny, false"
    })
    void what_was_stopped_is_not_what_an_audit_let_pass(String verdict, String reason, String asked, boolean fits) {
        Flow stopped = new FlowReader()
                .read(FLOW.line()
                        .replace(
                                "\"verdict\":\"allowed\"",
                                "\"verdict\":\"" + verdict + "\",\"reason\":\"" + reason + "\""));

        assertThat(FlowFilter.ALL
                        .and(Condition.of(FlowField.VERDICT, List.of(asked), false))
                        .test(stopped))
                .isEqualTo(fits);
        assertThat(stopped.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "2026-01-02T03:04:05.000006Z, -, true",
                "2026-01-02T03:04:05.000007Z, -, false",
                "-, 2026-01-02T03:04:05.000006Z, false",
                "-, 2026-01-02T03:04:05.000007Z, true"
            })
    void a_span_has_its_beginning_but_not_its_end(Instant since, Instant until, boolean fits) {
        assertThat(FlowFilter.ALL.between(since, until).test(FLOW)).isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '', true",
        "*, '', true",
        "*, abc, true",
        "a*c, abbc, true",
        "a*c, abcd, false",
        "*b*, abc, true",
        "**, x, true",
        "a, '', false",
        "'', a, false",
        "*.a.test, a.test, false",
        "*ab, aab, true"
    })
    void a_star_stands_for_any_text(String glob, String text, boolean fits) {
        assertThat(new Glob(glob).matches(text)).isEqualTo(fits);
    }
}
