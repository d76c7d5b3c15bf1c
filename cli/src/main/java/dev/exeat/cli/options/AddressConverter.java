package dev.exeat.cli.options;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.IpAddress;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 127.0.0.1:10443}, {@code [::1]:0} or {@code localhost:8080}: an address to listen on or to ask. */
public final class AddressConverter implements ITypeConverter<InetSocketAddress> {
    static final String SHAPE = "ADDRESS:PORT, for example 127.0.0.1:10443 or [::1]:0";

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new TypeConversionException("'" + text + "' has no port; write " + SHAPE);
        }
        return new InetSocketAddress(
                address(text.substring(0, colon), text).toInetAddress(), port(text.substring(colon + 1), 0));
    }

    private static IpAddress address(String host, String whole) {
        if (host.equals("localhost")) {
            return IpAddress.parse("127.0.0.1");
        }
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (!bracketed && host.indexOf(':') >= 0) {
            throw new TypeConversionException("'" + whole + "': write an IPv6 address in brackets, as in [::1]:10443");
        }
        if (host.isEmpty()) {
            throw new TypeConversionException(
                    "'" + whole + "' has no address; for all interfaces write 0.0.0.0" + whole + " or [::]" + whole);
        }
        try {
            return IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        } catch (InvalidNameException e) {
            throw new TypeConversionException("'" + host + "' is not an IP address; write " + SHAPE);
        }
    }

    static int port(String text, int lowest) {
        boolean digits = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = digits ? Integer.parseInt(text) : -1;
        if (port < lowest || port > 65535) {
            throw new TypeConversionException("'" + text + "' is not a port (" + lowest + " to 65535)");
        }
        return port;
    }
}
