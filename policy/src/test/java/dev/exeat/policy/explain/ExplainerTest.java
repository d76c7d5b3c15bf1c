package dev.exeat.policy.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Place;
import dev.exeat.policy.Denial;
import dev.exeat.policy.Permit;
import dev.exeat.policy.PolicyFixture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExplainerTest {
    private static final String EGRESS = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata:
              name: builders
              namespace: default
            spec:
              action: %s
              destinations:
              - hosts:
                - api.github.com
                - "*.wikipedia.org"
            """;

    private static Explanation explain(PolicyFixture policy, String account, String host) {
        return new Explainer(policy.compiler(), policy.resources()).explain(PolicyFixture.attempt(account, host));
    }

    private static PolicyFixture of(String yaml) {
        return new PolicyFixture().yaml("policies.yaml", yaml);
    }

    /** The changes, made, give the other verdict. */
    private static void assertFlips(PolicyFixture policy, Explanation explanation, String account, String host) {
        List<dev.exeat.model.Resource> changed = new ArrayList<>(policy.resources());
        for (Change change : explanation.changes()) {
            switch (change) {
                case Change.Add add ->
                    new PolicyFixture().yaml(add.yaml()).resources().forEach(changed::add);
                case Change.Edit edit -> {
                    changed.remove(edit.before());
                    changed.addAll(new PolicyFixture()
                            .yaml(NodeText.yaml(edit.changed().body()))
                            .resources());
                }
                case Change.Remove remove -> changed.remove(remove.before());
            }
        }
        var after = policy.compiler().compile(changed).snapshot().decide(PolicyFixture.attempt(account, host));
        assertThat(explanation.changes()).isNotEmpty();
        assertThat(after.getClass()).isNotEqualTo(explanation.decision().getClass());
    }

    @Test
    void says_what_came_nearest_and_what_would_allow_it() {
        PolicyFixture policy = of(EGRESS.formatted("Allow"));
        Explanation explanation = explain(policy, "a", "wikipedia.org");

        assertThat(explanation.sentence())
                .isEqualTo(
                        "spiffe://cluster.local/ns/default/sa/a may not reach wikipedia.org:443: no EgressPolicy allows"
                                + " spiffe://cluster.local/ns/default/sa/a to reach wikipedia.org:443.");
        assertThat(explanation.nearestMiss())
                .isEqualTo("EgressPolicy/default/builders: *.wikipedia.org does not cover wikipedia.org itself");
        assertThat(explanation.changes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.Add.class, add -> assertThat(add.yaml()).isEqualTo("""
                        apiVersion: exeat.dev/v1alpha1
                        kind: EgressPolicy
                        metadata:
                          name: allow-a-wikipedia-org
                          namespace: default
                        spec:
                          action: Allow
                          sources:
                          - serviceAccounts:
                            - a
                          destinations:
                          - hosts:
                            - wikipedia.org
                            ports:
                            - 443
                        """));
        assertFlips(policy, explanation, "a", "wikipedia.org");
    }

    @Test
    void names_the_place_of_each_policy() {
        Explanation explanation = explain(of(EGRESS.formatted("Allow")), "a", "api.github.com");

        assertThat(explanation.decision()).isInstanceOf(Permit.class);
        assertThat(explanation.steps())
                .filteredOn(step -> step.step().rule() != null)
                .extracting(Explanation.PlacedStep::place)
                .contains(new Place("policies.yaml", 1, 1));
    }

    @Test
    void takes_one_host_off_a_list_that_denies() {
        PolicyFixture policy = of(EGRESS.formatted("Deny"));
        Explanation explanation = explain(policy, "a", "api.github.com");

        assertThat(explanation.changes())
                .singleElement()
                .satisfies(change -> assertThat(change.summary())
                        .isEqualTo("take api.github.com off spec.destinations[0].hosts[0] of"
                                + " EgressPolicy/default/builders, for every client that it selects"));
        assertFlips(policy, explanation, "a", "api.github.com");
    }

    @Test
    void removes_a_policy_whose_wildcard_denies() {
        PolicyFixture policy = of(EGRESS.formatted("Deny").replace("    - api.github.com\n", ""));
        Explanation explanation = explain(policy, "a", "en.wikipedia.org");

        assertThat(explanation.changes()).singleElement().isInstanceOf(Change.Remove.class);
        assertFlips(policy, explanation, "a", "en.wikipedia.org");
    }

    @Test
    void an_allowed_attempt_is_flipped_by_a_denial() {
        PolicyFixture policy = of(EGRESS.formatted("Allow"));
        Explanation explanation = explain(policy, "a", "api.github.com");

        assertThat(explanation.changes()).singleElement().isInstanceOf(Change.Add.class);
        assertFlips(policy, explanation, "a", "api.github.com");
    }

    @Test
    void several_denials_take_several_changes() {
        PolicyFixture policy = of(EGRESS.formatted("Allow")).registryOnly();
        Explanation explanation = explain(policy, "a", "x.test");

        assertThat(explanation.changes())
                .extracting(change -> change.object().kind())
                .containsExactly("ServiceEntry", "EgressPolicy");
        assertFlips(policy, explanation, "a", "x.test");
    }

    @Test
    void the_list_of_a_mixer_handler_is_what_changes() {
        PolicyFixture policy = new PolicyFixture().sample("sni-wikipedia.yaml");
        Explanation explanation = explain(policy, "sleep", "en.wikipedia.org");

        assertThat(explanation.decision()).isInstanceOf(Denial.class);
        assertThat(explanation.changes()).singleElement().isInstanceOf(Change.Edit.class);
        assertFlips(policy, explanation, "sleep", "en.wikipedia.org");
    }

    @Test
    void an_authorization_policy_that_lacks_a_rule_gets_company() {
        PolicyFixture policy = of("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: nothing
                  namespace: istio-system
                spec: {}
                """);
        Explanation explanation = explain(policy, "a", "x.test");

        assertThat(explanation.changes())
                .singleElement()
                .satisfies(change -> assertThat(change.object().kind()).isEqualTo("AuthorizationPolicy"));
        assertFlips(policy, explanation, "a", "x.test");
    }

    @Test
    void what_ended_is_allowed_anew_and_not_by_taking_the_policy_away() {
        PolicyFixture policy = of(EGRESS.formatted("Allow\n  until: \"2026-01-31\""));
        Explanation explanation = explain(policy, "a", "api.github.com");

        assertThat(explanation.changes()).singleElement().isInstanceOf(Change.Add.class);
        assertThat(explanation.nearestMiss()).contains("ended on 2026-02-01");
        assertFlips(policy, explanation, "a", "api.github.com");
    }

    @Test
    void a_client_is_taken_off_a_list_rather_than_the_denial_of_all() {
        PolicyFixture policy = of("""
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata:
                  name: none
                  namespace: istio-system
                spec:
                  action: Deny
                  sources:
                  - serviceAccounts:
                    - default/a
                    - default/b
                  destinations:
                  - hosts:
                    - "*"
                """);
        Explanation explanation = explain(policy, "a", "x.test");

        assertThat(explanation.changes())
                .singleElement()
                .satisfies(change -> assertThat(change.summary()).startsWith("take default/a off spec.sources[0]"));
        assertFlips(policy, explanation, "a", "x.test");
    }

    @Test
    void nothing_is_proposed_against_a_broken_policy_but_to_mend_it() {
        PolicyFixture policy = of(EGRESS.formatted("Deny")
                .replace("- api.github.com", "- hostless")
                .replace("hosts:", "hostSets:")
                .replace("- \"*.wikipedia.org\"", ""));

        assertThat(explain(policy, "a", "x.test").changes()).isEmpty();
    }

    @Test
    void what_is_only_watched_is_allowed_without_enforcing_anything() {
        PolicyFixture policy = of(EGRESS.formatted("Allow\n  mode: Audit"));
        Explanation explanation = explain(policy, "a", "x.test");
        assertThat(((Permit) explanation.decision()).wouldDeny()).isNotNull();

        PolicyFixture changed = of(EGRESS.formatted("Allow\n  mode: Audit"));
        for (Change change : explanation.changes()) {
            changed.yaml(((Change.Add) change).yaml());
        }
        assertThat(explanation.changes()).singleElement();
        assertThat(((Permit) explain(changed, "a", "x.test").decision()).wouldDeny())
                .isNull();
        assertThat(explain(changed, "a", "y.test").decision()).isInstanceOf(Permit.class);
    }

    @Test
    void an_authorization_policy_on_trial_gets_company_on_trial() {
        PolicyFixture policy = of("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: nothing
                  namespace: istio-system
                  annotations:
                    istio.io/dry-run: "true"
                spec: {}
                """);
        Explanation explanation = explain(policy, "a", "x.test");

        assertThat(explanation.changes())
                .singleElement()
                .isInstanceOfSatisfying(
                        Change.Add.class, add -> assertThat(add.yaml()).contains("istio.io/dry-run: \"true\""));
    }

    @Test
    void an_authorization_policy_that_denies_excepts_the_client_and_host_alone() {
        for (String from : List.of("", """
                  from:
                  - source:
                      namespaces:
                      - default
                  - source:
                      principals:
                      - "*"
                """.indent(2))) {
            PolicyFixture policy = of("""
                    apiVersion: security.istio.io/v1
                    kind: AuthorizationPolicy
                    metadata:
                      name: none
                      namespace: istio-system
                    spec:
                      action: DENY
                      rules:
                      - to:
                        - operation:
                            ports: ["443"]
                    %s""".formatted(from));
            Explanation explanation = explain(policy, "a", "x.test");

            assertFlips(policy, explanation, "a", "x.test");
            assertThat(explanation.changes()).singleElement().isInstanceOfSatisfying(Change.Edit.class, edit -> {
                assertThat(edit.summary()).contains("except cluster.local/ns/default/sa/a to x.test");
                var changed = policy.compiler().compile(List.of(edit.changed())).snapshot();
                assertThat(changed.decide(PolicyFixture.attempt("a", "y.test"))).isInstanceOf(Denial.class);
                assertThat(changed.decide(PolicyFixture.attempt("b", "x.test"))).isInstanceOf(Denial.class);
            });
        }
    }

    @Test
    void what_a_wider_change_allows_beside_is_said() {
        String alone = explain(
                        of(EGRESS.formatted("Deny").replace("    - api.github.com\n", "")), "a", "en.wikipedia.org")
                .changes()
                .getFirst()
                .summary();
        assertThat(alone)
                .isEqualTo("remove EgressPolicy/default/builders; it knows no exceptions, so this allows all that it"
                        + " denies: *.wikipedia.org for every client in its reach");

        PolicyFixture listed = of(EGRESS.formatted("Deny\n  sources:\n  - namespaces:\n    - default"));
        assertThat(explain(listed, "a", "en.wikipedia.org").changes())
                .singleElement()
                .satisfies(change -> assertThat(change.summary())
                        .isEqualTo("take *.wikipedia.org off spec.destinations[0].hosts[1] of"
                                + " EgressPolicy/default/builders, for every client that it selects"));
    }

    @Test
    void a_denial_that_nearly_matched_is_told_of_what_is_allowed() {
        Explanation explanation = explain(of(EGRESS.formatted("Deny")), "a", "wikipedia.org");

        assertThat(explanation.decision()).isInstanceOf(Permit.class);
        assertThat(explanation.nearestMiss())
                .isEqualTo("EgressPolicy/default/builders: *.wikipedia.org does not cover wikipedia.org itself");
        assertThat(explain(of(EGRESS.formatted("Deny")), "a", "api.github.com").nearestMiss())
                .isEmpty();
    }

    @Test
    void words_of_a_policy_do_not_make_it_near() {
        PolicyFixture policy =
                new PolicyFixture().sample("sni-wikipedia.yaml").yaml("""
                        apiVersion: config.istio.io/v1alpha2
                        kind: rule
                        metadata:
                          name: a-rule
                          namespace: istio-system
                        spec:
                          match: (source.name | "") == "does not cover, but ended on, but not port, alone, not"
                          actions:
                          - handler: wikipedia-checker
                            instances:
                            - requested-server-name
                        """).yaml(EGRESS.formatted("Allow"));
        Explanation explanation = explain(policy, "a", "github.com");

        assertThat(explanation.steps()).anyMatch(step -> step.step().detail().contains("does not cover"));
        assertThat(explanation.nearestMiss()).doesNotContain("a-rule").contains("is needed");
    }
}
