package dev.exeat.control.importing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules of other products, imported, compiled and asked: nobody may more than before. */
class PolicyImportTest {
    @ParameterizedTest
    @CsvSource({
        "default/payments, api.bank.example:443,   allowed",
        "default/payments, a.b.cards.example:443,  allowed",
        "default/payments, cards.example:443,      denied",
        "default/payments, crl.ca.example:443,     allowed",
        "default/payments, status.example:443,     denied",
        "default/payments, paste.example:443,      denied",
        "default/crawler,  anything.example:443,   allowed",
        "default/crawler,  x.paste.example:443,    denied",
        "default/crawler,  x.paste.example:8443,   denied",
        "default/reports,  sheets.example:443,     allowed",
        "default/reports,  anything.example:443,   denied",
        "default/idle,     crl.ca.example:443,     allowed",
        "default/idle,     api.bank.example:443,   denied",
        "default/other,    crl.ca.example:443,     allowed",
        "default/other,    status.example:443,     denied",
        "other/payments,   api.bank.example:443,   denied",
        "192.0.2.7,        anything.example:443,   denied",
    })
    void smokescreen(String who, String target, String verdict) throws IOException {
        assertThat(ImportedRules.ofResource(ImportSource.SMOKESCREEN, "smokescreen.yaml")
                        .verdict(who, target))
                .isEqualTo(verdict);
    }

    @Test
    void smokescreen_tells_what_is_lost() throws IOException {
        ImportedRules rules = ImportedRules.ofResource(ImportSource.SMOKESCREEN, "smokescreen.yaml");

        assertThat(rules.losses())
                .anyMatch(loss -> loss.startsWith("smokescreen.yaml:12:7: services[0].mitm_domains: TLS is not opened"))
                .anyMatch(loss -> loss.contains("paste.example is in the service's own list"))
                .anyMatch(loss -> loss.contains("services[2].action: report lets pass"))
                .anyMatch(loss -> loss.contains("\"Legacy_Job\" cannot be the name of a service account"))
                .anyMatch(loss -> loss.contains("status.example is left out"))
                .anyMatch(loss -> loss.contains("ports"))
                .hasSize(6);
        assertThat(rules.text())
                .contains("# - smokescreen.yaml:12:7: services[0].mitm_domains")
                .contains("owner: \"team-money\"");
    }

