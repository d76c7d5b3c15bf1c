package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a denied connection is told to have come near to, by the kind of policy that denied it. */
class NearestMissTest {
    private static final String LIST = """
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata:
              name: known
              namespace: istio-system
            spec:
              compiledAdapter: listchecker
              params:
                overrides: [%s]
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: instance
            metadata:
              name: name
              namespace: istio-system
            spec:
              compiledTemplate: listentry
              params:
                value: connection.requested_server_name
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata:
              name: check
              namespace: istio-system
            spec:
              actions:
              - handler: known
                instances: [name]
            """;
    private static final String AUTHORIZATION = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata:
              name: allowed
              namespace: istio-system
            spec:
              action: ALLOW
              rules:
              - from:
                - source:
                    principals: ["cluster.local/ns/default/sa/a"]
                to:
                - operation:
                    ports: ["%s"]
                when:
                - key: connection.sni
                  values: ["%s"]
            """;

    private static final String EGRESS = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata:
              name: %s
              namespace: istio-system
            spec:
              action: %s
              mode: %s
              sources:
              - serviceAccounts: [default/a]
              destinations:
              - hosts: ["%s"]
            """;

    private static String egress(String name, String action, String mode, String host) {
        return EGRESS.formatted(name, action, mode, host);
    }

    private static String nearest(String yaml, String account, String host) {
        PolicyFixture policy = new PolicyFixture().yaml("policies.yaml", yaml);
        Compilation compiled = policy.compiler().compile(policy.resources());
        assertThat(compiled.problems()).noneMatch(problem -> problem.isError());
        return compiled.snapshot().nearestMiss(PolicyFixture.attempt(account, host));
    }

    @ParameterizedTest
    @CsvSource({
        "en.wikipedia.org, rule/istio-system/check: en.wikipedia.org is beside it",
        "'\"*.wikipedia.org\"', 'rule/istio-system/check: *.wikipedia.org in a list is that text, not a wildcard'",
        "wikipedia.org, rule/istio-system/check: wikipedia.org does not cover us.wikipedia.org below it",
        "example.com, ''"
    })
    void a_list_of_mixer_has_a_name_beside_it(String entry, String nearest) {
        assertThat(nearest(LIST.formatted(entry), "a", "us.wikipedia.org")).isEqualTo(nearest);
    }

    @Test
    void a_list_that_denies_what_it_has_is_near_to_nothing() {
        String blacklist = LIST.formatted("us.wikipedia.org").replace("overrides", "blacklist: true\n    overrides");
        assertThat(nearest(blacklist, "a", "us.wikipedia.org")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Allow, Enforce, us.wikipedia.org, Allow, Enforce, EgressPolicy/istio-system/second",
        "Deny, Enforce, us.wikipedia.org, Allow, Enforce, ''",
        "Deny, Audit, us.wikipedia.org, Allow, Enforce, EgressPolicy/istio-system/second",
        "Allow, Enforce, example.com, Allow, Enforce, EgressPolicy/istio-system/second",
        "Allow, Enforce, example.com, Allow, Audit, ''"
    })
    void an_egress_policy_is_near_only_where_it_would_turn_the_verdict(
            String action, String mode, String host, String nearAction, String nearMode, String nearest) {
        String first = egress("first", action, mode, host);
        String second = egress("second", nearAction, nearMode, "wikipedia.org");
        boolean permitted = action.equals("Allow") && host.equals("us.wikipedia.org");

        String told = nearest(
                first + "---\n" + (permitted ? second.replace("Allow", "Deny") : second), "a", "us.wikipedia.org");

        if (nearest.isEmpty()) {
            assertThat(told).doesNotContain("second");
        } else {
            assertThat(told).startsWith(nearest + ": ");
        }
    }

    @Test
    void what_a_stage_would_allow_that_let_pass_is_not_near_where_another_denies() {
        String near = AUTHORIZATION.formatted("443", "en.wikipedia.org");
        String passes = AUTHORIZATION.formatted("443", "us.wikipedia.org").replace("allowed", "other");
        String denies = egress("deny", "Deny", "Enforce", "us.wikipedia.org");

        assertThat(nearest(near + "---\n" + passes + "---\n" + denies, "a", "us.wikipedia.org"))
                .isEmpty();
        String unallowed = egress("narrow", "Allow", "Enforce", "wikipedia.org");
        assertThat(nearest(near + "---\n" + passes + "---\n" + unallowed, "a", "us.wikipedia.org"))
                .startsWith("EgressPolicy/istio-system/narrow: ");
    }

    @Test
    void an_allowance_is_not_near_where_an_authorization_policy_denies_by_what_it_says() {
        String near = AUTHORIZATION.formatted("443", "en.wikipedia.org");
        String denies = AUTHORIZATION
                .formatted("443", "us.wikipedia.org")
                .replace("allowed", "denied")
                .replace("ALLOW", "DENY");

        assertThat(nearest(near + "---\n" + denies, "a", "us.wikipedia.org")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "443, en.wikipedia.org, a, connection.sni",
        "444, us.wikipedia.org, a, ports",
        "444, en.wikipedia.org, a, ''", // Two fields fail.
        "443, example.com, a, ''",
        "443, en.wikipedia.org, b, ''"
    })
    void an_authorization_policy_names_the_client_and_one_field_fails_by_a_label_or_the_port(
            String port, String host, String account, String field) {
        String nearest = nearest(AUTHORIZATION.formatted(port, host), account, "us.wikipedia.org");

        if (field.isEmpty()) {
            assertThat(nearest).doesNotStartWith("AuthorizationPolicy");
        } else {
            assertThat(nearest)
                    .startsWith("AuthorizationPolicy/istio-system/allowed: ")
                    .contains(field);
        }
    }
}
