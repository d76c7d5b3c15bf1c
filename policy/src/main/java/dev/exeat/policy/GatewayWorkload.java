package dev.exeat.policy;

/**
 * The gateway as a workload: what policy expressions see as {@code source.workload.name} and its like, since
 * Mixer's reports come from the gateway.
 *
 * @param uid for example {@code kubernetes://gateway-0.istio-system}
 * @param principal the gateway's own SPIFFE ID without the scheme
 */
public record GatewayWorkload(String uid, String name, String namespace, String serviceAccount, String principal) {

    /** The trust domain of the gateway, and so of the clients that policies name by service account or namespace. */
    public String trustDomain() {
        return principal.substring(0, principal.indexOf('/'));
    }
}
