package dev.exeat.identity;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.SpiffeId;

/**
 * A service account by namespace and name, each as Kubernetes has it: the namespace a DNS-1123 label, the name a
 * DNS-1123 subdomain.
 */
public record ServiceAccountRef(String namespace, String name) {
    /** The account of the gateway and the authority's API; it is known without a resource. */
    public static final ServiceAccountRef GATEWAY = new ServiceAccountRef("exeat-system", "exeat-gateway");

    private static final int MAX_LABEL = 63;
    private static final int MAX_NAME = 253;

    /** @throws InvalidNameException if either is not a name of that kind */
    public ServiceAccountRef {
        if (!isLabel(namespace)) {
            throw new InvalidNameException(
                    "a namespace has 1 to 63 letters a-z, digits and hyphens, and begins and ends with no hyphen");
        }
        if (!isSubdomain(name)) {
            throw new InvalidNameException(
                    "a service account's name has 1 to 253 letters a-z, digits, hyphens and dots,"
                            + " and each part between dots begins and ends with a letter or digit");
        }
    }

    /** The account that an ID of the form {@code spiffe://td/ns/NAMESPACE/sa/NAME} stands for. */
    public SpiffeId spiffeId(String trustDomain) {
        return SpiffeId.ofServiceAccount(trustDomain, namespace, name);
    }

    private static boolean isSubdomain(String text) {
        if (text.length() > MAX_NAME) {
            return false;
        }
        for (String part : text.split("\\.", -1)) {
            if (!isLabel(part)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLabel(String text) {
        if (text.isEmpty() || text.length() > MAX_LABEL || text.startsWith("-") || text.endsWith("-")) {
            return false;
        }
        return text.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    /** {@code namespace/name}. */
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