    @ParameterizedTest
    @CsvSource({
        "report, default/listed, a.test:443, allowed",
        "report, default/listed, b.test:443, denied",
        "report, default/other,  d.test:443, allowed",
        "report, default/other,  b.test:443, watched",
        "report, default/trial,  t.test:443, allowed",
        "report, default/trial,  b.test:443, watched",
        "open,   default/listed, b.test:443, denied",
        "open,   default/other,  b.test:443, allowed",
        "open,   default/trial,  b.test:443, watched",
        "report, 192.0.2.7,      d.test:443, denied",
        "open,   192.0.2.7,      d.test:443, denied",
        "open,   2001:db8::7,    d.test:443, denied",
    })
    void smokescreens_default_is_for_everybody_else(String action, String who, String target, String verdict) {
        ImportedRules rules = ImportedRules.of(ImportSource.SMOKESCREEN, """
                version: v1
                services:
                - {name: listed, project: p, action: enforce, allowed_domains: [a.test]}
                - {name: trial, project: p, action: report, allowed_domains: [t.test]}
                default: {name: d, project: p, action: %s, allowed_domains: [d.test]}
                """.formatted(action));

        assertThat(rules.verdict(who, target)).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "ci/builder,   github.com:443,            allowed",
        "ci/builder,   api.github.com:443,        denied",
        "ci/builder,   api-1.example.com:443,     denied",
        "ci/builder,   proxy.example.com:8080,    allowed",
        "ci/builder,   proxy.example.com:8081,    denied",
        "ci/builder,   proxy.example.com:8082,    allowed",
        "ci/builder,   proxy.example.com:443,     denied",
        "ci/builder,   web.example.com:80,        denied",
        "ci/builder,   any-port.example.com:443,  allowed",
        "ci/other,     anything.example:443,      allowed",
        "shop/a,       api.bank.example:443,      allowed",
        "shop/a,       github.com:443,            denied",
        "books/press,  printer.example:443,       denied",
        "books/other,  anything.example:443,      denied",
        "audit/a,      anything.example:443,      denied",
        "open/a,       anything.example:443,      allowed",
    })
    void cilium(String who, String target, String verdict) throws IOException {
        assertThat(ImportedRules.ofResource(ImportSource.CILIUM, "cilium.yaml").verdict(who, target))
                .isEqualTo(verdict);
    }

    @Test
    void cilium_tells_what_is_lost() throws IOException {
        assertThat(ImportedRules.ofResource(ImportSource.CILIUM, "cilium.yaml").losses())
                .anyMatch(loss -> loss.startsWith("cilium.yaml:25:") && loss.contains("\"*.github.com\" is left out"))
                .anyMatch(loss -> loss.contains("\"api-*.example.com\" is left out"))
                .anyMatch(loss -> loss.contains("toEndpoints: what is within the cluster"))
                .anyMatch(loss -> loss.contains("rules: TLS is not opened here"))
                .anyMatch(loss -> loss.contains("toCIDRSet: verdicts are by name"))
                .anyMatch(loss -> loss.contains("it is for every port"))
                .anyMatch(loss -> loss.contains("refused by the address guard"))
                .anyMatch(loss -> loss.contains("say --account-label app"))
                .anyMatch(loss -> loss.contains("every host is denied"))
                .anyMatch(loss -> loss.contains("ingress alone"))
                .hasSize(10);
    }

    @ParameterizedTest
    @CsvSource({
        "ci/builder,  api.github.com:443,     allowed",
        "books/press, printer.example:443,    denied",
        "books/other, anything.example:443,   allowed",
    })
    void cilium_with_what_the_user_knows_besides(String who, String target, String verdict) throws IOException {
        ImportOptions options = new ImportOptions("istio-system", "default", "x", "app", true);
        ImportedRules rules =
                ImportedRules.of(ImportSource.CILIUM, "cilium.yaml", ImportedRules.resource("cilium.yaml"), options);

        assertThat(rules.verdict(who, target)).isEqualTo(verdict);
        assertThat(rules.text()).contains("# Wildcards that were for one label are for any number of labels here");
    }

    @ParameterizedTest
    @CsvSource({
        "toEntities: [all],                       denied",
        "toEntities: [cluster],                   allowed",
        "'toCIDR: [10.0.0.0/8, 169.254.1.1/32]',  allowed",
        "toCIDR: [0.0.0.0/0],                     denied",
        "toGroups: [],                            denied",
        "'toPorts: [{ports: [{port: \"443\"}]}]', denied",
        "'toPorts: [{ports: [{port: https}]}]',   denied",
        "'toPorts: [{ports: [{port: \"443\", protocol: UDP}]}]', allowed",
        "'toPorts: [{ports: [{port: \"0\"}]}]',   denied",
    })
    void denials_of_cilium_deny_no_less(String rule, String verdict) {
        ImportedRules rules = ImportedRules.of(ImportSource.CILIUM, """
                kind: CiliumNetworkPolicy
                metadata: {name: p, namespace: a}
                spec:
                  endpointSelector: {}
                  egress:
                  - toFQDNs: [{matchName: x.test}]
                    toPorts: [{ports: [{port: "443"}]}]
                  egressDeny:
                  - %s
                """.formatted(rule));

        assertThat(rules.verdict("a/b", "x.test:443")).isEqualTo(verdict);
    }

    @ParameterizedTest
    @CsvSource({
        "shop/a, api.bank.example:443,    allowed",
        "shop/a, api.bank.example:8443,   denied",
        "shop/a, a.b.cdn.example:443,     allowed",
        "shop/a, cdn.example:443,         denied",
        "shop/a, files.cdn.example:443,   denied",
        "shop/a, plain.example:443,       denied",
        "shop/a, plain.example:80,        denied",
        "shop/a, db.example:5432,         denied",
        "lab/a,  anything.example:443,    allowed",
    })
    void linkerd(String who, String target, String verdict) throws IOException {
        assertThat(ImportedRules.ofResource(ImportSource.LINKERD, "linkerd.yaml")
                        .verdict(who, target))
                .isEqualTo(verdict);
    }

    @Test
    void linkerd_tells_what_is_lost() throws IOException {
        assertThat(ImportedRules.ofResource(ImportSource.LINKERD, "linkerd.yaml")
                        .losses())
                .anyMatch(loss ->
                        loss.startsWith("linkerd.yaml:30:1: TLSRoute mirror: left out: it leads to another place"))
                .anyMatch(loss -> loss.contains("HTTPRoute plain: left out: it is for requests in clear"))
                .anyMatch(loss -> loss.contains("TCPRoute anything: left out"))
                .anyMatch(loss -> loss.contains("EgressNetwork watch: it allows what no route names"))
                .hasSize(4);
    }

    @Test
    void a_global_network_of_linkerd_opens_nothing_that_another_closes() {
        String network = """
                ---
                kind: EgressNetwork
                metadata: {name: %1$s, namespace: %2$s}
                spec: {trafficPolicy: Deny}
                ---
                kind: TLSRoute
                metadata: {name: r, namespace: %2$s}
                spec:
                  parentRefs: [{kind: EgressNetwork, name: %1$s}]
                  hostnames: [%3$s]
                  rules: [{backendRefs: [{kind: EgressNetwork, name: %1$s}]}]
                """;
        ImportedRules rules = ImportedRules.of(
                ImportSource.LINKERD,
                network.formatted("all", "linkerd-egress", "global.test")
                        + network.formatted("own", "shop", "own.test"));
        ImportedRules alone =
                ImportedRules.of(ImportSource.LINKERD, network.formatted("all", "linkerd-egress", "global.test"));

        assertThat(rules.verdict("shop/a", "own.test:443")).isEqualTo("allowed");
        assertThat(rules.verdict("shop/a", "global.test:443")).isEqualTo("denied");
        assertThat(rules.verdict("other/a", "global.test:443")).isEqualTo("denied");
        assertThat(alone.verdict("other/a", "global.test:443")).isEqualTo("allowed");
        assertThat(alone.verdict("other/a", "x.test:443")).isEqualTo("denied");
    }

    @ParameterizedTest
    @CsvSource({
        "default/build,   github.com:443,         allowed",
        "default/build,   mirror.example:8443,    allowed",
        "default/build,   mirror.example:443,     denied",
        "default/build,   a.blob.core.example:443, denied",
        "default/test,    registry.npmjs.org:443, allowed",
        "default/test,    anything.example:443,   watched",
        "default/release, github.com:443,         denied",
        "default/lint,    anything.example:443,   allowed",
    })
    void harden_runner(String who, String target, String verdict) throws IOException {
        assertThat(ImportedRules.ofResource(ImportSource.HARDEN_RUNNER, "harden-runner.yaml")
                        .verdict(who, target))
                .isEqualTo(verdict);
    }

    @Test
    void harden_runner_tells_what_is_lost() throws IOException {
        assertThat(ImportedRules.ofResource(ImportSource.HARDEN_RUNNER, "harden-runner.yaml")
                        .losses())
                .anyMatch(loss -> loss.contains("\"*.blob.core.example\" is left out"))
                .anyMatch(loss -> loss.contains("\"192.0.2.7\" is left out"))
                .anyMatch(loss -> loss.contains("\"proxy.example:http\" is left out"))
                .anyMatch(loss -> loss.contains("in the policy store"))
                .anyMatch(loss -> loss.contains("jobs.lint: the job has no step"))
                .hasSize(5);
    }

    @ParameterizedTest
    @CsvSource({
        "SMOKESCREEN,   'version: v2\nservices: []'",
        "SMOKESCREEN,   'version: v1\nservices: [{name: a, project: p, action: maybe}]'",
        "SMOKESCREEN,   'version: v1\nservices: []\nglobal_deny_list: evil.test'",
        "SMOKESCREEN,   'version: v1\nservices: []\nglobal_deny_list: [\"e*.test\"]'",
        "SMOKESCREEN,   'version: v1\nservices: [{name: a, action: open}, {name: a, action: open}]'",
        "CILIUM,        'kind: NetworkPolicy'",
        "CILIUM,        'kind: CiliumNetworkPolicy\nmetadata: {name: a, namespace: \"a/b\"}\nspec: {egress: []}'",
        "CILIUM,        'kind: CiliumNetworkPolicy\nspec: {endpointSelector: {}, egressDeny: none}'",
        "LINKERD,       'kind: TLSRoute'",
        "LINKERD,       'kind: EgressNetwork\nspec: {trafficPolicy: Maybe}'",
        "HARDEN_RUNNER, 'jobs: {a: {steps: [{run: make}]}}'",
        "HARDEN_RUNNER, 'a: 1'",
        "SQUID,         'http_port 3128'",
        "SQUID,         'include /etc/squid/conf.d/*.conf\nhttp_access allow all'",
        "SQUID,         'http_access permit all'",
        "SMOKESCREEN,   'a: [b'",
        "CILIUM,        ''",
    })
    void what_is_no_such_file_is_refused(ImportSource source, String text) {
        assertThatThrownBy(() -> ImportedRules.of(source, text)).isInstanceOf(ImportException.class);
    }

    @Test
    void aliases_that_multiply_are_refused() {
        StringBuilder bomb = new StringBuilder("version: v1\nservices: []\na0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            bomb.append("a").append(i).append(": &a").append(i).append(" [");
            bomb.append(("*a" + (i - 1) + ", ").repeat(9)).append("]\n");
        }

        assertThatThrownBy(() -> ImportedRules.of(ImportSource.SMOKESCREEN, bomb.toString()))
                .isInstanceOf(ImportException.class);
    }

    @Test
    void many_rules_of_one_long_list_are_refused() {
        StringBuilder squid = new StringBuilder("acl sites dstdomain");
        for (int i = 0; i < 2000; i++) {
            squid.append(" h").append(i).append(".test");
        }
        squid.append('\n').append("http_access allow sites\n".repeat(1000));
        byte[] content = squid.toString().getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> PolicyImport.read(ImportSource.SQUID, "in", content, ImportedRules.OPTIONS))
                .isInstanceOf(ImportException.class)
                .hasMessageContaining("400000 hosts");
    }

    @Test
    void texts_of_the_source_steer_nothing() {
        ImportedRules rules = ImportedRules.of(ImportSource.SMOKESCREEN, """
                version: v1
                services:
                - {name: a, project: "p\\"\\n  tier: platform\\e[2J", action: enforce, allowed_domains: ["x.test\\n- y"]}
                """);

        assertThat(rules.text()).doesNotContain("\u001b").doesNotContain("\n  tier: platform");
        assertThat(rules.verdict("default/a", "x.test:443")).isEqualTo("denied");
    }

    @Test
    void a_policy_in_harden_runners_store_may_block_whatever_the_file_says() {
        ImportedRules rules = ImportedRules.of(ImportSource.HARDEN_RUNNER, """
                jobs:
                  build:
                    steps:
                    - uses: step-security/harden-runner@v2
                      with: {egress-policy: audit, policy: of-the-store, allowed-endpoints: "a.test:443"}
                """);

        assertThat(rules.verdict("default/build", "a.test:443")).isEqualTo("allowed");
        assertThat(rules.verdict("default/build", "b.test:443")).isEqualTo("denied");
    }
}
