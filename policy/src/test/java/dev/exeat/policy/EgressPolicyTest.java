package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Attempt;
import dev.exeat.model.Cidr;
import dev.exeat.model.HelloFacts;
import dev.exeat.model.ListenerKind;
import dev.exeat.model.Problem;
import dev.exeat.model.Reason;
import dev.exeat.model.SpiffeId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** EgressPolicy and HostSet objects: who may reach what. */
final class EgressPolicyTest {
    private static final String GITHUB = "destinations:\n- hosts: ['*.github.com']";

    static String object(String kind, String name, String namespace, String spec) {
        return """
                ---
                apiVersion: exeat.dev/v1alpha1
                kind: %s
                metadata:
                  name: %s
                  namespace: %s
                spec:
                %s
                """.formatted(kind, name, namespace, spec.indent(2).stripTrailing());
    }

    static String policy(String name, String namespace, String spec) {
        return object("EgressPolicy", name, namespace, spec);
    }

    private static PolicyFixture of(String... objects) {
        return new PolicyFixture().yaml(String.join("\n", objects));
    }

    private static boolean allows(PolicyFixture policy, @Nullable String account, String host) {
        return policy.decide(account, host) instanceof Permit;
    }

    @Test
    void whom_no_policy_selects_may_pass() {
        assertThat(allows(of(policy("p", "foo", GITHUB)), "default/a", "x.test"))
                .isTrue();
    }

    @Test
    void whom_an_allowance_selects_needs_one() {
        PolicyFixture policy = of(policy("p", "default", "sources:\n- serviceAccounts: [builder]\n" + GITHUB));

        assertThat(policy.decide("builder", "api.github.com"))
                .isInstanceOfSatisfying(
                        Permit.class, permit -> assertThat(permit.rule()).hasToString("EgressPolicy/default/p[0]"));
        assertThat(policy.decide("builder", "github.com")).isInstanceOfSatisfying(Denial.class, denial -> {
            assertThat(denial.reason()).isEqualTo(Reason.POLICY_DENIED);
            assertThat(denial.message())
                    .isEqualTo("no EgressPolicy allows spiffe://cluster.local/ns/default/sa/builder to reach"
                            + " github.com:443");
        });
        assertThat(allows(policy, "other", "x.test")).isTrue();
    }

    @Test
    void a_denial_denies_whatever_allows() {
        PolicyFixture policy = of(
                policy("allow", "default", "destinations:\n- hosts: ['*']"),
                policy("deny", "default", "action: Deny\nreason: no code leaves\nowner: team-a\n" + GITHUB));

        assertThat(policy.decide("a", "api.github.com")).isInstanceOfSatisfying(Denial.class, denial -> {
            assertThat(denial.message()).isEqualTo("EgressPolicy/default/deny denies it: no code leaves");
            assertThat(denial.hint()).isEqualTo("team-a can change it");
        });
        assertThat(allows(policy, "a", "x.test")).isTrue();
    }

    @Test
    void a_denial_alone_leaves_everything_else_open() {
        PolicyFixture policy = of(policy("deny", "istio-system", "tier: platform\naction: Deny\n" + GITHUB));

        assertThat(allows(policy, "a", "api.github.com")).isFalse();
        assertThat(allows(policy, null, "api.github.com")).isFalse();
        assertThat(allows(policy, "a", "x.test")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "serviceAccounts: [default/a]                             | default/a | true",
                "serviceAccounts: [default/a]                             | default/b | false",
                "namespaces: [default]                                    | default/b | true",
                "namespaces: [default]                                    | foo/a     | false",
                "namespaces: [default]                                    |           | false",
                "spiffeIds: ['spiffe://cluster.local/ns/*/sa/a']          | foo/a     | true",
                "spiffeIds: ['spiffe://cluster.local/ns/*/sa/a']          | foo/b     | false",
                "spiffeIds: ['spiffe://cluster.local/ns/foo/**']          | foo/b     | true",
                "spiffeIds: ['spiffe://cluster.local/ns/foo/sa/a']        | foo/a     | true",
                "spiffeIds: ['spiffe://other.test/ns/*/sa/a']             | foo/a     | false",
                "cidrs: [10.0.0.0/8]                                      |           | true",
                "cidrs: [10.0.0.0/8]                                      | foo/a     | false",
                "cidrs: [192.0.2.0/24]                                    |           | false",
            })
    void sources_select(String source, String account, boolean selected) {
        PolicyFixture policy = of(
                policy("p", "istio-system", "action: Deny\nsources:\n- " + source + "\ndestinations:\n- hosts: ['*']"));

        assertThat(allows(policy, account, "x.test")).isEqualTo(!selected);
    }

