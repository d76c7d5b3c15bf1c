package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Enforcement;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import dev.exeat.testkit.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class RegistryTest {

    static String entry(String name, String hosts, String rest) {
        return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: %s
                  namespace: default
                spec:
                  hosts: [%s]
                %s
                """.formatted(name, hosts, rest.indent(2).stripTrailing());
    }

    static String tls(int port) {
        return "ports:\n- number: " + port + "\n  name: tls\n  protocol: TLS";
    }

    private static PolicyFixture wikipedia() {
        return new PolicyFixture().registryOnly().yaml(entry("wikipedia", "*.wikipedia.org", tls(443)));
    }

    @ParameterizedTest
    @CsvSource({
        "en.wikipedia.org, 443, true", "a.b.wikipedia.org, 443, true", "wikipedia.org, 443, false",
        "evilwikipedia.org, 443, false", "en.wikipedia.org, 8443, false", "en.wikipedia.org.evil.test, 443, false"
    })
    void only_known_hosts_and_ports_exist(String host, int port, boolean known) {
        Decision decision = wikipedia().snapshot().decide(PolicyFixture.attempt("sleep", host, port));

        assertThat(decision instanceof Permit).isEqualTo(known);
        if (decision instanceof Denial denial) {
            assertThat(denial.reason()).isEqualTo(Reason.HOST_UNKNOWN);
            assertThat(denial.message()).isEqualTo("no ServiceEntry admits " + host + ":" + port);
        }
    }

    @Test
    void what_is_exported_to_a_namespace_is_not_exported_to_its_namesake_in_another_trust_domain() {
        PolicyFixture policy = new PolicyFixture()
                .registryOnly()
                .yaml(entry("ours", "ours.test", "exportTo: [\".\"]\n" + tls(443)))
                .yaml(entry("all", "all.test", tls(443)));
        SpiffeId foreign = SpiffeId.ofServiceAccount("other.test", "default", "sleep");

        assertThat(policy.decide("sleep", "ours.test")).isInstanceOf(Permit.class);
        assertThat(policy.snapshot().decide(PolicyFixture.attempt(foreign, "ours.test", 443)))
                .isInstanceOf(Denial.class);
        assertThat(policy.snapshot().decide(PolicyFixture.attempt(foreign, "all.test", 443)))
                .isInstanceOf(Permit.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "wikipedia.org # 443 # ServiceEntry/default/wikipedia covers *.wikipedia.org, which does not include wikipedia.org itself; a ServiceEntry with hosts: [wikipedia.org] and ports: [{number: 443, name: tls-443, protocol: TLS}] would admit it",
                "en.wikipedia.org # 8443 # ServiceEntry/default/wikipedia covers the host, but not port 8443 (only 443); a ServiceEntry with hosts: [en.wikipedia.org] and ports: [{number: 8443, name: tls-8443, protocol: TLS}] would admit it",
                "x.test # 443 # a ServiceEntry with hosts: [x.test] and ports: [{number: 443, name: tls-443, protocol: TLS}] would admit it",
            })
    void a_denial_says_what_would_admit_the_host(String host, int port, String hint) {
        Decision decision = wikipedia().snapshot().decide(PolicyFixture.attempt("sleep", host, port));

        assertThat(((Denial) decision).hint()).isEqualTo(hint);
    }

    @Test
    void a_port_in_clear_does_not_admit_tls() {
        PolicyFixture policy = new PolicyFixture()
                .registryOnly()
                .yaml(entry("deb", "deb.test", "ports:\n- number: 80\n  name: http\n  protocol: HTTP"));

        Decision decision = policy.snapshot().decide(PolicyFixture.attempt("sleep", "deb.test", 80));

        assertThat(((Denial) decision).hint())
                .startsWith("ServiceEntry/default/deb covers the host, but its port 80 is declared HTTP, not TLS;");
    }

    @Test
    void the_more_specific_entry_is_named_and_the_wider_one_lends_its_ports() {
        PolicyFixture policy = new PolicyFixture()
                .registryOnly()
                .yaml(entry("a-wide", "*.test", tls(8443))
                        + entry("b-narrow", "*.x.test", tls(443))
                        + entry("c-exact", "a.x.test", tls(443)));
        Snapshot snapshot = policy.snapshot();

        assertThat(snapshot.decide(PolicyFixture.attempt("sleep", "a.x.test")))
                .isInstanceOfSatisfying(
                        Permit.class,
                        permit -> assertThat(permit.rule()).hasToString("ServiceEntry/default/c-exact[0]"));
        assertThat(snapshot.decide(PolicyFixture.attempt("sleep", "b.x.test")))
                .isInstanceOfSatisfying(
                        Permit.class,
                        permit -> assertThat(permit.rule()).hasToString("ServiceEntry/default/b-narrow[0]"));
        assertThat(snapshot.decide(PolicyFixture.attempt("sleep", "a.x.test", 8443)))
                .isInstanceOf(Permit.class);
    }

    @ParameterizedTest
    @CsvSource({
        "'.', default/a, true",
        "'.', foo/a, false",
        "'.', , false",
        "'*', foo/a, true",
        "'*', , true",
        "foo, foo/a, true",
        "foo, default/a, false",
        "'~', default/a, false"
    })
    void export_limits_who_sees_an_entry(String exportTo, String account, boolean visible) {
        PolicyFixture policy = new PolicyFixture()
                .registryOnly()
                .yaml(entry("e", "a.test", tls(443) + "\nexportTo: ['" + exportTo + "']"));

        Decision decision = policy.decide(account, "a.test");

        assertThat(decision instanceof Permit).isEqualTo(visible);
        if (decision instanceof Denial denial) {
            assertThat(denial.hint()).contains("is not exported to");
        }
    }

    @Test
    @Case("Y27")
    void hosts_of_the_configuration_may_be_in_any_case_or_in_u_labels() {
        PolicyFixture policy = new PolicyFixture().registryOnly().yaml(entry("e", "M\u00dcNCHEN.Test", tls(443)));

        assertThat(policy.decide("sleep", "xn--mnchen-3ya.test")).isInstanceOf(Permit.class);
    }

    @ParameterizedTest
    @EnumSource(Enforcement.class)
    void the_registry_holds_in_every_mode(Enforcement mode) {
        assertThat(wikipedia().enforcement(mode).decide("sleep", "x.test")).isInstanceOf(Denial.class);
    }

    @Test
    void without_entries_nothing_is_known_and_any_host_where_that_is_asked_for() {
        assertThat(new PolicyFixture().registryOnly().decide("sleep", "a.test")).isInstanceOf(Denial.class);
        assertThat(new PolicyFixture().decide("sleep", "a.test"))
                .isInstanceOfSatisfying(
                        Permit.class, permit -> assertThat(permit.rule()).isNull());
    }
}
