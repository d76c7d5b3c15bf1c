package dev.exeat.policy.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.policy.PolicyFixture;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PopulationTest {
    private static Population of(String yaml) {
        return Population.of(new PolicyFixture().yaml("policies.yaml", yaml).resources(), "cluster.local");
    }

    private static List<String> clients(Population population) {
        return population.clients().stream().map(Object::toString).toList();
    }

    private static List<String> targets(Population population) {
        return population.targets().stream().map(Object::toString).toList();
    }

    @Test
    void an_expression_names_principals_and_hosts() {
        Population population = of("""
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata:
                  name: english
                  namespace: istio-system
                spec:
                  match: source.principal == "cluster.local/ns/a/sa/b" && connection.requested_server_name == "en.test.org"
                """);

        assertThat(clients(population)).contains("(no identity) 127.0.0.1", "spiffe://cluster.local/ns/a/sa/b");
        assertThat(targets(population)).containsExactly("another-host.example:443", "en.test.org:443");
    }

    @Test
    void a_wildcard_stands_for_its_apex_and_for_a_host_that_nobody_names() {
        Population population = of("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: wikipedia
                  namespace: default
                spec:
                  hosts:
                  - "*.wikipedia.org"
                  ports:
                  - number: 8443
                    name: tls
                    protocol: TLS
                """);

        assertThat(targets(population))
                .containsExactly(
                        "another-host.example:443",
                        "another-host.example:8443",
                        "another.wikipedia.org:443",
                        "another.wikipedia.org:8443",
                        "wikipedia.org:443",
                        "wikipedia.org:8443");
        assertThat(clients(population)).contains("spiffe://cluster.local/ns/default/sa/another-account");
    }

    @Test
    void an_egress_policy_names_accounts_namespaces_and_ids() {
        Population population = of("""
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata:
                  name: x
                  namespace: istio-system
                spec:
                  sources:
                  - serviceAccounts:
                    - one/two
                    - three
                  - namespaces:
                    - four
                  - spiffeIds:
                    - spiffe://other.org/ns/*/sa/x
                    - spiffe://other.org/**
                  destinations:
                  - hosts:
                    - a.test
                    ports:
                    - 5000
                """);

        assertThat(clients(population))
                .contains(
                        "spiffe://cluster.local/ns/one/sa/two",
                        "spiffe://cluster.local/ns/one/sa/another-account",
                        "spiffe://cluster.local/ns/istio-system/sa/three",
                        "spiffe://cluster.local/ns/four/sa/another-account",
                        "spiffe://other.org/ns/another-account/sa/x",
                        "spiffe://other.org/another-account");
        assertThat(targets(population)).contains("a.test:443", "a.test:5000");
    }

    @Test
    void what_only_looks_like_a_name_does_no_harm() {
        Population population = of("""
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: x
                  namespace: istio-system
                spec:
                  rules:
                  - from:
                    - source:
                        principals:
                        - "*/ns/ /sa/"
                        namespaces:
                        - "a*"
                    to:
                    - operation:
                        ports:
                        - "99999"
                        - "80"
                    when:
                    - key: connection.sni
                      values:
                      - "*a.b"
                      - "1.2.3.4"
                """);

        assertThat(targets(population)).containsExactly("another-host.example:80", "another-host.example:443");
        assertThat(clients(population)).noneMatch(client -> client.contains("/ns/ /"));
    }
}
