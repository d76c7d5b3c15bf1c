package dev.exeat.cli.options;

import java.net.InetSocketAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the address of a name server; the port is 53 unless given. */
public final class ResolverConverter implements ITypeConverter<InetSocketAddress> {

    @Override
    public InetSocketAddress convert(String text) {
        boolean bare = text.endsWith("]") || text.indexOf(':') < 0;
        InetSocketAddress resolver = new AddressConverter().convert(bare ? text + ":53" : text);
        if (resolver.getPort() == 0) {
            throw new TypeConversionException("'" + text + "': a name server has no port 0; leave it out for 53");
        }
        return resolver;
    }
}
