package dev.exeat.control.importing;

import dev.exeat.model.Cidr;
import dev.exeat.model.HostPattern;
import java.util.List;

/** What an access list of Squid asks, where it can be said here. */
sealed interface SquidAcl {
    /** It holds for every tunnel of TLS. */
    record Always() implements SquidAcl {}

    /** It holds for no tunnel of TLS that this gateway carries. */
    record Never() implements SquidAcl {}

    record Hosts(List<HostPattern> hosts) implements SquidAcl {
        public Hosts {
            hosts = List.copyOf(hosts);
        }
    }

    record Blocks(List<Cidr> blocks) implements SquidAcl {
        public Blocks {
            blocks = List.copyOf(blocks);
        }
    }

    record Ports(PortSpans ports) implements SquidAcl {}

    /** @param why for people */
    record Unclear(String why) implements SquidAcl {}
}
