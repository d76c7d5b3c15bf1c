package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Enforcement;
import dev.exeat.model.Reason;
import dev.exeat.testkit.Case;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules, their reach, their references, and what becomes of what cannot be evaluated. */
final class MixerChecksTest {
    static String object(String kind, String name, String namespace, String spec) {
        return """
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: %s
                metadata:
                  name: %s
                  namespace: %s
                spec:
                %s
                """.formatted(kind, name, namespace, spec.indent(2).stripTrailing());
    }

    static String denier(String name, String namespace, String message) {
        return object(
                "handler",
                name,
                namespace,
                "compiledAdapter: denier\nparams:\n  status:\n    code: 7\n    message: " + message);
    }

    static String nothing(String name, String namespace) {
        return object("instance", name, namespace, "compiledTemplate: checknothing");
    }

    static String rule(String name, String namespace, String match, String handler, String instance) {
        return object(
                "rule",
                name,
                namespace,
                "match: '" + match.replace("'", "''") + "'\nactions:\n- handler: " + handler + "\n  instances: ["
                        + instance + "]");
    }

    private static PolicyFixture denyAll(String namespace) {
        return new PolicyFixture()
                .yaml(denier("no", namespace, "stop")
                        + nothing("nothing", namespace)
                        + rule("r", namespace, "", "no", "nothing"));
    }

    private static PolicyFixture when(String match) {
        return new PolicyFixture()
                .yaml(denier("no", "istio-system", "stop")
                        + nothing("nothing", "istio-system")
                        + rule("r", "istio-system", match, "no", "nothing"));
    }

    private static String denial(Decision decision) {
        assertThat(decision).isInstanceOf(Denial.class);
        return ((Denial) decision).message();
    }

