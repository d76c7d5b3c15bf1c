package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Reason;
import dev.exeat.testkit.Case;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rows of Mixer's listchecker. */
final class ListCheckTest {
    private static final String PROVIDER = "\nproviderUrl: http://lists.test/x\nrefreshInterval: 5s\nttl: 10s";

    private static PolicyFixture list(String value, String params) {
        return new PolicyFixture()
                .yaml(MixerChecksTest.object("listchecker", "l", "istio-system", params)
                        + MixerChecksTest.object("listentry", "e", "istio-system", "value: '" + value + "'")
                        + MixerChecksTest.rule("r", "istio-system", "", "l.listchecker", "e.listentry"));
    }

    private static String outcome(Decision decision) {
        return decision instanceof Denial denial ? denial.message() : "OK";
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            quoteCharacter = '~',
            value = {
                "overrides: [a.test]|blacklist: true # PERMISSION_DENIED:l.istio-system:a.test is blacklisted",
                "overrides: [b.test]|blacklist: true # OK",
                "overrides: [a.test] # OK",
                "overrides: [b.test] # PERMISSION_DENIED:l.istio-system:a.test is not whitelisted",
                "overrides: [] # PERMISSION_DENIED:l.istio-system:a.test is not whitelisted",
                "overrides: []|blacklist: true # OK",
                "overrides: [*.test]|blacklist: true # OK",
                // server names are canonical, so what a list says is understood canonically too
                "overrides: [A.Test]|blacklist: true # PERMISSION_DENIED:l.istio-system:a.test is blacklisted",
                "overrides: [A.TEST]|entryType: CASE_INSENSITIVE_STRINGS # OK",
                "overrides: [A.TEST]|entry_type: 1 # OK",
                "overrides: [^a[.]]|entryType: REGEX # OK",
                "overrides: [tes]|entryType: 3 # OK",
                "overrides: [^tes]|entryType: REGEX # PERMISSION_DENIED:l.istio-system:a.test is not whitelisted",
                "overrides: [10.0.0.0/8]|entryType: IP_ADDRESSES # INVALID_ARGUMENT:l.istio-system:a.test is not a valid IP address",
            })
    void decides_about_a_name(String params, String expected) {
        Decision decision = list("connection.requested_server_name", params.replace('|', '\n'))
                .decide("sleep", "a.test");

        assertThat(outcome(decision)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "ip(\"10.1.2.3\") # 10.0.0.0/8 # OK",
                "ip(\"11.1.2.3\") # 10.0.0.0/8 # PERMISSION_DENIED:l.istio-system:11.1.2.3 is not whitelisted",
                "\"10.1.2.3\" # 10.1.2.3 # OK",
                "\"10.1.2.4\" # 10.1.2.3 # PERMISSION_DENIED:l.istio-system:10.1.2.4 is not whitelisted",
                "\"::ffff:10.1.2.3\" # 10.1.2.3 # OK",
                "\"2001:db8::1\" # 2001:db8::1 # OK",
                // an address of IPv6 alone is not the whole /32 around it
                "\"2001:db8::2\" # 2001:db8::1 # PERMISSION_DENIED:l.istio-system:2001:db8::2 is not whitelisted",
                "\"2001:db8::2\" # 2001:db8::/32 # OK",
                "source.ip # 10.0.0.7 # OK",
                "\"x\" # 10.0.0.7 # INVALID_ARGUMENT:l.istio-system:x is not a valid IP address",
                "\"\" # 10.0.0.7 # INVALID_ARGUMENT:l.istio-system: is not a valid string or IP address",
            })
    void decides_about_an_address(String value, String entry, String expected) {
        Decision decision = list(value, "entryType: IP_ADDRESSES\noverrides: ['" + entry + "']")
                .decide("sleep", "a.test");

        assertThat(outcome(decision)).isEqualTo(expected);
    }

    @Test
    void other_values_than_server_names_are_compared_as_they_are() {
        assertThat(list("source.labels[\"app\"]", "overrides: [Istio-Egressgateway-With-Sni-Proxy]\nblacklist: true")
                        .decide("sleep", "a.test"))
                .isInstanceOf(Permit.class);
    }

