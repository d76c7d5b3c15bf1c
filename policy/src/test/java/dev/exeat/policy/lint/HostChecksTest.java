package dev.exeat.policy.lint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.testkit.Case;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostChecksTest {

    @ParameterizedTest
    @CsvSource({
        "*.co.uk, co.uk is a public suffix",
        "*.github.io, github.io is a platform",
        "*.amazonaws.com, anyone may have a name below",
        "*.com, com is a public suffix"
    })
    void tells_of_a_wildcard_for_names_of_many_owners(String host, String why) {
        assertThat(new Linting().allow("shop/all", host).findings("public-suffix-wildcard"))
                .singleElement()
                .asString()
                .startsWith("EgressPolicy/shop/all spec.destinations[0].hosts[0]: " + host + " covers")
                .contains(why);
        assertThat(new Linting().serviceEntry("all", 443, host).findings("public-suffix-wildcard"))
                .hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*.example.co.uk", "*.wikipedia.org", "co.uk", "*", "*.internal"})
    void a_wildcard_of_one_owner_is_no_public_suffix(String host) {
        assertThat(new Linting().allow("shop/all", host).findings("public-suffix-wildcard"))
                .isEmpty();
    }

    @Test
    void denials_may_be_as_wide_as_they_like() {
        assertThat(new Linting().egress("shop/no", "Deny", "", "*.co.uk").findings("public-suffix-wildcard"))
                .isEmpty();
    }

    @Test
    void a_host_set_counts_if_something_is_allowed_by_it() {
        String set = """
                apiVersion: exeat.dev/v1alpha1
                kind: HostSet
                metadata:
                  name: wide
                  namespace: shop
                spec:
                  hosts: ["*.co.uk"]
                """;
        String policy = """
                apiVersion: exeat.dev/v1alpha1
                kind: EgressPolicy
                metadata:
                  name: by-set
                  namespace: shop
                spec:
                  action: %s
                  destinations:
                    - hostSets: [wide]
                """;

        assertThat(new Linting().with(set).with(policy.formatted("Allow")).findings("public-suffix-wildcard"))
                .hasSize(1);
        assertThat(new Linting().with(set).with(policy.formatted("Deny")).findings("public-suffix-wildcard"))
                .isEmpty();
        assertThat(new Linting().with(set).findings("unused-object"))
                .containsExactly("HostSet/shop/wide : no EgressPolicy names it");
        assertThat(new Linting().with(set).with(policy.formatted("Deny")).findings("unused-object"))
                .isEmpty();
    }

    @Test
    void tells_of_foreign_letters_and_shows_them() {
        assertThat(new Linting().allow("shop/a", "xn--80ak6aa92e.com").findings("look-alike-name"))
                .singleElement()
                .asString()
                .contains("reads аррӏе.com")
                .contains("looks like apple");
        assertThat(new Linting().allow("shop/a", "xn--pple-43d.com").findings("look-alike-name"))
                .singleElement()
                .asString()
                .contains("reads аpple.com");
        assertThat(new Linting().allow("shop/a", "пример例.com").findings("look-alike-name"))
                .singleElement()
                .asString()
                .contains("mixes letters of Cyrillic and Han");
        assertThat(new Linting()
                        .allow("shop/a", "bücher.example.com", "пример.com")
                        .findings("look-alike-name"))
                .isEmpty();
    }

    @Test
    void tells_of_a_name_beside_one_that_looks_the_same() {
        assertThat(new Linting()
                        .allow("shop/a", "www.example.com")
                        .allow("shop/b", "api.examp1e.com")
                        .findings("look-alike-name"))
                .singleElement()
                .asString()
                .startsWith("EgressPolicy/shop/b spec.destinations[0].hosts[0]: examp1e.com looks like example.com")
                .contains("EgressPolicy/shop/a names");
        assertThat(new Linting()
                        .allow("shop/a", "a1.example.com", "al.example.com", "example.org")
                        .findings("look-alike-name"))
                .isEmpty();
        assertThat(new Linting()
                        .allow("shop/a", "www.example.com")
                        .egress("shop/b", "Deny", "", "examp1e.com")
                        .findings("look-alike-name"))
                .isEmpty();
    }

    @ParameterizedTest
    @Case("E10")
    @ValueSource(strings = {"cloudflare-ech.com", "*.cloudflare-ech.com", "*.com"})
    void tells_of_the_public_name_of_encrypted_hellos(String host) {
        assertThat(new Linting().allow("shop/a", host).findings("ech-public-name"))
                .singleElement()
                .asString()
                .contains("covers cloudflare-ech.com");
        assertThat(new Linting().egress("shop/a", "Deny", "", host).findings("ech-public-name"))
                .isEmpty();
    }

    @Test
    void a_public_name_is_safe_without_encrypted_hellos() {
        assertThat(new Linting().with("""
                                apiVersion: exeat.dev/v1alpha1
                                kind: EgressPolicy
                                metadata:
                                  name: a
                                  namespace: shop
                                spec:
                                  destinations:
                                    - hosts: [cloudflare-ech.com]
                                  conditions:
                                    ech: false
                                """).findings("ech-public-name")).isEmpty();
        assertThat(new Linting().allow("shop/a", "www.cloudflare.com", "*").findings("ech-public-name"))
                .isEmpty();
    }

    @Test
    void tells_of_an_apex_that_is_used_and_not_covered() {
        assertThat(new Linting()
                        .serviceEntry("example", 443, "*.example.org")
                        .allow("shop/a", "example.org")
                        .findings("apex-not-covered"))
                .singleElement()
                .asString()
                .startsWith("ServiceEntry/default/example spec.hosts[0]: *.example.org does not cover example.org")
                .contains("EgressPolicy/shop/a names");
    }

    @Test
    void an_apex_that_is_covered_or_not_used_is_no_mistake() {
        assertThat(new Linting()
                        .serviceEntry("example", 443, "*.example.org")
                        .serviceEntry("apex", 443, "example.org")
                        .allow("shop/a", "example.org")
                        .findings("apex-not-covered"))
                .isEmpty();
        assertThat(new Linting()
                        .serviceEntry("example", 443, "*.example.org")
                        .allow("shop/a", "www.example.org")
                        .findings("apex-not-covered"))
                .isEmpty();
        assertThat(new Linting()
                        .allow("shop/a", "*.example.org")
                        .egress("shop/b", "Deny", "", "example.org")
                        .findings("apex-not-covered"))
                .isEmpty();
    }

    @Test
    void tells_of_hosts_that_a_list_covers_twice() {
        assertThat(new Linting()
                        .serviceEntry(
                                "example", 443, "*.example.org", "*.api.example.org", "a.example.org", "b.test.org")
                        .findings("overlapping-wildcard"))
                .satisfiesExactly(
                        one -> assertThat(one).contains("spec.hosts[1]: *.api.example.org adds nothing"),
                        two -> assertThat(two).contains("spec.hosts[2]: a.example.org adds nothing: *.example.org"));
        assertThat(new Linting().allow("shop/a", "a.test.org", "A.test.org").findings("overlapping-wildcard"))
                .singleElement()
                .asString()
                .contains("hosts[1]: a.test.org adds nothing: it stands in the list twice");
    }

    @Test
    void hosts_of_different_lists_and_an_apex_do_not_overlap() {
        assertThat(new Linting()
                        .serviceEntry("a", 443, "*.example.org", "example.org")
                        .serviceEntry("b", 8443, "*.api.example.org")
                        .findings("overlapping-wildcard"))
                .isEmpty();
    }

    @Test
    void tells_of_a_suffix_without_a_dot() {
        String policy = """
                apiVersion: security.istio.io/v1
                kind: AuthorizationPolicy
                metadata:
                  name: a
                  namespace: istio-system
                spec:
                  rules:
                    - when:
                        - key: connection.sni
                          values: ["%s"]
                """;
        assertThat(new Linting().with(policy.formatted("*example.com")).findings("suffix-without-dot"))
                .singleElement()
                .asString()
                .contains("spec.rules[0].when[0].values[0]")
                .contains("evilexample.com");
        assertThat(new Linting().with(policy.formatted("*.example.com")).findings("suffix-without-dot"))
                .isEmpty();
        assertThat(new Linting().with(policy.formatted("*")).findings("suffix-without-dot"))
                .isEmpty();
    }

    @Test
    void tells_of_a_host_that_no_service_entry_admits() {
        Linting linting = new Linting()
                .registryOnly()
                .serviceEntry("example", 443, "*.example.org")
                .serviceEntry("odd", 8443, "odd.test.org")
                .allow("shop/a", "www.example.org", "example.com", "odd.test.org", "*.org", "*");

        assertThat(linting.findings("unreachable-host"))
                .containsExactly(
                        "EgressPolicy/shop/a spec.destinations[0].hosts[1]: allowing example.com has no effect: no"
                                + " ServiceEntry admits example.com",
                        "EgressPolicy/shop/a spec.destinations[0].hosts[2]: allowing odd.test.org has no effect: no"
                                + " ServiceEntry admits odd.test.org on port 443");
    }

    @Test
    void every_host_is_known_without_a_registry() {
        assertThat(new Linting()
                        .serviceEntry("example", 443, "a.example.org")
                        .allow("shop/a", "b.org")
                        .findings("unreachable-host"))
                .isEmpty();
        assertThat(new Linting().registryOnly().allow("shop/a", "b.org").findings("unreachable-host"))
                .isEmpty();
    }

    @Test
    void tells_of_a_host_that_no_gateway_takes() {
        String gateway = """
                apiVersion: networking.istio.io/v1
                kind: Gateway
                metadata:
                  name: out
                  namespace: istio-system
                spec:
                  selector:
                    app: %s
                  servers:
                    - hosts: ["*.example.org"]
                      port:
                        number: 443
                        name: tls
                        protocol: TLS
                      tls:
                        mode: PASSTHROUGH
                """;
        String own = gateway.formatted("istio-egressgateway-with-sni-proxy");

        assertThat(new Linting()
                        .with(own)
                        .allow("shop/a", "a.example.org", "a.test.org")
                        .findings("unreachable-host"))
                .singleElement()
                .asString()
                .contains("hosts[1]")
                .contains("no Gateway of this gateway takes a.test.org on port 443");
        assertThat(new Linting()
                        .with(gateway.formatted("another"))
                        .allow("shop/a", "a.test.org")
                        .findings("unreachable-host"))
                .isEmpty();
    }
}
