package dev.exeat.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyChecksTest {
    private static final String EGRESS = """
            apiVersion: exeat.dev/v1alpha1
            kind: EgressPolicy
            metadata:
              name: %s
              namespace: istio-system
            spec:
            %s
            """;
    private static final String AUTHORIZATION = """
            apiVersion: security.istio.io/v1
            kind: AuthorizationPolicy
            metadata:
              name: %s
              namespace: istio-system
            spec:
              action: %s
              rules:
            %s
            """;

    private static String egress(String name, String spec) {
        return EGRESS.formatted(name, spec.indent(2));
    }

    private static String authorization(String name, String action, String rules) {
        return AUTHORIZATION.formatted(name, action, rules.indent(4));
    }

    @Test
    void tells_of_an_allowance_that_a_wider_one_covers() {
        assertThat(new Linting()
                        .allow("shop/wide", "*.example.org")
                        .egress("shop/narrow", "Allow", "serviceAccounts: [till]", "api.example.org", "example.org")
                        .findings("shadowed-entry"))
                .containsExactly(
                        "EgressPolicy/shop/narrow spec.destinations[0].hosts[0]: api.example.org allows nothing"
                                + " more: EgressPolicy/shop/wide[0] covers it");
    }

    @Test
    void of_two_that_are_alike_one_is_told_of() {
        assertThat(new Linting()
                        .allow("shop/a", "x.org")
                        .allow("shop/b", "x.org")
                        .findings("shadowed-entry"))
                .singleElement()
                .asString()
                .startsWith("EgressPolicy/shop/b ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "shop/a | Allow | | x.org | shop/b | Allow | | y.org",
                "shop/a | Allow | | *.x.org | shop/b | Allow | | x.org",
                "shop/a | Allow | serviceAccounts: [till] | x.org | shop/b | Allow | | x.org",
                "shop/a | Allow | | x.org | bank/b | Allow | | x.org",
                "shop/a | Allow | | x.org | shop/b | Deny | | x.org",
                "shop/a | Allow | | x.org | istio-system/b | Allow | | x.org",
            })
    void what_another_does_not_cover_is_not_shadowed(
            String one,
            String action,
            String sources,
            String host,
            String two,
            String other,
            String others,
            String name) {
        Linting linting = new Linting()
                .egress(one, action, sources == null ? "" : sources, host)
                .egress(two, other, others == null ? "" : others, name);

        // Of the last pair the wider covers the narrower, and not the other way round.
        assertThat(linting.findings("shadowed-entry"))
                .noneMatch(finding -> finding.startsWith("EgressPolicy/" + two))
                .hasSizeLessThanOrEqualTo(two.startsWith("istio-system") || sources != null ? 1 : 0);
    }

    @Test
    void conditions_ports_dates_and_exceptions_make_a_difference() {
        String wide = egress("wide", "destinations:\n  - hosts: [\"*.x.org\"]");

        assertThat(new Linting()
                        .with(egress(
                                "strict",
                                "destinations:\n  - hosts: [\"*.x.org\"]\nconditions:\n  minTlsVersion: TLS1.3"))
                        .with(egress("narrow", "destinations:\n  - hosts: [a.x.org]"))
                        .findings("shadowed-entry"))
                .isEmpty();
        assertThat(new Linting()
                        .with(wide)
                        .with(egress("narrow", "destinations:\n  - hosts: [a.x.org]\n    ports: [443, 8443]"))
                        .findings("shadowed-entry"))
                .isEmpty();
        assertThat(new Linting()
                        .with(egress("wide", "until: \"2027-01-01\"\ndestinations:\n  - hosts: [\"*.x.org\"]"))
                        .with(egress("narrow", "destinations:\n  - hosts: [a.x.org]"))
                        .findings("shadowed-entry"))
                .isEmpty();
        assertThat(new Linting()
                        .with(wide)
                        .with(egress("narrow", "destinations:\n  - hosts: [a.x.org]\n    cidrs: [10.1.2.0/24]"))
                        .findings("shadowed-entry"))
                .isEmpty();
        assertThat(new Linting()
                        .with(wide)
                        .with(egress("narrow", "until: \"2027-01-01\"\ndestinations:\n  - hosts: [a.x.org]"))
                        .findings("shadowed-entry"))
                .hasSize(1);
    }

    @Test
    void an_audit_covers_nothing() {
        assertThat(new Linting()
                        .with(egress("wide", "mode: Audit\ndestinations:\n  - hosts: [\"*.x.org\"]"))
                        .with(egress("narrow", "destinations:\n  - hosts: [a.x.org]"))
                        .findings("shadowed-entry"))
                .isEmpty();
    }

    @Test
    void an_identity_is_the_service_account_that_it_names() {
        assertThat(new Linting()
                        .with(egress(
                                "wide", "sources:\n  - namespaces: [shop]\ndestinations:\n  - hosts: [\"*.x.org\"]"))
                        .with(egress(
                                "narrow",
                                "sources:\n  - spiffeIds: [\"spiffe://cluster.local/ns/shop/sa/till\"]\ndestinations:\n"
                                        + "  - hosts: [a.x.org]"))
                        .with(egress(
                                "foreign",
                                "sources:\n  - spiffeIds: [\"spiffe://other.test/ns/shop/sa/till\"]\ndestinations:\n"
                                        + "  - hosts: [a.x.org]"))
                        .findings("shadowed-entry"))
                .singleElement()
                .asString()
                .contains("narrow");
    }

    @Test
    void tells_of_an_allowance_that_the_platform_denies() {
        Linting linting = new Linting()
                .with(egress("no", "tier: platform\naction: Deny\ndestinations:\n  - hosts: [\"*.x.org\"]"))
                .egress("shop/a", "Allow", "serviceAccounts: [till]", "files.x.org", "x.org");

        assertThat(linting.findings("denied-allowance"))
                .containsExactly("EgressPolicy/shop/a spec.destinations[0].hosts[0]: files.x.org allows nothing:"
                        + " EgressPolicy/istio-system/no[0] denies all of it");
    }

    @Test
    void a_denial_for_others_denies_nothing_of_an_allowance() {
        assertThat(new Linting()
                        .egress("shop/no", "Deny", "serviceAccounts: [clerk]", "x.org")
                        .egress("shop/a", "Allow", "serviceAccounts: [till]", "x.org")
                        .egress("shop/b", "Allow", "", "*.org")
                        .findings("denied-allowance"))
                .isEmpty();
    }

    @Test
    void tells_of_rules_of_authorization_policies_that_others_cover() {
        String narrow = """
                - from:
                    - source:
                        principals: ["cluster.local/ns/shop/sa/till"]
                  when:
                    - key: connection.sni
                      values: ["a.example.org"]
                """;
        String wide = """
                - from:
                    - source:
                        principals: ["cluster.local/ns/shop/*"]
                """;

        assertThat(new Linting()
                        .with(authorization("narrow", "ALLOW", narrow))
                        .with(authorization("wide", "ALLOW", wide))
                        .findings("shadowed-entry"))
                .containsExactly("AuthorizationPolicy/istio-system/narrow spec.rules[0]: the rule allows nothing more:"
                        + " AuthorizationPolicy/istio-system/wide[0] covers it");
        assertThat(new Linting()
                        .with(authorization("narrow", "ALLOW", narrow))
                        .with(authorization("wide", "DENY", wide))
                        .findings("denied-allowance"))
                .containsExactly("AuthorizationPolicy/istio-system/narrow spec.rules[0]: the rule allows nothing:"
                        + " AuthorizationPolicy/istio-system/wide[0] denies all of it");
        assertThat(new Linting()
                        .with(authorization("all", "ALLOW", "- {}"))
                        .with(authorization("narrow", "ALLOW", narrow))
                        .findings("shadowed-entry"))
                .singleElement()
                .asString()
                .contains("narrow");
    }

    @Test
    void a_rule_with_an_exclusion_or_for_another_gateway_covers_nothing() {
        String excluding = """
                - from:
                    - source:
                        principals: ["cluster.local/*"]
                        notNamespaces: [shop]
                """;
        String narrow = """
                - from:
                    - source:
                        principals: ["cluster.local/ns/shop/sa/till"]
                """;
        assertThat(new Linting()
                        .with(authorization("wide", "ALLOW", excluding))
                        .with(authorization("narrow", "ALLOW", narrow))
                        .findings("shadowed-entry"))
                .isEmpty();
        assertThat(new Linting()
                        .with(authorization("all", "ALLOW", "- {}").replace("istio-system", "elsewhere"))
                        .with(authorization("narrow", "ALLOW", narrow))
                        .findings("shadowed-entry"))
                .isEmpty();
    }

    @Test
    void an_allowance_by_namespace_covers_no_namesake_of_another_trust_domain() {
        String own = """
                - from:
                    - source:
                        namespaces: [shop]
                """;
        String foreign = """
                - from:
                    - source:
                        namespaces: [shop]
                        trustDomains: [other.test]
                """;
        assertThat(new Linting()
                        .with(authorization("a", "ALLOW", own))
                        .with(authorization("b", "ALLOW", foreign))
                        .findings("shadowed-entry"))
                .isEmpty();
        assertThat(new Linting()
                        .with(authorization("a", "DENY", own))
                        .with(authorization("b", "DENY", foreign))
                        .findings("shadowed-entry"))
                .hasSize(1);
        assertThat(new Linting()
                        .with(authorization("a", "ALLOW", own))
                        .with(authorization("b", "ALLOW", own))
                        .findings("shadowed-entry"))
                .hasSize(1);
    }

    @Test
    void tells_of_a_wildcard_of_the_registry_that_a_wider_one_covers() {
        assertThat(new Linting()
                        .serviceEntry("wide", 443, "*.example.org")
                        .serviceEntry("narrow", 443, "*.api.example.org", "www.example.org")
                        .findings("shadowed-entry"))
                .containsExactly("ServiceEntry/default/narrow spec.hosts[0]: *.api.example.org makes nothing known:"
                        + " ServiceEntry/default/wide[0] covers it");
        assertThat(new Linting()
                        .serviceEntry("wide", 443, "*.example.org")
                        .serviceEntry("narrow", 8443, "*.api.example.org")
                        .findings("shadowed-entry"))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Allow | Enforce | 2026-11-22 | until-passed | allows nothing",
                "Allow | Audit | 2026-11-22 | until-passed | is in force",
                "Deny | Audit | 2026-11-22 | until-passed | is in force",
                "Allow | Enforce | 2026-12-01 | until-soon | allows nothing then",
                "Deny | Audit | 2026-12-01 | until-soon | is in force then",
            })
    void tells_of_dates(String action, String mode, String until, String code, String what) {
        Linting linting = new Linting()
                .with(egress(
                        "a",
                        "action: " + action + "\nmode: " + mode + "\nuntil: \"" + until
                                + "\"\ndestinations:\n  - hosts: [x.org]"));

        assertThat(linting.findings(code))
                .singleElement()
                .asString()
                .startsWith("EgressPolicy/istio-system/a spec.until: ")
                .contains(what);
        assertThat(linting.findings(code.equals("until-soon") ? "until-passed" : "until-soon"))
                .isEmpty();
    }

    @Test
    void a_date_far_away_is_not_told_of() {
        Linting linting = new Linting().with(egress("a", "until: \"2027-06-01\"\ndestinations:\n  - hosts: [x.org]"));

        assertThat(linting.findings("until-soon")).isEmpty();
        assertThat(linting.findings("until-passed")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "a.x.org, 10.0.0.0/8, chooses among all",
        "a.x.org, 169.254.0.0/16, holds 169.254.169.254",
        "a.x.org, 127.0.0.0/8, holds 127.0.0.1",
        "a.x.org, fd00::/32, chooses among all",
        "*.x.org, 10.1.0.0/16, below a wildcard"
    })
    void tells_of_wide_exceptions(String host, String block, String why) {
        assertThat(new Linting()
                        .with(egress(
                                "a",
                                "destinations:\n  - hosts: [" + Linting.quoted(host) + "]\n    cidrs: ["
                                        + Linting.quoted(block) + "]"))
                        .findings("wide-exception"))
                .singleElement()
                .asString()
                .contains("spec.destinations[0].cidrs[0]")
                .contains(why);
    }

    @ParameterizedTest
    @CsvSource({"a.x.org, 10.1.0.0/16", "*.x.org, 10.1.2.0/24", "a.x.org, fd00:1:2::/48"})
    void the_network_of_a_service_is_no_wide_exception(String host, String block) {
        assertThat(new Linting()
                        .with(egress(
                                "a",
                                "destinations:\n  - hosts: [" + Linting.quoted(host) + "]\n    cidrs: ["
                                        + Linting.quoted(block) + "]"))
                        .findings("wide-exception"))
                .isEmpty();
    }

    private static final String ACCOUNT = """
            apiVersion: v1
            kind: ServiceAccount
            metadata:
              name: till
              namespace: shop
              labels:
                app: till
            """;

    @Test
    void tells_of_a_service_account_that_is_not_among_those_declared() {
        assertThat(new Linting()
                        .with(ACCOUNT)
                        .egress("shop/a", "Allow", "serviceAccounts: [tll]", "x.org")
                        .problems())
                .filteredOn(problem -> problem.code().equals("selects-nobody"))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.message()).contains("no service account shop/tll");
                    assertThat(problem.cure()).isEqualTo("did you mean \"shop/till\"?");
                });
        assertThat(new Linting()
                        .with(ACCOUNT)
                        .egress("shop/a", "Allow", "serviceAccounts: [till]", "x.org")
                        .egress("bank/a", "Allow", "serviceAccounts: [teller]", "x.org")
                        .findings("selects-nobody"))
                .isEmpty();
    }

    @Test
    void tells_of_labels_that_nobody_has() {
        String spec =
                "sources:\n  - serviceAccountSelector:\n      matchLabels:\n        app: %s\ndestinations:\n  - hosts: [x.org]";

        assertThat(new Linting()
                        .with(ACCOUNT)
                        .with(egress("a", spec.formatted("tll")))
                        .findings("selects-nobody"))
                .singleElement()
                .asString()
                .contains("spec.sources[0].serviceAccountSelector: no ServiceAccount has these labels");
        assertThat(new Linting()
                        .with(ACCOUNT)
                        .with(egress("a", spec.formatted("till")))
                        .findings("selects-nobody"))
                .isEmpty();
        assertThat(new Linting().with(egress("a", spec.formatted("tll"))).findings("selects-nobody"))
                .isEmpty();
    }

    private static final String SERVICE = """
            apiVersion: networking.istio.io/v1
            kind: VirtualService
            metadata:
              name: %s
              namespace: istio-system
            spec:
              hosts: ["*.example.org"]
              gateways: [out]
              tls:
                - match:
                    - port: 443
                      sniHosts: ["*.example.org"]
                  route:
                    - destination:
                        host: %s
            """;

    @Test
    void tells_of_routes_that_lead_to_different_places() {
        assertThat(new Linting()
                        .with(SERVICE.formatted("a", "one.test.org"))
                        .with(SERVICE.formatted("b", "two.test.org"))
                        .findings("conflicting-routes"))
                .containsExactly("VirtualService/istio-system/b spec.tls[0].route[0].destination.host: *.example.org is"
                        + " routed to two.test.org here and to one.test.org by VirtualService/istio-system/a, which comes"
                        + " first by name and decides");
        assertThat(new Linting()
                        .with(SERVICE.formatted("a", "one.test.org"))
                        .with(SERVICE.formatted("b", "one.test.org"))
                        .findings("conflicting-routes"))
                .isEmpty();
    }
}
