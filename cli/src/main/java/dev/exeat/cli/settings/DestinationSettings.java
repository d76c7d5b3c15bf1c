package dev.exeat.cli.settings;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * How a gateway finds and vets upstream addresses.
 *
 * @param resolvers name servers, or empty for those of the system
 */
public record DestinationSettings(
        List<InetSocketAddress> resolvers, List<ConnectTo> connectTo, List<AllowAddress> allowAddress) {
    public DestinationSettings {
        resolvers = List.copyOf(resolvers);
        connectTo = List.copyOf(connectTo);
        allowAddress = List.copyOf(allowAddress);
    }
}
