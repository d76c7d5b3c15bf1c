package dev.exeat.model;

/** A block of addresses, {@code address/prefix}; IPv4 blocks hold only IPv4 addresses, IPv6 blocks only IPv6. */
public record Cidr(IpAddress address, int prefix) {

    /** @throws InvalidNameException if the prefix does not fit the address */
    public Cidr {
        if (prefix < 0 || prefix > (address.isV4() ? 32 : 128)) {
            throw new InvalidNameException("the prefix length does not fit the address");
        }
    }

    /**
     * Reads a block; an address without a prefix stands for itself alone.
     *
     * @throws InvalidNameException if the text is no block
     */
    public static Cidr parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            IpAddress address = IpAddress.parse(text);
            return new Cidr(address, address.isV4() ? 32 : 128);
        }
        String digits = text.substring(slash + 1);
        if (digits.isEmpty() || digits.length() > 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidNameException("the prefix length is not a number");
        }
        return new Cidr(IpAddress.parse(text.substring(0, slash)), Integer.parseInt(digits));
    }

    public boolean contains(IpAddress candidate) {
        if (candidate.isV4() != address.isV4()) {
            return false;
        }
        for (int bit = 0; bit < prefix; bit += 8) {
            int mask = prefix - bit >= 8 ? 0xff : 0xff << (8 - (prefix - bit)) & 0xff;
            if (((address.octet(bit / 8) ^ candidate.octet(bit / 8)) & mask) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return address + "/" + prefix;
    }
}
