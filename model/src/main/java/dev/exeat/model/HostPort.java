package dev.exeat.model;

/** A canonical name and a TCP port (1 to 65535), as a CONNECT authority names them. */
public record HostPort(ServerName host, int port) {
    /** @throws InvalidNameException if the port is out of range */
    public HostPort {
        if (port < 1 || port > 65535) {
            throw new InvalidNameException("the port is not in 1 to 65535");
        }
    }

    /**
     * Reads {@code host:port}; the port is required and written in at most five decimal digits.
     *
     * @throws InvalidNameException if either part is invalid
     */
    public static HostPort parse(String authority) {
        int colon = authority.lastIndexOf(':');
        if (colon < 0) {
            throw new InvalidNameException("the authority has no port");
        }
        String digits = authority.substring(colon + 1);
        if (digits.isEmpty() || digits.length() > 5 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidNameException("the port is not a number");
        }
        return new HostPort(ServerName.parse(authority.substring(0, colon)), Integer.parseInt(digits));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