    @Test
    void labels_of_accounts_and_namespaces_select() {
        String identities = """
                ---
                apiVersion: v1
                kind: ServiceAccount
                metadata:
                  name: a
                  namespace: foo
                  labels:
                    role: build
                ---
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: foo
                  labels:
                    env: prod
                """;
        PolicyFixture byAccount = of(identities, policy("p", "istio-system", """
                        action: Deny
                        sources:
                        - serviceAccountSelector:
                            matchLabels:
                              role: build
                        destinations:
                        - hosts: ['*']
                        """));
        PolicyFixture byNamespace = of(identities, policy("p", "istio-system", """
                        action: Deny
                        sources:
                        - namespaceSelector:
                            matchExpressions:
                            - key: env
                              operator: In
                              values: [prod, test]
                        destinations:
                        - hosts: ['*']
                        """));

        assertThat(allows(byAccount, "foo/a", "x.test")).isFalse();
        assertThat(allows(byAccount, "foo/b", "x.test")).isTrue();
        assertThat(allows(byNamespace, "foo/b", "x.test")).isFalse();
        assertThat(allows(byNamespace, "default/a", "x.test")).isTrue();
    }

    @Test
    void accounts_and_namespaces_are_those_of_the_gateways_trust_domain() {
        PolicyFixture policy = of(policy("p", "foo", "action: Deny\ndestinations:\n- hosts: ['*']"));
        Attempt own = PolicyFixture.attempt("foo/a", "x.test");
        Attempt foreign = new Attempt(
                own.connectionId(),
                own.time(),
                ListenerKind.TUNNEL,
                SpiffeId.parse("spiffe://other.test/ns/foo/sa/a"),
                own.sourceAddress(),
                own.target(),
                own.hello());

        assertThat(policy.snapshot().decide(own)).isInstanceOf(Denial.class);
        assertThat(policy.snapshot().decide(foreign)).isInstanceOf(Permit.class);
    }

    @Test
    void a_destination_covers_hosts_on_its_ports() {
        PolicyFixture policy = of(policy("p", "default", "destinations:\n- hosts: [x.test]\n  ports: [8443]"));
        Snapshot snapshot = policy.snapshot();

        assertThat(snapshot.decide(PolicyFixture.attempt("a", "x.test", 8443))).isInstanceOf(Permit.class);
        assertThat(snapshot.decide(PolicyFixture.attempt("a", "x.test", 443))).isInstanceOf(Denial.class);
    }

    @Test
    void a_denial_without_ports_is_for_every_port() {
        Snapshot all = of(policy("p", "default", "action: Deny\ndestinations:\n- hosts: [x.test]"))
                .snapshot();
        Snapshot one = of(policy("p", "default", "action: Deny\ndestinations:\n- hosts: [x.test]\n  ports: [443]"))
                .snapshot();

        assertThat(all.decide(PolicyFixture.attempt("a", "x.test", 443))).isInstanceOf(Denial.class);
        assertThat(all.decide(PolicyFixture.attempt("a", "x.test", 8443))).isInstanceOf(Denial.class);
        assertThat(all.decide(PolicyFixture.attempt("a", "y.test", 8443))).isInstanceOf(Permit.class);
        assertThat(one.decide(PolicyFixture.attempt("a", "x.test", 8443))).isInstanceOf(Permit.class);
    }

    @Test
    void a_host_set_stands_for_its_hosts() {
        String set = object("HostSet", "registries", "istio-system", "hosts: [pypi.test, '*.npm.test']");
        PolicyFixture policy = of(set, policy("p", "default", "destinations:\n- hostSets: [registries]"));

        assertThat(allows(policy, "a", "pypi.test")).isTrue();
        assertThat(allows(policy, "a", "r.npm.test")).isTrue();
        assertThat(allows(policy, "a", "x.test")).isFalse();
    }

