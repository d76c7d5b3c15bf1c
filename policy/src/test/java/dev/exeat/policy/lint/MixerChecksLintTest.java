package dev.exeat.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.policy.PolicyFixture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MixerChecksLintTest {
    private static final String OBJECTS = """
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata:
              name: no
              namespace: istio-system
            spec:
              compiledAdapter: denier
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: instance
            metadata:
              name: nothing
              namespace: istio-system
            spec:
              compiledTemplate: checknothing
            """;
    private static final String RULE = """
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata:
              name: %s
              namespace: istio-system
            spec:
              match: >-
                %s
              actions:
                - handler: no
                  instances: [nothing]
            """;

    private static Linting rule(String match) {
        return new Linting().with(OBJECTS).with(RULE.formatted("a", match));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "(source.principal | \"\") == \"a\" && (source.principal | \"\") == \"b\" ~ source.principal would have to"
                        + " be both \"a\" and \"b\"",
                "source.namespace == \"a\" && source.namespace != \"a\" ~ would have to be \"a\" and not to be",
                "context.protocol == \"http\" ~ context.protocol is always \"tcp\"",
                "source.labels[\"app\"] == \"another\" ~ the gateway has the label app="
                        + "istio-egressgateway-with-sni-proxy, not app=another",
                "source.labels[\"tier\"] == \"x\" ~ the gateway has no label tier",
                "destination.labels[\"app\"] == \"x\" ~ destinations have no labels here",
                "false && source.namespace == \"a\" ~ false is one of its conditions",
            })
    void tells_of_a_match_that_cannot_be_true(String match, String why) {
        assertThat(rule(match).findings("never-matches"))
                .singleElement()
                .asString()
                .startsWith("rule/istio-system/a spec.match: the rule never matches, so it has no effect: ")
                .contains(why);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source.namespace == \"a\" || source.namespace == \"b\"",
                "source.namespace == \"a\" && source.principal == \"b\"",
                "source.namespace != \"a\" && source.namespace != \"b\"",
                "source.labels[\"app\"] == \"istio-egressgateway-with-sni-proxy\"",
                "(source.labels[\"tier\"] | \"x\") == \"x\"",
                "(destination.labels[\"app\"] | \"\") == \"\"",
                "context.protocol == \"tcp\" && (connection.event | \"\") == \"open\"",
                "connection.requested_server_name == \"a.test.org\"",
                "true"
            })
    void a_match_that_can_be_true_is_not_told_of(String match) {
        assertThat(rule(match).findings("never-matches")).isEmpty();
    }

    @Test
    void a_name_that_the_registry_does_not_know_never_arrives() {
        Linting linting = rule("connection.requested_server_name == \"a.test.org\"")
                .registryOnly()
                .serviceEntry("example", 443, "*.example.org");

        assertThat(linting.findings("never-matches"))
                .singleElement()
                .asString()
                .contains("no ServiceEntry admits a.test.org");
    }

    @Test
    void tells_of_a_rule_that_another_repeats() {
        String narrow = "source.namespace == \"a\" && (source.principal | \"\") == \"b\"";
        Linting linting = rule("source.namespace == \"a\"").with(RULE.formatted("b", narrow));

        assertThat(linting.findings("repeated-rule"))
                .containsExactly(
                        "rule/istio-system/b spec.match: the rule adds nothing: rule/istio-system/a does the same,"
                                + " and matches whenever this one does");
        assertThat(rule("source.namespace == \"a\"")
                        .with(RULE.formatted("b", "source.namespace == \"b\""))
                        .findings("repeated-rule"))
                .isEmpty();
        assertThat(rule("source.namespace == \"a\"")
                        .with(RULE.formatted("b", narrow).replace("istio-system", "a"))
                        .findings("repeated-rule"))
                .isEmpty();
    }

    @Test
    void tells_of_handlers_and_instances_that_no_rule_names() {
        assertThat(new Linting().with(OBJECTS).findings("unused-object"))
                .containsExactlyInAnyOrder(
                        "handler/istio-system/no : no rule names it, so it has no effect",
                        "instance/istio-system/nothing : no rule names it, so it has no effect");
        assertThat(rule("true").findings("unused-object")).isEmpty();
        assertThat(new Linting()
                        .with(OBJECTS)
                        .with(RULE.formatted("a", "true").replace("handler: no", "handler: no.handler.istio-system"))
                        .findings("unused-object"))
                .isEmpty();
        assertThat(new Linting()
                        .with(OBJECTS)
                        .with(RULE.formatted("a", "true").replace("handler: no", "handler: no.istio-system"))
                        .findings("unused-object"))
                .isEmpty();
    }

    private static Linting list(String type, String... entries) {
        return new Linting().with("""
                apiVersion: config.istio.io/v1alpha2
                kind: listchecker
                metadata:
                  name: list
                  namespace: istio-system
                spec:
                  entryType: %s
                  overrides: [%s]
                """.formatted(type, Linting.quoted(entries)));
    }

    @Test
    void tells_of_entries_that_others_cover() {
        assertThat(list("STRINGS", "a.org", "b.org", "a.org").findings("covered-list-entry"))
                .containsExactly(
                        "listchecker/istio-system/list spec.overrides[2]: the entry a.org adds nothing: it stands"
                                + " in the list before (spec.overrides[0])");
        assertThat(list("CASE_INSENSITIVE_STRINGS", "a.org", "A.org").findings("covered-list-entry"))
                .hasSize(1);
        assertThat(list("IP_ADDRESSES", "10.1.2.3", "10.0.0.0/8", "192.0.2.1").findings("covered-list-entry"))
                .singleElement()
                .asString()
                .contains("overrides[0]: the entry 10.1.2.3 adds nothing: 10.0.0.0/8 holds it");
        assertThat(list("REGEX", "^[a-z]+[.]org$", "^en[.]org$").findings("covered-list-entry"))
                .singleElement()
                .asString()
                .contains("overrides[1]: the entry ^en[.]org$ adds nothing: ^[a-z]+[.]org$ matches it too");
    }

    @Test
    void entries_of_their_own_are_not_told_of() {
        assertThat(list("STRINGS", "a.org", "A.org").findings("covered-list-entry"))
                .isEmpty();
        assertThat(list("IP_ADDRESSES", "10.1.0.0/16", "10.2.0.0/16", "11.0.0.1", "fd00::1")
                        .findings("covered-list-entry"))
                .isEmpty();
        assertThat(list("REGEX", "^[a-z]+[.]org$", "^en[.]com$", "^e.[.]org$").findings("covered-list-entry"))
                .isEmpty();
    }

    @Test
    void names_of_a_list_belong_to_the_vocabulary() {
        assertThat(list("STRINGS", "example.org")
                        .serviceEntry("e", 443, "*.example.org")
                        .findings("apex-not-covered"))
                .hasSize(1);
    }

    @Test
    void the_label_of_the_fixture_is_that_of_the_samples() {
        assertThat(PolicyFixture.GATEWAY_APP).isEqualTo("istio-egressgateway-with-sni-proxy");
    }
}
