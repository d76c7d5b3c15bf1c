package dev.exeat.it.faults;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What each version of the policy says of eight hosts, and by which digest records name it. Even hosts are admitted by
 * the registry, odd ones by a rule. Thread-safe.
 */
final class PolicyModel {
    static final int HOSTS = 8;
    private static final String SUFFIX = ".model.test";

    private final Map<String, Version> byDigest = new ConcurrentHashMap<>();

    /** @param allowed a bit for each host; the first is always allowed */
    record Version(int number, int allowed) {
        boolean allows(int host) {
            return (allowed >> host & 1) != 0;
        }

        String yaml() {
            StringBuilder admitted = new StringBuilder();
            StringBuilder blocked = new StringBuilder();
            for (int host = 0; host < HOSTS; host++) {
                if (host % 2 == 1 || allows(host)) {
                    admitted.append("  - ").append(host(host)).append('\n');
                }
                if (host % 2 == 1 && !allows(host)) {
                    blocked.append("    - ").append(host(host)).append('\n');
                }
            }
            return """
                    apiVersion: networking.istio.io/v1
                    kind: ServiceEntry
                    metadata: {name: model, namespace: istio-system}
                    spec:
                      location: MESH_EXTERNAL
                      hosts:
                      - version-%d.test
                    %s  ports:
                      - {number: 443, name: tls, protocol: TLS}
                    ---
                    apiVersion: config.istio.io/v1alpha2
                    kind: handler
                    metadata: {name: model, namespace: istio-system}
                    spec:
                      compiledAdapter: listchecker
                      params:
                        blacklist: true
                        overrides:
                        - nothing.test
                    %s---
                    apiVersion: config.istio.io/v1alpha2
                    kind: instance
                    metadata: {name: model, namespace: istio-system}
                    spec:
                      compiledTemplate: listentry
                      params:
                        value: connection.requested_server_name
                    ---
                    apiVersion: config.istio.io/v1alpha2
                    kind: rule
                    metadata: {name: model, namespace: istio-system}
                    spec:
                      match: (connection.requested_server_name | "") != ""
                      actions:
                      - handler: model
                        instances: [model]
                    """.formatted(number, admitted, blocked);
        }
    }

    static String host(int number) {
        return "p" + number + SUFFIX;
    }

    void named(String digest, Version version) {
        Version before = byDigest.putIfAbsent(digest, version);
        if (before != null && !before.equals(version)) {
            throw new IllegalStateException("two versions have the digest " + digest);
        }
    }

    /** Whether a digest of the version is known. */
    boolean knows(Version version) {
        return byDigest.containsValue(version);
    }

    @Nullable
    Version version(String digest) {
        return byDigest.get(digest);
    }

    /** Which of the hosts this is, or -1. */
    static int index(String host) {
        return host.endsWith(SUFFIX) && host.startsWith("p")
                ? Integer.parseInt(host.substring(1, host.length() - SUFFIX.length()))
                : -1;
    }
}