    @Test
    void a_missing_host_set_allows_nothing_and_denies_everything() {
        PolicyFixture allowing = of(policy("p", "default", "destinations:\n- hostSets: [gone]"));
        PolicyFixture denying = of(policy("p", "default", "action: Deny\ndestinations:\n- hostSets: [gone]"));

        assertThat(allows(allowing, "a", "x.test")).isFalse();
        assertThat(denying.decide("a", "x.test"))
                .isInstanceOfSatisfying(
                        Denial.class, denial -> assertThat(denial.reason()).isEqualTo(Reason.POLICY_ERROR));
        assertThat(denying.compilation().problems()).singleElement().satisfies(problem -> {
            assertThat(problem.code()).isEqualTo("dangling-reference");
            assertThat(problem.field()).isEqualTo("spec.destinations[0].hostSets[0]");
        });
    }

    @Test
    void exceptions_from_the_address_guard_go_with_the_host() {
        PolicyFixture policy = of(policy(
                "p", "istio-system", "destinations:\n- hosts: [db.test]\n  cidrs: [10.1.0.0/16]\n- hosts: [x.test]"));

        assertThat(((Permit) policy.decide("a", "db.test")).exceptions()).isEqualTo(List.of(Cidr.parse("10.1.0.0/16")));
        assertThat(((Permit) policy.decide("a", "x.test")).exceptions()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "minTlsVersion: TLS1.3 | false",
                "minTlsVersion: TLS1.2 | true",
                "maxTlsVersion: TLS1.1 | false",
                "alpn: [h2]            | true",
                "alpn: [imap]          | false",
                "ech: true             | false",
                "ech: false            | true",
                "postQuantum: true     | false",
            })
    void conditions_are_about_the_hello(String condition, boolean matches) {
        PolicyFixture policy = of(policy("p", "default", "destinations:\n- hosts: ['*']\nconditions:\n  " + condition));
        Attempt attempt = withHello(PolicyFixture.attempt("a", "x.test"), List.of(0x0303, 0x0302), false);

        assertThat(policy.snapshot().decide(attempt) instanceof Permit).isEqualTo(matches);
    }

    private static Attempt withHello(Attempt attempt, List<Integer> versions, boolean ech) {
        HelloFacts hello =
                new HelloFacts(attempt.target().host(), "x", versions, List.of("h2", "http/1.1"), ech, false, 500);
        return new Attempt(
                attempt.connectionId(),
                attempt.time(),
                attempt.listener(),
                attempt.source(),
                attempt.sourceAddress(),
                attempt.target(),
                hello);
    }

    @Test
    void before_the_hello_only_what_no_hello_can_change_is_denied() {
        PolicyFixture allowing =
                of(policy("p", "default", "destinations:\n- hosts: ['*.x.test']\nconditions:\n  ech: false"));
        PolicyFixture denying =
                of(policy("p", "default", "action: Deny\ndestinations:\n- hosts: ['*']\nconditions:\n  ech: true"));

        assertThat(allowing.snapshot().decide(early("a.x.test"))).isInstanceOf(Permit.class);
        assertThat(allowing.snapshot().decide(early("y.test"))).isInstanceOf(Denial.class);
        assertThat(denying.snapshot().decide(early("a.x.test"))).isInstanceOf(Permit.class);
    }

    private static Attempt early(String host) {
        Attempt attempt = PolicyFixture.attempt("a", host);
        return new Attempt(
                attempt.connectionId(),
                attempt.time(),
                attempt.listener(),
                attempt.source(),
                attempt.sourceAddress(),
                attempt.target(),
                null);
    }

    @Test
    void a_policy_in_audit_denies_nothing_and_tells_what_it_would() {
        PolicyFixture policy = of(policy("p", "default", "mode: Audit\n" + GITHUB));

        assertThat(((Permit) policy.decide("a", "api.github.com")).wouldDeny()).isNull();
        assertThat(((Permit) policy.decide("a", "x.test")).wouldDeny()).isNotNull();
    }

    @Test
    void an_audit_that_has_ended_is_in_force() {
        PolicyFixture policy = of(policy("p", "default", "mode: Audit\nuntil: 2026-11-23\n" + GITHUB));
        Snapshot snapshot = policy.snapshot();
        Attempt attempt = PolicyFixture.attempt("a", "x.test");

        assertThat(snapshot.decide(attempt.at(Instant.parse("2026-11-23T23:59:59Z"))))
                .isInstanceOf(Permit.class);
        assertThat(snapshot.decide(attempt.at(Instant.parse("2026-11-24T00:00:00Z"))))
                .isInstanceOf(Denial.class);
        assertThat(((Permit) snapshot.decide(
                                PolicyFixture.attempt("a", "api.github.com").at(Instant.parse("2026-12-01T00:00:00Z"))))
                        .until())
                .isNull();
    }

