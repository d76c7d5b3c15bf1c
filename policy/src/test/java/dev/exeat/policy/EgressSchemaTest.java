package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.testkit.PolicySchema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The published schema and the reader take and refuse the same. {@link PolicyFixture} holds both to each other for each
 * object of every other test too.
 */
final class EgressSchemaTest {
    private static final String ANY = "\ndestinations:\n- hosts: [x.test]";
    private final PolicySchema schema = PolicySchema.published();

    /** In the root namespace, where everything may be said. */
    private static Resource policy(String spec) {
        return TinyYaml.resources("", EgressPolicyTest.policy("p", "istio-system", spec))
                .getFirst();
    }

    private static Resource hostSet(String spec) {
        return TinyYaml.resources("", EgressPolicyTest.object("HostSet", "s", "default", spec))
                .getFirst();
    }

    private boolean isTaken(Resource resource) {
        boolean taken = new PolicyFixture().compiler().check(resource).stream().noneMatch(Problem::isError);
        SchemaAgreement.hold(resource, new PolicyFixture().compiler().check(resource));
        return taken && schema.faults(resource.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tier: platform\naction: Allow\nmode: Enforce" + ANY,
                "action: Deny\nmode: Audit\nuntil: 2027-01-31" + ANY,
                "action: Deny" + ANY + "\n  ports: [443, 8443]",
                "action: Deny" + ANY + "\n  cidrs: []",
                "until: 2027-01-31T18:00:00Z" + ANY,
                "until: 2027-01-31T18:00:00.5+01:00" + ANY,
                "owner: team-a\nreason: builds\nticket: OPS-7" + ANY,
                "sources: []" + ANY,
                "sources:\n- serviceAccounts: [a, foo/b]\n  namespaces: [foo]" + ANY,
                "sources:\n- serviceAccountSelector:\n    matchLabels:\n      role: build" + ANY,
                "sources:\n- namespaceSelector:\n    matchExpressions:\n    - key: env\n      operator: NotIn\n      values: [prod]"
                        + ANY,
                "sources:\n- namespaceSelector:\n    matchExpressions:\n    - key: env\n      operator: Exists" + ANY,
                "sources:\n- spiffeIds: ['spiffe://other.test/ns/*/sa/a', 'spiffe://other.test/**']" + ANY,
                "sources:\n- cidrs: [10.0.0.0/8, 192.0.2.7, '2001:db8::/32']" + ANY,
                "destinations:\n- hosts: ['*', '*.x.test', '*.test', a_b.x.test, XN--A.test, bücher.test]",
                "destinations:\n- hostSets: [a, istio-system/b]\n  ports: [1, 65535]",
                "destinations:\n- hosts: [db.test]\n  cidrs: [10.1.0.0/16]",
                "destinations:\n- hosts: [x.test]\nconditions:\n  minTlsVersion: TLS1.2\n  maxTlsVersion: TLS1.3\n  alpn: [h2]"
                        + "\n  ech: false\n  postQuantum: true",
            })
    void both_take(String spec) {
        assertThat(isTaken(policy(spec))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "owner: team-a",
                "destinations: []",
                "destinations:\n- {}",
                "destinations:\n- ports: [443]",
                "destinations:\n- hosts: []",
                "destinations:\n- hosts: x.test",
                "destinations:\n- hosts: [x]",
                "destinations:\n- hosts: [x.test.]",
                "destinations:\n- hosts: ['w*.test']",
                "destinations:\n- hosts: ['*x.test']",
                "destinations:\n- hosts: ['*.*.test']",
                "destinations:\n- hosts: [192.0.2.7]",
                "destinations:\n- hosts: ['https://x.test']",
                "destinations:\n- hosts: ['x.test:443']",
                "destinations:\n- hosts: [x..test]",
                "destinations:\n- hosts: [x.test]\n  ports: [0]",
                "destinations:\n- hosts: [x.test]\n  ports: [70000]",
                "destinations:\n- hosts: [x.test]\n  ports: ['443']",
                "destinations:\n- hosts: [x.test]\n  port: 443",
                "destinations:\n- hosts: [x.test]\n  cidrs: [10.0.0.0/33]",
                "destinations:\n- hosts: [x.test]\n  cidrs: [10.0.0]",
                "destinations:\n- hosts: ['*']\n  cidrs: [10.0.0.0/8]",
                "action: Deny\ndestinations:\n- hosts: [x.test]\n  cidrs: [10.0.0.0/8]",
                "action: deny" + ANY,
                "mode: audit" + ANY,
                "tier: cluster" + ANY,
                "action: Deny\nuntil: 2027-01-31" + ANY,
                "until: soon" + ANY,
                "until: 2027-13-01" + ANY,
                "owner: 7" + ANY,
                "hosts: [x.test]" + ANY,
                "sources:\n- {}" + ANY,
                "sources:\n- serviceAccounts: []" + ANY,
                "sources:\n- serviceAccounts: ['*']" + ANY,
                "sources:\n- serviceAccounts: [a/b/c]" + ANY,
                "sources:\n- spiffeIds: ['spiffe://td.test/ns/a*/sa/b']" + ANY,
                "sources:\n- spiffeIds: ['spiffe://td.test/**/b']" + ANY,
                "sources:\n- spiffeIds: ['td.test/ns/a/sa/b']" + ANY,
                "sources:\n- spiffeIds: ['spiffe://td.test']" + ANY,
                "sources:\n- cidrs: [10.0.0.0/8]\n  namespaces: [default]" + ANY,
                "sources:\n- cidrs: [ten]" + ANY,
                "sources:\n- serviceAccountSelector: {}" + ANY,
                "sources:\n- namespaceSelector:\n    matchExpressions:\n    - key: env\n      operator: In" + ANY,
                "sources:\n- namespaceSelector:\n    matchExpressions:\n    - key: env\n      operator: Like\n      values: [a]"
                        + ANY,
                "destinations:\n- hosts: [x.test]\nconditions:\n  minTlsVersion: TLS1.4",
                "destinations:\n- hosts: [x.test]\nconditions:\n  ech: yes",
                "destinations:\n- hosts: [x.test]\nconditions:\n  alpns: [h2]",
            })
    void both_refuse(String spec) {
        assertThat(isTaken(policy(spec))).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hosts: [pypi.test, '*.npm.test']        | true",
                "hosts: ['*']\\ndescription: everything  | true",
                "hosts: []                               | false",
                "description: nothing                    | false",
                "hosts: [pypi]                           | false",
                "hosts: [pypi.test]\\nports: [443]       | false",
            })
    void host_sets_are_taken_and_refused_alike(String spec, boolean taken) {
        assertThat(isTaken(hostSet(spec.replace("\\n", "\n")))).isEqualTo(taken);
    }

    /** The page for editors lists these. */
    @ParameterizedTest
    @ValueSource(strings = {"until: 2027-02-30" + ANY, "sources:\n- cidrs: ['2001:db8:::/32']" + ANY})
    void the_schema_lets_through_what_only_the_reader_can_tell(String spec) {
        Resource resource = policy(spec);

        assertThat(schema.faults(resource.body())).isEmpty();
        assertThat(new PolicyFixture().compiler().check(resource)).anyMatch(Problem::isError);
    }

    /** Editors are to suggest one spelling; the reader takes those of JSON for protocol buffers. */
    @ParameterizedTest
    @ValueSource(strings = {"action: 1" + ANY, "destinations:\n- host_sets: [a]", "sources: null" + ANY})
    void the_schema_asks_for_one_spelling(String spec) {
        Resource resource = policy(spec);

        assertThat(schema.faults(resource.body())).isNotEmpty();
        assertThat(new PolicyFixture().compiler().check(resource)).noneMatch(Problem::isError);
    }

    @ParameterizedTest
    @CsvSource({"exeat.dev/v1, EgressPolicy, false", "exeat.dev/v1alpha1, EgressPolice, false", "v1, Service, true"})
    void objects_of_other_groups_are_let_through(String version, String kind, boolean taken) {
        Resource resource = TinyYaml.resources(
                        "",
                        EgressPolicyTest.policy("p", "default", ANY.strip())
                                .replace("exeat.dev/v1alpha1", version)
                                .replace("EgressPolicy", kind))
                .getFirst();

        assertThat(schema.faults(resource.body()).isEmpty()).isEqualTo(taken);
    }
}
