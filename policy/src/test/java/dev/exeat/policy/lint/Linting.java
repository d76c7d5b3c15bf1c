package dev.exeat.policy.lint;

import dev.exeat.model.Problem;
import dev.exeat.model.Resource;
import dev.exeat.policy.PolicyFixture;
import dev.exeat.policy.lint.hosts.PublicSuffixes;
import java.time.Duration;
import java.util.List;

/** Objects, and what the linter says of them. */
final class Linting {
    private static final PublicSuffixes SUFFIXES = PublicSuffixes.bundled();

    private final PolicyFixture fixture = new PolicyFixture();

    /** Puts objects on top; each must be sound. */
    Linting with(String yaml) {
        int before = fixture.resources().size();
        fixture.yaml("test.yaml", yaml);
        for (Resource resource :
                fixture.resources().subList(before, fixture.resources().size())) {
            List<Problem> errors = fixture.compiler().check(resource, fixture.resources()).stream()
                    .filter(Problem::isError)
                    .toList();
            if (!errors.isEmpty()) {
                throw new AssertionError("not sound: " + errors);
            }
        }
        return this;
    }

    Linting registryOnly() {
        fixture.registryOnly();
        return this;
    }

    Linting serviceEntry(String name, int port, String... hosts) {
        return with("""
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata:
                  name: %s
                  namespace: default
                spec:
                  hosts: [%s]
                  ports:
                    - number: %d
                      name: tls
                      protocol: TLS
                """.formatted(name, quoted(hosts), port));
    }

    /** @param namespaceAndName {@code istio-system/...} for one that holds everywhere */
    Linting egress(String namespaceAndName, String action, String sources, String... hosts) {
        int slash = namespaceAndName.indexOf('/');
        return with("""
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata:
                  name: %s
                  namespace: %s
                spec:
                  action: %s
                %s  destinations:
                    - hosts: [%s]
                """.formatted(
                        namespaceAndName.substring(slash + 1),
                        namespaceAndName.substring(0, slash),
                        action,
                        sources.isEmpty() ? "" : "  sources:\n    - " + sources + "\n",
                        quoted(hosts)));
    }

    Linting allow(String namespaceAndName, String... hosts) {
        return egress(namespaceAndName, "Allow", "", hosts);
    }

    static String quoted(String... texts) {
        return "\"" + String.join("\", \"", texts) + "\"";
    }

    List<Problem> problems() {
        return new Linter(fixture.compiler(), SUFFIXES, Duration.ofDays(14))
                .lint(fixture.resources(), true, PolicyFixture.NOW);
    }

    List<Resource> resources() {
        return fixture.resources();
    }

    /** What a check says, as {@code kind/namespace/name field: message}. */
    List<String> findings(String code) {
        return problems().stream()
                .filter(problem -> problem.code().equals(code))
                .map(problem -> problem.object() + " " + problem.field() + ": " + problem.message())
                .toList();
    }

    PolicyFixture fixture() {
        return fixture;
    }
}