    @Test
    void an_allowance_that_has_ended_allows_nothing_and_still_selects() {
        PolicyFixture policy = of(policy("p", "default", "until: 2026-11-23T18:00:00Z\n" + GITHUB));
        Attempt attempt = PolicyFixture.attempt("a", "api.github.com");

        assertThat(policy.snapshot().decide(attempt))
                .isInstanceOfSatisfying(
                        Permit.class,
                        permit -> assertThat(permit.until()).isEqualTo(Instant.parse("2026-11-23T18:00:00Z")));
        assertThat(policy.snapshot().decide(attempt.at(Instant.parse("2026-11-23T18:00:00Z"))))
                .isInstanceOfSatisfying(
                        Denial.class,
                        denial -> assertThat(denial.hint())
                                .isEqualTo("EgressPolicy/default/p allowed it until 2026-11-23T18:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mode: audit\ndestinations:\n- hosts: [x.test]",
                "tier: platform\ndestinations:\n- hosts: [x.test]",
                "action: Deny\nuntil: 2027-01-01\ndestinations:\n- hosts: [x.test]",
                "until: soon\ndestinations:\n- hosts: [x.test]",
                "destinations: []",
                "destinations:\n- ports: [443]",
                "destinations:\n- hosts: [x]",
                "destinations:\n- hosts: [x.test]\n  ports: [70000]",
                "destinations:\n- hosts: [x.test]\n  cidrs: [10.0.0.0/8]",
                "sources:\n- namespaces: [other]\ndestinations:\n- hosts: [x.test]",
                "sources:\n- serviceAccounts: [other/a]\ndestinations:\n- hosts: [x.test]",
                "sources:\n- {}\ndestinations:\n- hosts: [x.test]",
                "sources:\n- spiffeIds: ['spiffe://cluster.local/ns/a*/sa/b']\ndestinations:\n- hosts: [x.test]",
                "sources:\n- cidrs: [10.0.0.0/8]\n  namespaces: [default]\ndestinations:\n- hosts: [x.test]",
                "destinations:\n- hosts: [x.test]\nconditions:\n  minTlsVersion: TLS1.4"
            })
    void a_policy_that_cannot_be_meant_is_refused_and_denies_its_namespace(String spec) {
        PolicyFixture policy = of(policy("p", "default", spec));

        assertThat(policy.check()).anyMatch(Problem::isError);
        assertThat(policy.decide("a", "x.test")).isInstanceOf(Denial.class);
        assertThat(allows(policy, "foo/a", "x.test")).isTrue();
    }

    private static String watched(String kind, String name) {
        return """
                ---
                apiVersion: v1
                kind: %s
                metadata:
                  name: %s
                  namespace: default
                  annotations:
                    exeat.dev/enforcement: audit
                """.formatted(kind, name);
    }

    @ParameterizedTest
    @CsvSource({"Namespace, default", "ServiceAccount, a"})
    void a_watched_namespace_or_identity_passes_with_a_would_verdict(String kind, String name) {
        PolicyFixture policy = of(watched(kind, name), policy("p", "default", GITHUB));

        assertThat(policy.decide("a", "x.test"))
                .isInstanceOfSatisfying(
                        Permit.class, permit -> assertThat(permit.wouldDeny()).isNotNull());
        assertThat(policy.decide("b", "x.test") instanceof Permit).isEqualTo(kind.equals("Namespace"));
    }

    @Test
    void a_denial_of_the_platform_holds_for_those_who_are_only_watched() {
        PolicyFixture policy = of(
                watched("Namespace", "default"),
                policy("no", "istio-system", "tier: platform\naction: Deny\n" + GITHUB));

        assertThat(policy.decide("a", "api.github.com")).isInstanceOf(Denial.class);
    }

    @Test
    void a_trace_tells_the_nearest_miss() {
        PolicyFixture policy = of(policy("p", "default", GITHUB));
        DecisionTrace trace = new DecisionTrace();

        policy.snapshot().decide(PolicyFixture.attempt("a", "github.com"), trace);

        assertThat(trace.steps())
                .extracting(DecisionTrace.Step::detail)
                .contains("*.github.com does not cover github.com itself");
    }
}
