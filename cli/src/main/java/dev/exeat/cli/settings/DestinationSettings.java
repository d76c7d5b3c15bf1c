package dev.exeat.cli.settings;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * How a gateway finds and vets upstream addresses.
 *
 * @param resolvers name servers, or empty for those of the system
 * @param dns bounds of what they answer
 */
public record DestinationSettings(
        List<InetSocketAddress> resolvers,
        DnsSettings dns,
        List<ConnectTo> connectTo,
        List<AllowAddress> allowAddress) {
    public DestinationSettings {
        resolvers = List.copyOf(resolvers);
        connectTo = List.copyOf(connectTo);
        allowAddress = List.copyOf(allowAddress);
    }
}
