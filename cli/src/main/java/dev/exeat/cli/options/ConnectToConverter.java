package dev.exeat.cli.options;

import dev.exeat.cli.settings.ConnectTo;
import dev.exeat.model.HostPattern;
import dev.exeat.model.InvalidNameException;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads curl's {@code HOST:PORT:ADDR:PORT}. An empty HOST or first PORT stands for any; HOST may be
 * {@code *.domain}; ADDR is an IP address, IPv6 in brackets.
 */
public final class ConnectToConverter implements ITypeConverter<ConnectTo> {

    @Override
    public ConnectTo convert(String text) {
        int first = text.indexOf(':');
        int second = text.indexOf(':', first + 1);
        if (first < 0 || second < 0 || text.indexOf(':', second + 1) < 0) {
            throw new TypeConversionException(
                    "'" + text + "' is not HOST:PORT:ADDR:PORT; write for example *.example.com:443:127.0.0.1:8443");
        }
        String port = text.substring(first + 1, second);
        InetSocketAddress target = new AddressConverter().convert(text.substring(second + 1));
        if (target.getPort() == 0) {
            throw new TypeConversionException("'" + text + "': port 0 cannot be dialled");
        }
        return new ConnectTo(
                host(text.substring(0, first)), port.isEmpty() ? 0 : AddressConverter.port(port, 1), target);
    }

    private static HostPattern host(String text) {
        try {
            return HostPattern.parse(text.isEmpty() ? "*" : text);
        } catch (InvalidNameException e) {
            throw new TypeConversionException("'" + text + "' is not a host: " + e.getMessage());
        }
    }
}
