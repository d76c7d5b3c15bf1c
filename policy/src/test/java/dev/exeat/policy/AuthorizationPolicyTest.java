package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Attempt;
import dev.exeat.model.PolicyRef;
import dev.exeat.model.Problem;
import dev.exeat.model.SpiffeId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AuthorizationPolicy objects, as Istio applies them to TCP. */
final class AuthorizationPolicyTest {

    static String policy(String name, String spec) {
        return policy(name, "istio-system", "", spec);
    }

    static String policy(String name, String namespace, String annotations, String spec) {
        return """
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: %s
                  namespace: %s
                %s
                spec:%s
                """.formatted(
                        name,
                        namespace,
                        annotations.isEmpty() ? "" : "  annotations:\n    " + annotations,
                        spec.isEmpty() ? " {}" : "\n" + spec.indent(2).stripTrailing());
    }

    private static PolicyFixture of(String... policies) {
        return new PolicyFixture().yaml(String.join("\n", policies));
    }

    private static boolean allows(PolicyFixture policy, String account, String host) {
        return policy.decide(account, host) instanceof Permit;
    }

    @Test
    void an_empty_policy_allows_nothing() {
        PolicyFixture policy = of(policy("nothing", ""));

        assertThat(policy.decide("sleep", "en.wikipedia.org")).isInstanceOfSatisfying(Denial.class, denial -> {
            assertThat(denial.message())
                    .isEqualTo("no AuthorizationPolicy allows cluster.local/ns/default/sa/sleep to reach"
                            + " en.wikipedia.org:443");
            assertThat(denial.rule()).isNull();
        });
        assertThat(policy.check()).singleElement().satisfies(problem -> {
            assertThat(problem.severity()).isEqualTo(Problem.Severity.WARNING);
            assertThat(problem.code()).isEqualTo("denies-everything");
        });
    }

    @Test
    void an_empty_rule_matches_everything() {
        assertThat(allows(of(policy("all", "rules: [{}]".replace("[{}]", "\n- {}"))), "sleep", "x.test"))
                .isTrue();
        assertThat(allows(of(policy("none", "action: DENY\nrules:\n- {}")), "sleep", "x.test"))
                .isFalse();
        assertThat(allows(of(policy("never", "action: DENY")), "sleep", "x.test"))
                .isTrue();
    }

    @Test
    void a_denial_names_the_policy_and_its_rule() {
        PolicyFixture policy = of(policy("no-english", """
                action: DENY
                rules:
                - when:
                  - key: connection.sni
                    values: [de.wikipedia.org]
                - when:
                  - key: connection.sni
                    values: [en.wikipedia.org]
                """));

        assertThat(policy.decide("sleep", "en.wikipedia.org")).isInstanceOfSatisfying(Denial.class, denial -> {
            assertThat(denial.rule()).hasToString("AuthorizationPolicy/istio-system/no-english[1]");
            assertThat(denial.message())
                    .isEqualTo("AuthorizationPolicy/istio-system/no-english denies it by its rule 1");
        });
        assertThat(allows(policy, "sleep", "es.wikipedia.org")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "sleep-us, en.wikipedia.org, true",
        "sleep-us, es.wikipedia.org, true",
        "sleep-us, fr.wikipedia.org, false",
        "sleep-canada, fr.wikipedia.org, true",
        "sleep-canada, es.wikipedia.org, false",
        "sleep, en.wikipedia.org, false"
    })
    void allowances_by_service_account_deny_everybody_else(String account, String host, boolean allowed) {
        PolicyFixture policy = of(policy("by-account", """
                rules:
                - from:
                  - source:
                      principals: [cluster.local/ns/default/sa/sleep-us]
                  when:
                  - key: connection.sni
                    values: [en.wikipedia.org, es.wikipedia.org]
                - from:
                  - source:
                      principals: [cluster.local/ns/default/sa/sleep-canada]
                  when:
                  - key: connection.sni
                    values: [en.wikipedia.org, fr.wikipedia.org]
                """));

        assertThat(allows(policy, account, host)).isEqualTo(allowed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "principals: ['*']                                   | default/a | true",
                "principals: ['*']                                   |           | false",
                "principals: [cluster.local/ns/default/*]            | default/a | true",
                "principals: ['*/sa/a']                              | foo/a     | true",
                "principals: [cluster.local/ns/*/sa/a]               | foo/a     | false",
                "notPrincipals: ['*/sa/a']                           | foo/a     | false",
                "notPrincipals: ['*/sa/a']                           |           | true",
                "namespaces: [default]                               | default/a | true",
                "namespaces: [default]                               | foo/a     | false",
                "notNamespaces: [foo]                                | foo/a     | false",
                "serviceAccounts: [foo/a]                            | foo/a     | true",
                "serviceAccounts: [a]                                | foo/a     | false",
                "trustDomains: [cluster.local]                       | foo/a     | true",
                "trustDomains: [other.test]                          | foo/a     | false",
                "ipBlocks: [10.0.0.0/8]                              |           | true",
                "ipBlocks: [192.0.2.0/24]                            | foo/a     | false",
                "notIpBlocks: [10.0.0.7]                             | foo/a     | false",
                "remoteIpBlocks: [10.0.0.7]                          | foo/a     | true",
            })
    void sources_compare_what_the_certificate_and_the_socket_tell(String source, String account, boolean matches) {
        PolicyFixture policy = of(policy("p", "rules:\n- from:\n  - source:\n      " + source));

        assertThat(policy.decide(account, "x.test") instanceof Permit).isEqualTo(matches);
    }

