package dev.exeat.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.exeat.model.HostPort;
import dev.exeat.model.ObjectKey;
import dev.exeat.model.Problem;
import dev.exeat.model.Reason;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Gateway, VirtualService, DestinationRule and EnvoyFilter objects, as Istio's page on wildcard hosts has them. */
final class RoutingTest {
    static final String ENTRY =
            RegistryTest.entry("wikipedia", "*.wikipedia.org, www.wikipedia.org", RegistryTest.tls(443));

    static final String PROXY_ENTRY = """
            ---
            apiVersion: networking.istio.io/v1alpha3
            kind: ServiceEntry
            metadata:
              name: sni-proxy
            spec:
              hosts: [sni-proxy.local]
              location: MESH_EXTERNAL
              ports:
              - number: 8443
                name: tcp
                protocol: TCP
              resolution: STATIC
              endpoints:
              - address: 127.0.0.1
            """;

    static String object(String kind, String name, String spec) {
        return """
                ---
                apiVersion: networking.istio.io/v1alpha3
                kind: %s
                metadata:
                  name: %s
                  namespace: default
                spec:
                %s
                """.formatted(kind, name, spec.indent(2).stripTrailing());
    }

    static String gateway(String hosts, String mode) {
        return gateway("app: " + PolicyFixture.GATEWAY_APP, hosts, mode);
    }

    static String gateway(String label, String hosts, String mode) {
        return object("Gateway", "egress", """
                selector:
                  %s
                servers:
                - port:
                    number: 443
                    name: tls-egress
                    protocol: TLS
                  hosts: [%s]
                  tls:
                    mode: %s
                """.formatted(label, hosts, mode));
    }

    static String routes(String destination, int port) {
        return object("VirtualService", "through-gateway", """
                hosts: ['*.wikipedia.org']
                gateways:
                - mesh
                - egress
                tls:
                - match:
                  - gateways: [mesh]
                    port: 443
                    sniHosts: ['*.wikipedia.org']
                  route:
                  - destination:
                      host: istio-egressgateway-with-sni-proxy.istio-system.svc.cluster.local
                      subset: wikipedia
                      port:
                        number: 443
                    weight: 100
                tcp:
                - match:
                  - gateways: [egress]
                    port: 443
                  route:
                  - destination:
                      host: %s
                      port:
                        number: %d
                    weight: 100
                """.formatted(destination, port));
    }

    private static PolicyFixture of(String... objects) {
        return new PolicyFixture().registryOnly().yaml(ENTRY + PROXY_ENTRY + String.join("\n", objects));
    }

    private static @Nullable HostPort upstream(PolicyFixture policy, @Nullable String account, String host) {
        return policy.decide(account, host) instanceof Permit permit ? permit.upstream() : null;
    }

    @Test
    void without_gateways_each_name_leads_to_itself() {
        assertThat(upstream(of(), "sleep", "en.wikipedia.org")).hasToString("en.wikipedia.org:443");
    }

    @Test
    void the_mutual_tls_variant_of_the_page_leads_each_name_to_itself() {
        PolicyFixture policy = of(gateway("'*.wikipedia.org'", "MUTUAL"), routes("sni-proxy.local", 8443));

        assertThat(upstream(policy, "sleep", "en.wikipedia.org")).hasToString("en.wikipedia.org:443");
        assertThat(policy.compilation().problems()).isEmpty();
    }

    @Test
    void a_gateway_decides_which_names_and_ports_its_listener_takes() {
        PolicyFixture policy = of(gateway("en.wikipedia.org", "ISTIO_MUTUAL"));

        assertThat(upstream(policy, "sleep", "en.wikipedia.org")).isNotNull();
        assertThat(policy.decide("sleep", "de.wikipedia.org")).isInstanceOfSatisfying(Denial.class, denial -> {
            assertThat(denial.reason()).isEqualTo(Reason.HOST_UNKNOWN);
            assertThat(denial.message()).isEqualTo("no Gateway takes de.wikipedia.org:443 on the tunnel listener");
        });
        assertThat(upstream(policy, null, "en.wikipedia.org")).isNull();
    }

    @Test
    void a_gateway_that_passes_tls_through_is_for_the_plain_listener() {
        PolicyFixture policy = of(gateway("'*.wikipedia.org'", "PASSTHROUGH"));

        assertThat(upstream(policy, null, "en.wikipedia.org")).isNotNull();
        assertThat(upstream(policy, "sleep", "en.wikipedia.org")).isNull();
    }

