package dev.exeat.cli.options;

import dev.exeat.model.InvalidNameException;
import dev.exeat.model.ServerName;
import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of a peer to dial: {@code 192.0.2.7:10443}, {@code [2001:db8::7]:10443} or {@code gateway.example:10443}. */
public final class EndpointConverter implements ITypeConverter<InetSocketAddress> {

    @Override
    public InetSocketAddress convert(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        InetSocketAddress endpoint = named(host)
                ? InetSocketAddress.createUnresolved(host, AddressConverter.port(text.substring(colon + 1), 1))
                : new AddressConverter().convert(text);
        if (endpoint.getPort() == 0) {
            throw new TypeConversionException("'" + text + "': port 0 cannot be dialled");
        }
        return endpoint;
    }

    private static boolean named(String host) {
        try {
            ServerName.parse(host);
            return true;
        } catch (InvalidNameException e) {
            return false;
        }
    }
}
