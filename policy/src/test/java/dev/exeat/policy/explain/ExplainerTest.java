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
                                + " EgressPolicy/default/builders"));
        assertFlips(policy, explanation, "a", "api.github.com");
    }

    @Test
    void removes_a_policy_whose_wildcard_denies() {
        PolicyFixture policy = of(EGRESS.formatted("Deny"));
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
}