    @Test
    void a_gateway_for_others_does_nothing_and_says_so() {
        PolicyFixture policy = of(gateway("istio: other", "x.test", "MUTUAL"));

        assertThat(upstream(policy, "sleep", "en.wikipedia.org")).isNotNull();
        assertThat(effect(policy, "Gateway", "egress"))
                .isEqualTo("nothing: it selects gateways labelled {istio=other}, and this one is not");
    }

    private static @Nullable String effect(PolicyFixture policy, String kind, String name) {
        Map<ObjectKey, String> effects = policy.compilation().effects();
        return effects.get(new ObjectKey("networking.istio.io", kind, "default", name));
    }

    @Test
    void a_route_may_lead_every_name_to_one_server() {
        PolicyFixture policy = of(gateway("'*.wikipedia.org'", "MUTUAL"), routes("www.wikipedia.org", 443));

        assertThat(upstream(policy, "sleep", "en.wikipedia.org")).hasToString("www.wikipedia.org:443");
    }

    @Test
    void a_route_into_the_unknown_denies_and_is_reported() {
        PolicyFixture policy = of(gateway("'*.wikipedia.org'", "MUTUAL"), routes("nowhere.test", 443));

        assertThat(policy.decide("sleep", "en.wikipedia.org"))
                .isInstanceOfSatisfying(
                        Denial.class,
                        denial -> assertThat(denial.message())
                                .isEqualTo(
                                        "VirtualService/default/through-gateway leads to nowhere.test, which no ServiceEntry"
                                                + " makes known"));
        assertThat(policy.compilation().problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.field()).isEqualTo("spec.tcp[0].route[0].destination.host"));
    }

    @Test
    void a_name_without_a_route_is_refused() {
        PolicyFixture policy = of(gateway("'*'", "MUTUAL"), routes("sni-proxy.local", 8443))
                .yaml(RegistryTest.entry("other", "x.test", RegistryTest.tls(443)));

        assertThat(policy.decide("sleep", "x.test"))
                .isInstanceOfSatisfying(
                        Denial.class,
                        denial -> assertThat(denial.message())
                                .isEqualTo("no VirtualService routes x.test:443 from a Gateway of this gateway"));
    }

    @Test
    void objects_of_the_page_say_what_they_do() {
        PolicyFixture policy = of(
                gateway("'*.wikipedia.org'", "MUTUAL"),
                routes("sni-proxy.local", 8443),
                object("DestinationRule", "egressgateway-for-wikipedia", "host: gw.istio-system.svc.cluster.local"),
                object("EnvoyFilter", "egress-gateway-sni-verifier", """
                        workloadLabels:
                          app: istio-egressgateway-with-sni-proxy
                        filters:
                        - listenerMatch:
                            portNumber: 443
                            listenerType: GATEWAY
                          filterName: envoy.filters.network.sni_verifier
                          filterType: NETWORK
                          filterConfig: {}
                        """));

        assertThat(effect(policy, "Gateway", "egress"))
                .isEqualTo("the gateway takes *.wikipedia.org on port 443 on the tunnel listener");
        assertThat(effect(policy, "VirtualService", "through-gateway"))
                .isEqualTo("workload proxies send *.wikipedia.org to the gateway, as they send everything; the gateway"
                        + " sends *.wikipedia.org to the name that the client asks for; the SNI proxy is built in");
        assertThat(effect(policy, "DestinationRule", "egressgateway-for-wikipedia"))
                .startsWith("nothing is set for gw.istio-system.svc.cluster.local:");
        assertThat(effect(policy, "EnvoyFilter", "egress-gateway-sni-verifier"))
                .isEqualTo("built in: the names that a client gives must agree, or it is refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"filterName: envoy.lua", "filterName: ''"})
    void a_filter_that_is_not_built_in_is_refused(String name) {
        PolicyFixture policy = of(object("EnvoyFilter", "f", "filters:\n- " + name + "\n  filterType: NETWORK"));

        assertThat(policy.check()).anyMatch(Problem::isError);
    }

    @Test
    void a_broken_gateway_takes_nothing() {
        assertThat(upstream(of(gateway("'*.wikipedia.org'", "SIMPLE")), "sleep", "en.wikipedia.org"))
                .isNull();
    }
}
