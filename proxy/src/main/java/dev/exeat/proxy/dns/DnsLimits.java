package dev.exeat.proxy.dns;

/**
 * What an answer may be.
 *
 * @param octets of a message, 512 to 65,535
 * @param records of its answer section, 1 to 1024
 * @param cnames from the name to its addresses, 1 to 64
 */
public record DnsLimits(int octets, int records, int cnames) {
    public static final DnsLimits DEFAULT = new DnsLimits(16 * 1024, 256, 8);

    public DnsLimits {
        if (octets < 512 || octets > 65_535 || records < 1 || records > 1024 || cnames < 1 || cnames > 64) {
            throw new IllegalArgumentException("the limits of DNS answers are out of range");
        }
    }
}
