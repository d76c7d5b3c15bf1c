package dev.exeat.proxy.dial;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import dev.exeat.model.ServerName;

/** An exception to the guard: these hosts may be dialled at these addresses although their class is forbidden. */
public record AddressException(HostPattern host, Cidr addresses) {

    /**
     * Reads {@code HOST=CIDR}, where HOST may be {@code *.domain}.
     *
     * @throws IllegalArgumentException if it is not of this form; the message is for the operator
     */
    public static AddressException parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("The address exception '" + text
                    + "' has no '='. Write HOST=CIDR, as in db.example.com=10.1.2.0/24.");
        }
        try {
            return new AddressException(
                    HostPattern.parse(text.substring(0, equals)), Cidr.parse(text.substring(equals + 1)));
        } catch (InvalidNameException e) {
            throw new IllegalArgumentException(
                    "The address exception '" + text + "' is not valid: " + e.getMessage()
                            + ". Write HOST=CIDR, as in *.example.com=10.1.2.0/24.",
                    e);
        }
    }

    boolean covers(ServerName name, IpAddress address) {
        return addresses.contains(address) && host.matches(name);
    }

    @Override
    public String toString() {
        return host + "=" + addresses;
    }
}
