package dev.exeat.identity;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The host names and addresses that a gateway's certificate carries beside its SPIFFE ID, so that clients that know
 * nothing of SPIFFE can verify it. They come from configuration, never from a request.
 */
public record SanNames(List<String> dnsNames, List<IpAddress> addresses) {
    public static final SanNames NONE = new SanNames(List.of(), List.of());

    private static final int MAX_NAMES = 64;
    private static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL = 63;

    /** @throws InvalidNameException if a name is no lower-case host name, or there are more than 64 */
    public SanNames {
        dnsNames = List.copyOf(dnsNames);
        addresses = List.copyOf(addresses);
        if (dnsNames.size() + addresses.size() > MAX_NAMES) {
            throw new InvalidNameException("a certificate carries at most " + MAX_NAMES + " names");
        }
        dnsNames.forEach(SanNames::checkName);
    }

    /**
     * {@code localhost}, 127.0.0.1 and ::1, and what is configured: each a host name or an address.
     *
     * @throws InvalidNameException if one is neither
     */
    public static SanNames loopbackAnd(List<String> namesOrAddresses) {
        Set<String> names = new LinkedHashSet<>(List.of("localhost"));
        Set<IpAddress> addresses = new LinkedHashSet<>(List.of(IpAddress.parse("127.0.0.1"), IpAddress.parse("::1")));
        for (String text : namesOrAddresses) {
            try {
                addresses.add(IpAddress.parse(text));
            } catch (InvalidNameException e) {
                names.add(text);
            }
        }
        return new SanNames(List.copyOf(names), List.copyOf(addresses));
    }

    private static void checkName(String name) {
        // A single label (localhost, a container's name) is allowed here, where ServerName wants two.
        boolean wellFormed = !name.isEmpty() && name.length() <= MAX_LENGTH;
        for (String label : name.split("\\.", -1)) {
            wellFormed &= !label.isEmpty()
                    && label.length() <= MAX_LABEL
                    && !label.startsWith("-")
                    && !label.endsWith("-")
                    && label.chars().allMatch(SanNames::isNameCharacter);
        }
        if (!wellFormed) {
            throw new InvalidNameException(
                    "a certificate's DNS name is a lower-case host name without a dot at its end");
        }
    }

    private static boolean isNameCharacter(int c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }
}