    /** A namespace or account of a federated trust domain may have the name of one of ours. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "namespaces: [default]                                           | false | true",
                "serviceAccounts: [default/a]                                    | false | true",
                "namespaces: [default]; principals: ['*']                        | false | true",
                "namespaces: [default]; trustDomains: [partner.test]             | true  | true",
                "serviceAccounts: [default/a]; trustDomains: ['*.test']          | true  | true",
                "principals: [partner.test/ns/default/sa/a]                      | true  | true",
                "notNamespaces: [foo]                                            | true  | true",
            })
    void an_allowance_does_not_mean_a_namesake_of_another_trust_domain_and_a_denial_does(
            String source, boolean allowed, boolean denied) {
        String rules = "rules:\n- from:\n  - source:\n      " + source.replace("; ", "\n      ");
        SpiffeId namesake = SpiffeId.parse("spiffe://partner.test/ns/default/sa/a");
        Attempt usual = PolicyFixture.attempt("default/a", "x.test");
        Attempt attempt = new Attempt(
                "c-1", usual.time(), usual.listener(), namesake, usual.sourceAddress(), usual.target(), usual.hello());

        assertThat(of(policy("p", rules)).snapshot().decide(attempt) instanceof Permit)
                .isEqualTo(allowed);
        assertThat(of(policy("p", "action: DENY\n" + rules)).snapshot().decide(attempt) instanceof Denial)
                .isEqualTo(denied);
    }

    @Test
    void a_condition_of_an_allowance_does_not_mean_a_namesake_either() {
        SpiffeId namesake = SpiffeId.parse("spiffe://partner.test/ns/default/sa/a");
        Attempt usual = PolicyFixture.attempt("default/a", "x.test");
        Attempt attempt = new Attempt(
                "c-1", usual.time(), usual.listener(), namesake, usual.sourceAddress(), usual.target(), usual.hello());
        String when = "rules:\n- when:\n  - key: source.namespace\n    values: [default]\n";

        assertThat(of(policy("p", when)).snapshot().decide(attempt)).isInstanceOf(Denial.class);
        assertThat(of(policy("p", when)).snapshot().decide(usual)).isInstanceOf(Permit.class);
        assertThat(of(policy("p", when + "  - key: source.trustDomain\n    values: [partner.test]\n"))
                        .snapshot()
                        .decide(attempt))
                .isInstanceOf(Permit.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "connection.sni | values: ['*.wikipedia.org']    | en.wikipedia.org | true",
                "connection.sni | values: ['*.wikipedia.org']    | wikipedia.org    | false",
                "connection.sni | values: [EN.Wikipedia.ORG]     | en.wikipedia.org | true",
                "connection.sni | values: ['en.*']               | en.wikipedia.org | true",
                "connection.sni | values: ['*']                  | x.test           | true",
                "connection.sni | notValues: [x.test]            | x.test           | false",
                "connection.sni | notValues: [x.test]            | y.test           | true",
                "connection.sni | values: ['*.xn--bcher-kva.test'] | a.xn--bcher-kva.test | true",
                "destination.port | values: ['443']              | x.test           | true",
                "destination.port | values: ['8443']             | x.test           | false",
                "source.namespace | values: [default]            | x.test           | true",
                "source.principal | values: [cluster.local/ns/default/sa/a] | x.test | true",
                "source.ip        | values: [10.0.0.0/24]        | x.test           | true",
                "remote.ip        | notValues: [10.0.0.0/24]     | x.test           | false",
            })
    void conditions_compare_one_attribute(String key, String values, String host, boolean matches) {
        PolicyFixture policy = of(policy("p", "rules:\n- when:\n  - key: " + key + "\n    " + values));

        assertThat(allows(policy, "a", host)).isEqualTo(matches);
    }

    @Test
    void a_port_is_the_one_that_the_client_asks_for() {
        PolicyFixture policy = of(policy("p", "rules:\n- to:\n  - operation:\n      ports: ['8443']"));
        Snapshot snapshot = policy.snapshot();

        assertThat(snapshot.decide(PolicyFixture.attempt("a", "x.test", 8443))).isInstanceOf(Permit.class);
        assertThat(snapshot.decide(PolicyFixture.attempt("a", "x.test", 443))).isInstanceOf(Denial.class);
    }

    @Test
    void an_empty_list_is_as_if_not_given() {
        assertThat(allows(of(policy("p", "rules:\n- from: []\n  to: []")), "a", "x.test"))
                .isTrue();
    }

    @Test
    void what_only_http_has_makes_an_allowance_allow_nothing() {
        PolicyFixture policy = of(policy("p", "rules:\n- to:\n  - operation:\n      methods: [GET]"));

        assertThat(allows(policy, "a", "x.test")).isFalse();
        assertThat(policy.check())
                .extracting(Problem::code)
                .containsExactlyInAnyOrder("no-effect", "denies-everything");
    }

    @Test
    void what_only_http_has_makes_a_denial_deny_more() {
        PolicyFixture policy = of(policy("p", """
                action: DENY
                rules:
                - from:
                  - source:
                      namespaces: [default]
                  to:
                  - operation:
                      paths: [/admin]
                """));

        assertThat(allows(policy, "a", "x.test")).isFalse();
        assertThat(allows(policy, "foo/a", "x.test")).isTrue();
        assertThat(policy.check())
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).contains("matches whatever else it says"));
    }

    @Test
    void an_address_that_is_not_known_yet_is_handled_in_the_safe_direction() {
        String rule = "rules:\n- when:\n  - key: destination.ip\n    values: [192.0.2.1]";

        assertThat(allows(of(policy("p", rule)), "a", "x.test")).isFalse();
        assertThat(allows(of(policy("p", "action: DENY\n" + rule)), "a", "x.test"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "action: CUSTOM\nprovider:\n  name: x",
                "rules:\n- when:\n  - key: connection.snl\n    values: [x]",
                "rules:\n- when:\n  - key: connection.sni",
                "rules:\n- from:\n  - source:\n      ipBlocks: [10.0.0.0/40]",
                "rules:\n- from:\n  - source:\n      principals: ['spiffe://cluster.local/ns/a/sa/b']",
                "rules:\n- to:\n  - operation:\n      ports: ['0']",
                "rules:\n- form:\n  - source: {}",
                "selector:\n  matchLabels:\n    app: x\ntargetRefs:\n- kind: Gateway\n  name: x"
            })
    void a_policy_that_cannot_be_meant_is_refused(String spec) {
        PolicyFixture policy = of(policy("p", spec));

        assertThat(policy.check()).anyMatch(Problem::isError).allMatch(problem -> problem.object() != null);
        assertThat(policy.decide("a", "x.test")).isInstanceOf(Denial.class);
    }

    @Test
    void policies_of_other_namespaces_and_for_other_workloads_do_not_apply() {
        PolicyFixture policy = of(
                policy("elsewhere", "default", "", ""),
                policy("other", "selector:\n  matchLabels:\n    app: another"),
                policy("target", "targetRefs:\n- kind: Gateway\n  name: another"));
        DecisionTrace trace = new DecisionTrace();

        assertThat(policy.snapshot().decide(PolicyFixture.attempt("a", "x.test"), trace))
                .isInstanceOf(Permit.class);
        assertThat(trace.steps())
                .filteredOn(step -> step.stage() == DecisionTrace.Stage.AUTHORIZATION)
                .extracting(step -> step.outcome() + " " + step.detail())
                .containsExactlyInAnyOrder(
                        "SKIPPED it is for workloads of the namespace default, and the gateway is in istio-system",
                        "SKIPPED it selects workloads with the label app=another, and the gateway has "
                                + PolicyFixture.GATEWAY_APP,
                        "SKIPPED it is for another, and the gateway is " + PolicyFixture.GATEWAY_APP);
    }

    @Test
    void a_policy_for_this_gateway_applies_by_label_or_by_name() {
        assertThat(allows(
                        of(policy("l", "selector:\n  matchLabels:\n    app: " + PolicyFixture.GATEWAY_APP)),
                        "a",
                        "x.test"))
                .isFalse();
        assertThat(allows(
                        of(policy("t", "targetRefs:\n- kind: Gateway\n  name: " + PolicyFixture.GATEWAY_APP)),
                        "a",
                        "x.test"))
                .isFalse();
    }

    @Test
    void a_dry_run_changes_no_verdict_and_tells_what_it_would_have_done() {
        PolicyFixture policy =
                of(policy("try", "istio-system", "istio.io/dry-run: \"true\"", "action: DENY\nrules:\n- {}"));

        assertThat(policy.decide("a", "x.test")).isInstanceOfSatisfying(Permit.class, permit -> {
            assertThat(permit.wouldDeny()).isNotNull();
            assertThat(permit.wouldDeny().rule()).hasToString("AuthorizationPolicy/istio-system/try[0]");
        });
    }

    @Test
    void a_dry_run_of_an_allowance_would_deny_all_others() {
        PolicyFixture policy = of(policy(
                "try",
                "istio-system",
                "istio.io/dry-run: \"true\"",
                "rules:\n- when:\n  - key: connection.sni\n    values: [x.test]"));

        assertThat(((Permit) policy.decide("a", "x.test")).wouldDeny()).isNull();
        assertThat(((Permit) policy.decide("a", "y.test")).wouldDeny()).isNotNull();
    }

    @Test
    void an_audit_marks_and_does_nothing_else() {
        PolicyFixture policy = of(policy("watch", "action: AUDIT\nrules:\n- {}"));

        assertThat(policy.decide("a", "x.test")).isInstanceOfSatisfying(Permit.class, permit -> {
            assertThat(permit.marks())
                    .extracting(PolicyRef::toString)
                    .isEqualTo(List.of("AuthorizationPolicy/istio-system/watch[0]"));
            assertThat(permit.wouldDeny()).isNull();
        });
    }

    @Test
    void a_denial_comes_before_an_allowance() {
        PolicyFixture policy = of(policy("a", "rules:\n- {}"), policy("b", "action: DENY\nrules:\n- {}"));

        assertThat(policy.decide("a", "x.test")).isInstanceOf(Denial.class);
    }

    @Test
    void a_trace_tells_why_a_rule_does_not_match() {
        PolicyFixture policy =
                of(policy("p", "rules:\n- when:\n  - key: connection.sni\n    values: ['*.wikipedia.org']"));
        DecisionTrace trace = new DecisionTrace();
        Attempt attempt = PolicyFixture.attempt("a", "wikipedia.org");

        policy.snapshot().decide(attempt, trace);

        assertThat(trace.steps())
                .anySatisfy(step -> assertThat(step.detail())
                        .isEqualTo("connection.sni: \"wikipedia.org\" is none of *.wikipedia.org"));
    }
}