    @ParameterizedTest
    @CsvSource({
        "istio-system, default/a, true", "istio-system, foo/a, true", "istio-system, , true",
                "default, default/a, true",
        "default, foo/a, false", "default, , false", "foo, default/a, false", "foo, istio-system/a, false"
    })
    void a_rule_reaches_clients_of_its_namespace_and_those_of_the_root_everyone(
            String namespace, String account, boolean denied) {
        assertThat(denyAll(namespace).decide(account, "a.test") instanceof Denial)
                .isEqualTo(denied);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "true",
                " true ",
                "source.principal == \"cluster.local/ns/default/sa/sleep\"",
                "\"cluster.local/ns/default/sa/sleep\" == source.user",
                "source.namespace == \"default\" && source.serviceAccount == \"gateway\"",
                "connection.requested_server_name == \"a.test\"",
                "source.labels[\"app\"] | \"x\" == \"istio-egressgateway-with-sni-proxy\"",
                "(destination.labels[\"app\"] | \"\") == \"\" && destination.labels[\"app\"] == \"\"",
                "destination.workload.name == \"unknown\" && destination.namespace == \"default\"",
                "destination.ip == ip(\"0.0.0.0\") && destination.port == 443",
                "source.ip == ip(\"10.0.0.7\") && origin.ip == source.ip",
                "connection.mtls && context.protocol == \"tcp\" && context.reporter.kind == \"outbound\"",
                "source.uid == \"kubernetes://gateway-0.istio-system\" && context.reporter.uid == source.uid",
                "source.workload.uid == \"istio://istio-system/workloads/istio-egressgateway-with-sni-proxy\"",
                "destination.principal == \"cluster.local/ns/istio-system/sa/gateway\"",
                "context.time == timestamp(\"2026-11-23T12:00:00Z\") && connection.id == \"gateway-1\"",
                "(connection.event | \"none\") == \"none\"",
                "(request.headers[\"x\"] | \"none\") == \"none\"",
                "`^a\\.`.matches(connection.requested_server_name)",
            })
    void matches_what_a_connection_is(String match) {
        assertThat(denial(when(match).decide("sleep", "a.test"))).isEqualTo("PERMISSION_DENIED:no.istio-system:stop");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source.principal == \"cluster.local/ns/default/sa/other\"",
                "connection.requested_server_name == \"b.test\"",
                "(source.principal | \"\") == \"\"",
                "source.labels[\"app\"] == \"sleep\"",
                "connection.event == \"open\"",
                "request.method == \"GET\"",
                "false"
            })
    void leaves_what_does_not_match(String match) {
        assertThat(when(match).decide("sleep", "a.test")).isInstanceOf(Permit.class);
    }

    @Test
    void an_absent_principal_is_not_matched_and_warned_of() {
        PolicyFixture policy = when("source.principal == \"cluster.local/ns/default/sa/sleep\"");

        assertThat(policy.decide(null, "a.test")).isInstanceOf(Permit.class);
        assertThat(policy.compilation().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("attribute-may-be-absent");
            assertThat(problem.isError()).isFalse();
            assertThat(problem.cure()).isEqualTo("write (source.principal | \"\") to say what holds then");
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "source.principal == \"cluster.local/ns/default/sa/sleep\"",
                "connection.event == \"x\" && source.principal == \"cluster.local/ns/default/sa/other\"",
                "request.method == \"GET\" && connection.requested_server_name == \"b.test\""
            })
    void a_match_that_cannot_be_evaluated_denies_where_that_is_asked_for(String match) {
        Decision decision = when(match).denyOnMatchError().decide(null, "a.test");

        assertThat(denial(decision))
                .startsWith("INTERNAL:evaluation failed at [r.rule.istio-system]'Match': 'lookup failed: '");
        assertThat(((Denial) decision).reason()).isEqualTo(Reason.POLICY_ERROR);
    }

    @Test
    void a_conjunct_that_fails_first_still_spares_what_stands_behind_it() {
        PolicyFixture policy = when("connection.requested_server_name == \"b.test\" && request.method == \"GET\"")
                .denyOnMatchError();

        assertThat(policy.decide("sleep", "a.test")).isInstanceOf(Permit.class);
        assertThat(policy.decide("sleep", "b.test")).isInstanceOf(Denial.class);
    }

    @Test
    void an_instance_that_cannot_be_built_denies_with_the_text_of_mixer() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(object("handler", "l", "istio-system", "compiledAdapter: listchecker\nparams:\n  blacklist: true")
                        + object(
                                "instance",
                                "user",
                                "istio-system",
                                "compiledTemplate: listentry\nparams:\n  value: source.principal")
                        + rule("r", "istio-system", "", "l", "user"));

        Decision decision = policy.decide(null, "a.test");

        assertThat(denial(decision))
                .isEqualTo("INTERNAL:evaluation failed at [user.instance.istio-system]'Value': 'lookup failed:"
                        + " 'source.principal''");
        assertThat(((Denial) decision).reason()).isEqualTo(Reason.POLICY_ERROR);
        assertThat(policy.decide("sleep", "a.test")).isInstanceOf(Permit.class);
    }

    @Test
    void messages_are_joined_in_the_order_of_the_rules_names() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(denier("h1", "istio-system", "one")
                        + denier("h2", "default", "two")
                        + nothing("nothing", "istio-system")
                        + nothing("nothing", "default")
                        + rule("z", "istio-system", "", "h1", "nothing")
                        + rule("a", "default", "", "h2", "nothing"));

        Decision decision = policy.decide("sleep", "a.test");

        assertThat(denial(decision)).isEqualTo("PERMISSION_DENIED:h2.default:two, h1.istio-system:one");
        assertThat(((Denial) decision).rule()).hasToString("rule/default/a[0]");
    }

    @Test
    @Case("Y09")
    void a_denial_for_an_account_of_any_trust_domain_denies_raw_tls() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(denier("no", "istio-system", "stop")
                        + nothing("n", "istio-system")
                        + rule(
                                "r",
                                "istio-system",
                                "match(source.principal, \"*/ns/default/sa/sleep-us\")",
                                "no",
                                "n"));

        assertThat(policy.decide("sleep-us", "a.test")).isInstanceOf(Denial.class);
        assertThat(policy.decide("sleep", "a.test")).isInstanceOf(Permit.class);
    }

    @Test
    void a_denier_says_what_it_is_told_and_nine_by_default() {
        String rest = nothing("nothing", "istio-system") + rule("r", "istio-system", "", "d", "nothing");

        assertThat(denial(new PolicyFixture()
                        .yaml(object("handler", "d", "istio-system", "compiledAdapter: denier") + rest)
                        .decide("sleep", "a.test")))
                .isEqualTo("FAILED_PRECONDITION:d.istio-system:");
        assertThat(new PolicyFixture()
                        .yaml(object(
                                        "handler",
                                        "d",
                                        "istio-system",
                                        "compiledAdapter: denier\nparams:\n  status:\n    code: 0")
                                + rest)
                        .decide("sleep", "a.test"))
                .isInstanceOf(Permit.class);
    }

    @ParameterizedTest
    @CsvSource({
        "d.denier, n.checknothing",
        "d.denier.istio-system, n.checknothing.istio-system",
        "no, nothing",
        "no.istio-system, nothing.istio-system",
        "no.handler.istio-system, nothing.instance.istio-system",
        "elsewhere.other, nothing.instance.istio-system"
    })
    void references_are_resolved_as_mixer_does(String handler, String instance) {
        PolicyFixture policy = new PolicyFixture()
                .yaml(object("denier", "d", "istio-system", "status:\n  code: 7\n  message: stop")
                        + object("checknothing", "n", "istio-system", "{}").replace("spec:\n  {}", "spec: {}")
                        + denier("no", "istio-system", "stop")
                        + nothing("nothing", "istio-system")
                        + denier("elsewhere", "other", "stop")
                        + rule("r", "istio-system", "", handler, instance));

        assertThat(policy.compilation().problems()).isEmpty();
        assertThat(denial(policy.decide("sleep", "a.test"))).endsWith(":stop");
    }

    @Test
    void legacy_kinds_work_and_keep_their_names() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(object("listchecker", "l", "istio-system", "overrides: [a.test]\nblacklist: true")
                        + object("listentry", "e", "istio-system", "value: source.principal")
                        + rule("r", "istio-system", "", "l.listchecker", "e.listentry"));

        assertThat(denial(policy.decide(null, "a.test")))
                .isEqualTo("INTERNAL:evaluation failed at [e.listentry.istio-system]'Value': 'lookup failed:"
                        + " 'source.principal''");
    }

    @ParameterizedTest
    @CsvSource({"missing, nothing", "no, missing", "missing, missing", "stdio, nothing", "opa, nothing", "list, nothing"
    })
    void an_action_that_cannot_be_carried_out_denies_what_the_rule_matches(String handler, String instance) {
        PolicyFixture policy = new PolicyFixture()
                .yaml(denier("no", "istio-system", "stop")
                        + nothing("nothing", "istio-system")
                        + object("handler", "stdio", "istio-system", "compiledAdapter: stdio")
                        + object("handler", "opa", "istio-system", "compiledAdapter: opa")
                        + object("handler", "list", "istio-system", "compiledAdapter: listchecker")
                        + rule(
                                "r",
                                "istio-system",
                                "connection.requested_server_name == \"a.test\"",
                                handler,
                                instance));

        Decision decision = policy.decide("sleep", "a.test");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Denial.class, denial -> assertThat(denial.reason()).isEqualTo(Reason.POLICY_ERROR));
        assertThat(denial(decision)).startsWith("INTERNAL:").contains(instance.equals("missing") ? "missing" : handler);
        assertThat(policy.decide("sleep", "b.test")).isInstanceOf(Permit.class);
        assertThat(policy.compilation().problems())
                .anySatisfy(problem -> assertThat(problem.message()).endsWith("so the rule denies what it matches"));
    }

    @Test
    void a_report_that_cannot_be_made_denies_nothing() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(object("instance", "log", "istio-system", "compiledTemplate: logentry")
                        + object("handler", "stdio", "istio-system", "compiledAdapter: stdio")
                        + rule("r1", "istio-system", "", "missing", "log")
                        + rule("r2", "istio-system", "", "stdio", "missing"));

        assertThat(policy.decide("sleep", "a.test")).isInstanceOf(Permit.class);
        assertThat(policy.compilation().problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem.message()).endsWith("so nothing is reported"));
    }

    @Test
    void a_broken_handler_denies_and_a_broken_rule_denies_all_within_its_reach() {
        PolicyFixture brokenHandler = new PolicyFixture()
                .yaml(object("handler", "l", "istio-system", "compiledAdapter: listchecker\nparams:\n  blackList: true")
                        + nothing("nothing", "istio-system")
                        + rule("r", "istio-system", "", "l", "nothing"));
        PolicyFixture brokenRule = new PolicyFixture().yaml(rule("r", "foo", "unknown == 1", "l", "nothing"));

        assertThat(denial(brokenHandler.decide("sleep", "a.test")))
                .isEqualTo("INTERNAL:rule r.istio-system: the handler l.handler.istio-system is refused for errors of"
                        + " its own");
        assertThat(denial(brokenRule.decide("foo/a", "a.test"))).contains("the rule r.foo is refused for its errors");
        assertThat(brokenRule.decide("sleep", "a.test")).isInstanceOf(Permit.class);
    }

    @Test
    void audit_permits_and_says_what_it_would_have_denied() {
        Decision decision =
                denyAll("istio-system").enforcement(Enforcement.AUDIT).decide("sleep", "a.test");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Permit.class,
                        permit -> assertThat(permit.wouldDeny())
                                .isNotNull()
                                .extracting(Denial::message)
                                .isEqualTo("PERMISSION_DENIED:no.istio-system:stop"));
    }

    @Test
    void disabled_enforcement_asks_no_rule() {
        Decision decision =
                denyAll("istio-system").enforcement(Enforcement.DISABLED).decide("sleep", "a.test");

        assertThat(decision)
                .isInstanceOfSatisfying(
                        Permit.class, permit -> assertThat(permit.wouldDeny()).isNull());
    }

    @Test
    void a_trace_tells_of_every_rule_and_gives_the_same_verdict() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(denier("no", "istio-system", "stop")
                        + nothing("nothing", "istio-system")
                        + rule("a", "istio-system", "source.labels[\"app\"] == \"x\"", "no", "nothing")
                        + rule("b", "istio-system", "request.method == \"GET\"", "no", "nothing")
                        + rule("c", "foo", "", "no", "nothing")
                        + rule("d", "istio-system", "true", "no", "nothing"));
        DecisionTrace trace = new DecisionTrace();

        Decision decision = policy.snapshot().decide(PolicyFixture.attempt("sleep", "a.test"), trace);

        assertThat(decision).isEqualTo(policy.decide("sleep", "a.test"));
        assertThat(trace.steps())
                .extracting(step -> step.stage() + " "
                        + (step.rule() == null ? "-" : step.rule().object().name()) + " " + step.outcome() + ": "
                        + step.detail())
                .isEqualTo(List.of(
                        "REGISTRY - PASSED: the registry admits any host",
                        "CHECKS a NOT_MATCHED: source.labels[\"app\"] == \"x\" is false, where source.labels ="
                                + " {app=istio-egressgateway-with-sni-proxy}",
                        "CHECKS b FAILED: the match cannot be evaluated: lookup failed: 'request.method', so it counts"
                                + " as not matched",
                        "CHECKS c SKIPPED: the namespace \"foo\" is neither the root namespace nor the client's",
                        "CHECKS d DENIED: no.istio-system:stop",
                        "VERDICT d DENIED: PERMISSION_DENIED:no.istio-system:stop"));
    }

    @Test
    void attributes_of_a_manifest_are_known_and_absent() {
        PolicyFixture policy = new PolicyFixture()
                .yaml(object(
                                "attributemanifest",
                                "mine",
                                "istio-system",
                                "revision: \"1\"\nname: mine\nattributes:\n  my.team:\n    valueType: STRING\n  my.number:\n    value_type: 2")
                        + denier("no", "istio-system", "stop")
                        + nothing("nothing", "istio-system")
                        + rule(
                                "r",
                                "istio-system",
                                "(my.team | \"x\") == \"x\" && (my.number | 1) == 1",
                                "no",
                                "nothing"));

        assertThat(policy.check()).isEmpty();
        assertThat(policy.compiler().check(policy.resources().getLast()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.message()).isEqualTo("unknown attribute my.team"));
        assertThat(policy.decide("sleep", "a.test")).isInstanceOf(Denial.class);
    }
}
