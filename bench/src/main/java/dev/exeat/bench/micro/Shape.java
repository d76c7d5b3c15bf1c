package dev.exeat.bench.micro;

/** What rules of a large policy look like; number {@code i} is about account {@code i} of its namespace and host {@code i}. */
public enum Shape {
    /** A rule of Mixer that denies, found by a conjunct on the principal and one on the host. */
    MIXER {
        @Override
        String object(int number) {
            return rule(number, "refuse", "nothing");
        }
    },
    /** A rule of Mixer with a list of its own, in which the host must be. */
    MIXER_LIST {
        @Override
        String object(int number) {
            return """
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: listchecker
                metadata: {name: list-%1$d, namespace: istio-system}
                spec: {overrides: [www.host-%1$d.test, b.test, c.test]}
                ---
                apiVersion: config.istio.io/v1alpha2
                kind: rule
                metadata: {name: rule-%1$d, namespace: istio-system}
                spec:
                  match: (source.principal | "") == "cluster.local/ns/ns-%2$d/sa/sa-%1$d"
                  actions:
                  - handler: list-%1$d.listchecker
                    instances: [name.listentry]
                """.formatted(number, number % NAMESPACES);
        }
    },
    AUTHORIZATION {
        @Override
        String object(int number) {
            return """
                ---
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata: {name: authorization-%1$d, namespace: istio-system}
                spec:
                  action: ALLOW
                  rules:
                  - from:
                    - source:
                        principals: [cluster.local/ns/ns-%2$d/sa/sa-%1$d]
                    when:
                    - key: connection.sni
                      values: ["*.host-%1$d.test"]
                """.formatted(number, number % NAMESPACES);
        }
    },
    /** An allowance of wildcard hosts. */
    EGRESS {
        @Override
        String object(int number) {
            return """
                ---
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata: {name: egress-%1$d, namespace: istio-system}
                spec:
                  action: Allow
                  sources:
                  - serviceAccounts: [ns-%2$d/sa-%1$d]
                  destinations:
                  - hosts: ["*.host-%1$d.test"]
                """.formatted(number, number % NAMESPACES);
        }
    },
    SERVICE_ENTRY {
        @Override
        String object(int number) {
            return """
                ---
                apiVersion: networking.istio.io/v1
                kind: ServiceEntry
                metadata: {name: entry-%1$d, namespace: istio-system}
                spec:
                  hosts: ["*.host-%1$d.test"]
                  location: MESH_EXTERNAL
                  ports:
                  - {number: 443, name: tls, protocol: TLS}
                """.formatted(number);
        }
    },
    /** One of each after the other. */
    MIXED {
        @Override
        String object(int number) {
            return SINGLE[number % SINGLE.length].object(number);
        }
    };

    static final int NAMESPACES = 100;
    private static final Shape[] SINGLE = {MIXER, MIXER_LIST, AUTHORIZATION, EGRESS, SERVICE_ENTRY};

    /** What the rules share. */
    static final String BASE = """
            apiVersion: config.istio.io/v1alpha2
            kind: handler
            metadata: {name: refuse, namespace: istio-system}
            spec:
              compiledAdapter: denier
              params:
                status: {code: 7, message: refused}
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: instance
            metadata: {name: nothing, namespace: istio-system}
            spec:
              compiledTemplate: checknothing
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: listentry
            metadata: {name: name, namespace: istio-system}
            spec: {value: connection.requested_server_name}
            """;

    /** The manifest of a rule, with all that it alone needs. */
    abstract String object(int number);

    private static String rule(int number, String handler, String instance) {
        return """
            ---
            apiVersion: config.istio.io/v1alpha2
            kind: rule
            metadata: {name: rule-%1$d, namespace: istio-system}
            spec:
              match: >-
                (source.principal | "") == "cluster.local/ns/ns-%2$d/sa/sa-%1$d"
                && (connection.requested_server_name | "") == "host-%1$d.test"
              actions:
              - handler: %3$s
                instances: [%4$s]
            """.formatted(number, number % NAMESPACES, handler, instance);
    }
}
