package dev.exeat.cli.settings;

import dev.exeat.model.HostPattern;
import dev.exeat.model.ServerName;
import java.net.InetSocketAddress;

/**
 * Dial another address for a name, as curl's option of that name has it; name checks and policy see the name only.
 *
 * @param port the port asked for, or 0 for any
 * @param target the address to dial, always an IP literal
 */
public record ConnectTo(HostPattern host, int port, InetSocketAddress target) {
    public boolean covers(ServerName name, int askedPort) {
        return host.matches(name) && (port == 0 || port == askedPort);
    }
}
