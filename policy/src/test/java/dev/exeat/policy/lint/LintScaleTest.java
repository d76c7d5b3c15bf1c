package dev.exeat.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.Problem;
import dev.exeat.policy.PolicyFixture;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class LintScaleTest {
    private static final int EACH = 12_500;

    /** Comparing each with each would take hours. */
    @Test
    void many_objects_take_seconds() {
        PolicyFixture fixture = new PolicyFixture().registryOnly();
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < EACH; i++) {
            yaml.append(OBJECTS.replace("NUMBER", Integer.toString(i)));
        }
        fixture.yaml("many.yaml", yaml.toString());
        assertThat(fixture.resources()).hasSize(4 * EACH);
        Linter linter = new Linter(fixture.compiler(), PublicSuffixes.bundled(), Duration.ofDays(14));

        long start = System.nanoTime();
        List<Problem> problems = linter.lint(fixture.resources(), true, PolicyFixture.NOW);
        Duration took = Duration.ofNanos(System.nanoTime() - start);

        assertThat(problems).extracting(Problem::code).containsOnly("shadowed-entry");
        assertThat(problems).hasSize(EACH);
        assertThat(took).isLessThan(Duration.ofSeconds(30));
    }

    private static final String OBJECTS = """
            apiVersion: networking.istio.io/v1
            kind: ServiceEntry
            metadata:
              name: hostNUMBER
              namespace: default
            spec:
              hosts: ["*.hostNUMBER.test"]
              ports:
                - number: 443
                  name: tls
                  protocol: TLS
            ---
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata:
              name: wideNUMBER
              namespace: nsNUMBER
            spec:
              sources:
                - serviceAccounts: [till]
              destinations:
                - hosts: ["*.hostNUMBER.test"]
            ---
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata:
              name: narrowNUMBER
              namespace: nsNUMBER
            spec:
              sources:
                - serviceAccounts: [till]
              destinations:
                - hosts: [a.hostNUMBER.test]
            ---
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata:
              name: authzNUMBER
              namespace: istio-system
            spec:
              rules:
                - from:
                    - source:
                        principals: ["cluster.local/ns/nsNUMBER/sa/till"]
                  when:
                    - key: connection.sni
                      values: ["*.hostNUMBER.test"]
            ---
            """;
}