    @Test
    void an_empty_value_is_invalid_whatever_the_list_holds() {
        assertThat(outcome(list("\"\"", "blacklist: true").decide("sleep", "a.test")))
                .isEqualTo("INVALID_ARGUMENT:l.istio-system: is not a valid string or IP address");
    }

    private static Decision withProvider(@Nullable ListContent content) {
        return list("connection.requested_server_name", "blacklist: true\noverrides: [o.test]" + PROVIDER)
                .lists(spec -> content)
                .decide("sleep", "a.test");
    }

    private static ListContent content(Instant fetchedAt, String... entries) {
        return new ListContent(List.of(entries), fetchedAt, false);
    }

    @Test
    void a_fetched_list_adds_to_the_overrides() {
        assertThat(outcome(withProvider(content(PolicyFixture.NOW, "a.test", ""))))
                .isEqualTo("PERMISSION_DENIED:l.istio-system:a.test is blacklisted");
        assertThat(outcome(withProvider(content(PolicyFixture.NOW, "a.test\r"))))
                .isEqualTo("OK");
        assertThat(outcome(withProvider(content(PolicyFixture.NOW, "b.test")))).isEqualTo("OK");
    }

    @Test
    void a_list_that_is_missing_or_out_of_date_denies() {
        Decision missing = withProvider(null);
        Decision stale = withProvider(content(PolicyFixture.NOW.minusSeconds(11), "b.test"));
        Decision justInTime = withProvider(content(PolicyFixture.NOW.minusSeconds(10), "b.test"));

        assertThat(outcome(missing)).isEqualTo("INTERNAL:l.istio-system:the list has not been loaded");
        assertThat(outcome(stale)).isEqualTo("INTERNAL:l.istio-system:the list has not been refreshed within its ttl");
        assertThat(((Denial) stale).reason()).isEqualTo(Reason.POLICY_ERROR);
        assertThat(outcome(justInTime)).isEqualTo("OK");
    }

    @Test
    void a_changed_list_changes_the_digest_and_the_next_decision() {
        PolicyFixture policy = list("connection.requested_server_name", "blacklist: true" + PROVIDER);
        Snapshot before =
                policy.lists(spec -> content(PolicyFixture.NOW, "b.test")).snapshot();
        Snapshot after =
                policy.lists(spec -> content(PolicyFixture.NOW, "a.test")).snapshot();

        assertThat(before.decide(PolicyFixture.attempt("sleep", "a.test"))).isInstanceOf(Permit.class);
        assertThat(after.decide(PolicyFixture.attempt("sleep", "a.test"))).isInstanceOf(Denial.class);
        assertThat(after.digest()).isNotEqualTo(before.digest());
    }

    @Test
    void the_snapshot_tells_which_lists_it_wants() {
        ProviderSpec spec = list("source.ip", "entryType: IP_ADDRESSES" + PROVIDER)
                .snapshot()
                .providers()
                .iterator()
                .next();

        assertThat(spec)
                .isEqualTo(new ProviderSpec(
                        "http://lists.test/x", Duration.ofSeconds(5), Duration.ofSeconds(10), EntryType.IP_ADDRESSES));
        assertThat(spec.problemWith(List.of("10.0.0.1", "x"))).startsWith("invalid entry x: invalid CIDR address");
        assertThat(spec.problemWith(List.of("10.0.0.1", ""))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"STRINGS", "CASE_INSENSITIVE_STRINGS"})
    @Case("Y27")
    void a_name_in_u_labels_is_found_by_its_a_labels(String entryType) {
        Decision decision = list(
                        "connection.requested_server_name",
                        "overrides: [B\u00fccher.test]\nblacklist: true\nentryType: " + entryType)
                .decide("sleep", "xn--bcher-kva.test");

        assertThat(outcome(decision)).isEqualTo("PERMISSION_DENIED:l.istio-system:xn--bcher-kva.test is blacklisted");
    }
}
